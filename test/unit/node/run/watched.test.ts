import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { watched, watchedStudies } from "../../../../src/node/run/watched.js";
import { smallScenario } from "./small-scenario.js";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** After a turn of the event loop: until then a signal that came during the work is still answered. */
async function listeners(): Promise<number[]> {
  await turn();
  return SIGNALS.map((signal) => process.listenerCount(signal));
}

function display() {
  const seen: unknown[] = [];
  return { seen, update: (state: unknown) => seen.push(state), stop: () => seen.push("stop") };
}

describe("work that is watched", () => {
  it("shows how far it is, is told of a signal, and gives both back", async () => {
    const before = await listeners();
    const shown = display();
    const result = await watched(shown, async ({ isInterrupted, update }) => {
      update(1);
      const before = [isInterrupted()];
      process.emit("SIGINT");
      return [...before, isInterrupted()];
    });
    expect(result).toEqual([false, true]);
    expect(shown.seen).toEqual([1, "stop"]);
    expect(await listeners()).toEqual(before);
  });

  it("gives both back where it fails", async () => {
    const before = await listeners();
    const shown = display();
    const failing = watched(shown, async () => {
      throw new Error("ours");
    });
    await expect(failing).rejects.toThrow("ours");
    expect([shown.seen, await listeners()]).toEqual([["stop"], before]);
  });
});

describe("studies on the same threads", () => {
  const terminal = { output: { write: () => {} }, errors: { write: () => {} }, env: {} };
  const replications = { kind: "fixed", count: 2 } as const;

  it("have results one after the other, until a signal: then none", async () => {
    const before = await listeners();
    const results = await watchedStudies({ workers: 1, quiet: true }, terminal, async (runStudy) => {
      const first = await runStudy(smallScenario(), { replications });
      process.emit("SIGTERM");
      return [first, await runStudy(smallScenario(), { replications })];
    });
    expect(results[0]?.result.replications).toHaveLength(2);
    expect(results[1]).toBeUndefined();
    expect(await listeners()).toEqual(before);
  });
});
