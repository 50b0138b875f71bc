import { beforeEach, describe, expect, it } from "vitest";
import { watched, watchedStudies } from "../../../../src/node/run/watched.js";
import { everyLookTakes } from "../../../support/clock.js";
import { smallScenario } from "./small-scenario.js";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

const listeners = () => SIGNALS.map((signal) => process.listenerCount(signal));

/** Not at once: until then the same signal may come again, or be told only now. */
async function areGivenBack(): Promise<void> {
  await expect.poll(listeners).toEqual([0, 0, 0]);
}

function display() {
  const seen: unknown[] = [];
  return { seen, update: (state: unknown) => seen.push(state), stop: () => seen.push("stop") };
}

beforeEach(() => everyLookTakes(1000));

describe("work that is watched", () => {
  it("shows how far it is, is told of a signal, and gives both back", async () => {
    const shown = display();
    const result = await watched(shown, async ({ isInterrupted, update }) => {
      update(1);
      const before = [isInterrupted()];
      process.emit("SIGINT");
      return [...before, isInterrupted()];
    });
    expect(result).toEqual([false, true]);
    expect(shown.seen).toEqual([1, "stop"]);
    await areGivenBack();
  });

  it("gives both back where it fails", async () => {
    const shown = display();
    const failing = watched(shown, async () => {
      throw new Error("ours");
    });
    await expect(failing).rejects.toThrow("ours");
    expect(shown.seen).toEqual(["stop"]);
    await areGivenBack();
  });
});

describe("studies on the same threads", () => {
  const terminal = { output: { write: () => {} }, errors: { write: () => {} }, env: {} };
  const replications = { kind: "fixed", count: 2 } as const;

  it("have results one after the other, until a signal: then none", async () => {
    const results = await watchedStudies({ workers: 1, quiet: true }, terminal, async (runStudy) => {
      const first = await runStudy(smallScenario(), { replications });
      process.emit("SIGTERM");
      return [first, await runStudy(smallScenario(), { replications })];
    });
    expect(results[0]?.result.replications).toHaveLength(2);
    expect(results[1]).toBeUndefined();
    await areGivenBack();
  });
});
