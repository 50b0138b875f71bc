import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { runProgress, studyProgress } from "../../../../src/node/run/progress.js";
import { openReplication } from "../../../../src/node/run/replication.js";
import { runStudy } from "../../../../src/node/run/study.js";
import { smallScenario } from "./small-scenario.js";

const THRESHOLDS = 'thresholds: { "overloaded_rate": ["rate<90%", "rate<0.01%"] }\n';
// biome-ignore lint/suspicious/noControlCharactersInRegex: what moves the cursor and paints
const ESCAPES = /\u001b\[[0-9;?]*[A-Za-z]/g;

function terminalOf(env: Record<string, string> = {}, isTTY = true) {
  let written = "";
  const write = (text: string) => {
    written += text;
    return true;
  };
  const errors = { isTTY, columns: 200, rows: 40, write };
  const terminal = { output: { write: () => true }, errors, env };
  return { terminal, shown: () => written.replaceAll(ESCAPES, "") };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("progress of a study", () => {
  it("says how far it is, how fast, how long it may take, and every threshold's interval so far", async () => {
    const { terminal, shown } = terminalOf();
    const display = studyProgress(terminal, false, 60);
    const replications = { kind: "fixed", count: 8 } as const;
    const onProgress = (progress: Parameters<typeof display.update>[0]) => {
      vi.advanceTimersByTime(1000);
      display.update(progress);
    };
    await runStudy(smallScenario(THRESHOLDS), { replications, workers: 1 }, { onProgress });
    display.stop();
    expect(shown()).toMatch(/4 of 8 replications, .* under way, \d+ requests\/s, 4s left at most/);
    expect(shown()).toMatch(/pass {2}overloaded_rate {2}rate<90% {2}\S+% \[\S+, \S+\] {2}n=4/);
    expect(shown()).toMatch(/FAIL {2}overloaded_rate {2}rate<0\.01%/);
  });
});

describe("progress of a run", () => {
  it("says what share is simulated and when it will be over", () => {
    const { terminal, shown } = terminalOf();
    const display = runProgress(terminal, false);
    const { scenario, traces } = smallScenario(THRESHOLDS);
    const simulation = openReplication({ scenario, traces, seed: "1", stepByStep: false, batches: false });
    while (simulation.now < 30_000_000) simulation.run(1);
    vi.advanceTimersByTime(3000);
    display.update(simulation);
    display.stop();
    expect(shown()).toMatch(/^30s of 1m simulated, \d+ requests\/s, 3s left\n/);
  });

  it.each<[string, Record<string, string>, boolean, boolean]>([
    ["before a person could read it", {}, true, false],
    ["on a pipe", {}, false, false],
    ["in CI", { CI: "true" }, true, false],
    ["where it is told to be quiet", {}, true, true],
  ])("shows nothing %s", (what, env, isTTY, quiet) => {
    const { terminal, shown } = terminalOf(env, isTTY);
    const display = runProgress(terminal, quiet);
    const { scenario, traces } = smallScenario();
    vi.advanceTimersByTime(what.startsWith("before") ? 200 : 3000);
    display.update(openReplication({ scenario, traces, seed: "1", stepByStep: false, batches: false }));
    display.stop();
    expect(shown()).toBe("");
  });
});
