import { describe, expect, it } from "vitest";
import { MacroReplica } from "../../../../../src/core/server/replica/batching/macro-replica.js";
import { EVEN, start } from "./forms.js";

describe("macro-steps", () => {
  it("are one event for all steps up to the next change of the batch", () => {
    const run = start(MacroReplica, { profile: EVEN });
    run.arrive(0, { inputTokens: 10, outputTokens: 1000 });
    run.arrive(0, { inputTokens: 10, outputTokens: 300 });
    run.run();
    // The prefill of both, up to the first completion, up to the second.
    expect([run.wakes, run.wakeCount]).toEqual([[1000, 300_000, 1_000_000], 3]);
    expect(run.replica.work).toMatchObject({ steps: 1000, epochs: 3 });
  });

  it("end with the step in progress when a sequence comes", () => {
    const run = start(MacroReplica, { profile: EVEN });
    run.arrive(0, { inputTokens: 10, outputTokens: 1000 });
    run.arrive(500_500, { inputTokens: 10, outputTokens: 1 });
    run.run();
    // Up to 501 ms and a step of both; the rest.
    expect(run.wakes).toEqual([1000, 502_000, 1_000_000]);
    expect(run.wakeCount).toBe(run.replica.work.epochs);
  });

  it("end with the step in progress when a sequence goes", () => {
    const run = start(MacroReplica, { profile: EVEN });
    run.cancelAt(500_500, run.arrive(0, { inputTokens: 10, outputTokens: 1000 }));
    run.arrive(0, { inputTokens: 10, outputTokens: 900 });
    run.run();
    expect([run.wakes, run.wakeCount]).toEqual([[1000, 501_000, 900_000], 3]);
  });

  it("cost no event where the replica is only looked at", () => {
    const run = start(MacroReplica, { profile: EVEN });
    run.arrive(0, { inputTokens: 10, outputTokens: 1000 });
    const seen: number[] = [];
    run.probed = (now) => seen.push(run.replica.generated(0, now));
    for (const at of [400_000, 400_001, 999_999]) run.probeAt(at);
    run.run();
    expect([seen, run.wakeCount]).toEqual([[400, 400, 999], 2]);
  });

  it("end with the step in progress when the speed changes, and cost no event while the replica hangs", () => {
    const run = start(MacroReplica, { profile: EVEN });
    run.arrive(0, { inputTokens: 10, outputTokens: 1000 });
    run.setSpeedAt(500_500, 0.5);
    run.setSpeedAt(800_000, 0);
    run.setSpeedAt(900_000, 0.5);
    run.run();
    // The step in progress ends at 501 ms, nominally, and the 499 after it take two each.
    expect([run.wakes, run.wakeCount]).toEqual([[1000, 501_500, 1_599_500], 3]);
    expect(run.replica.work).toMatchObject({ steps: 1000, epochs: 4 });
  });

  it("last as long as memory does, and no longer", () => {
    const run = start(MacroReplica, { profile: EVEN, kvTokens: 300 });
    run.arrive(0, { inputTokens: 10, outputTokens: 200 });
    run.arrive(0, { inputTokens: 10, outputTokens: 200, rank: 1 });
    run.run();
    expect([run.timeOf("preempted", 1), run.wakeCount < 20]).toEqual([140_000, true]);
  });
});
