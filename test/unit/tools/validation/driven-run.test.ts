import { describe, expect, it } from "vitest";
import { profileFileByName } from "../../../../src/core/internal.js";
import { type DrivenRequest, drive } from "../../../../src/core/tools/validation/driven-run.js";
import { engineScenario } from "../../../../src/core/tools/validation/settings.js";

const SETTINGS = {
  replicas: 1,
  maxSequences: 1,
  maxBatchedTokens: 2048,
  maxPrefillSequences: 1,
  kvTokens: 400_000,
};
const scenario = engineScenario(profileFileByName("llama-3.1-8b-h100"), SETTINGS, {
  arrivals: { trace: "t.csv" },
});
// One at a time: each takes about 0.6 s.
const TRACE = "timestamp,input_tokens,output_tokens\n0,100,100\n0,100,100\n0,100,100\n";

function ends(giveUpAfter: (index: number) => number | undefined, stepByStep = false): DrivenRequest[] {
  const all: DrivenRequest[] = [];
  drive(scenario, { readTrace: () => [TRACE], giveUpAfter, stepByStep, onEnd: (end) => all.push(end) });
  return all.sort((a, b) => a.index - b.index);
}

describe("drive", () => {
  it("runs all to their end where nobody gives up", () => {
    const all = ends(() => undefined);
    expect(all.map(({ completed, generated }) => [completed, generated])).toEqual([
      [true, 100],
      [true, 100],
      [true, 100],
    ]);
    expect(all[2]!.started).toBeGreaterThan(1);
  });

  it("gives up a request after its own time, in the queue and while it generates, and makes room for others", () => {
    const [first, second, third] = ends((index) => [0.3, undefined, 0.25][index]);
    expect(first).toMatchObject({ completed: false, ended: 0.3 });
    expect(first!.generated).toBeGreaterThan(10);
    expect(first!.generated).toBeLessThan(100);
    expect(third).toMatchObject({ completed: false, ended: 0.25, started: undefined, generated: 0 });
    expect(second!.completed).toBe(true);
    expect(second!.started).toBeCloseTo(0.3, 2);
  });

  it("is the same step by step", () => {
    const give = (index: number) => [0.3, undefined, 0.25][index];
    expect(ends(give, true)).toEqual(ends(give));
  });

  it("leaves alone who was served in time", () => {
    expect(ends(() => 10).map(({ completed }) => completed)).toEqual([true, true, true]);
  });

  it("is over where the run is, though somebody that came after it would wait on", () => {
    // It goes on until all has ended that came within three seconds; traffic does, too, and of it nothing is followed.
    const arrivals = { process: "constant", rate: 2 } as const;
    const callers = { arrivals, input: 100, output: 100 };
    const ended: number[] = [];
    drive(
      engineScenario(profileFileByName("llama-3.1-8b-h100"), SETTINGS, callers, [
        { path: "duration", value: "3s", origin: "test" },
      ]),
      { giveUpAfter: () => 300, onEnd: ({ index, completed }) => completed && ended.push(index) },
    );
    expect(ended.slice(0, 6)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it("tells of the end of every step", () => {
    const steps: number[] = [];
    drive(scenario, {
      readTrace: () => [TRACE],
      stepByStep: true,
      onEnd: () => undefined,
      onStep: (end) => steps.push(end),
    });
    expect(steps.length).toBeGreaterThanOrEqual(300);
    expect([...steps].sort((a, b) => a - b)).toEqual(steps);
  });
});
