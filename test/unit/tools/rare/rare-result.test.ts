import { describe, expect, it } from "vitest";
import { rateOf, resultOf } from "../../../../src/core/tools/rare/rare-result.js";
import type { TrialSums } from "../../../../src/core/tools/rare/splitting-tree.js";
import { smallPool } from "./small-pool.js";

function sums(hits: number, plainHits = 0): TrialSums {
  return {
    attempts: 100,
    hits,
    hitsSquared: 2 * hits,
    hitsByAttempts: 100 * hits,
    attemptsSquared: 10_000,
    reached: [0.5, 0.1],
    plainHits,
    plainEvents: 600,
    plainMeasuredEvents: 300,
    trajectories: 3,
    events: 1000,
  };
}

const trials = (withHits: number, without: number) => [
  ...Array.from({ length: withHits }, () => sums(0.5)),
  ...Array.from({ length: without }, () => sums(0)),
];

describe("the rate", () => {
  it("is hits over attempts, with an interval around it", () => {
    const { value, low, high, method } = rateOf(trials(20, 80), 0.95);
    expect(value).toBeCloseTo(0.001, 12);
    expect(low).toBeGreaterThan(0);
    expect(low).toBeLessThan(0.001);
    expect(high).toBeGreaterThan(0.001);
    expect(method).toBe("splitting");
  });

  it("has no interval with few trials that saw the event, the rule of three with none, nothing without attempts", () => {
    expect(rateOf(trials(9, 91), 0.95)).toMatchObject({ low: null, high: null, method: "none" });
    const none = rateOf(trials(0, 100), 0.95);
    expect(none).toMatchObject({ value: 0, low: 0, method: "zero-events" });
    expect(none.high).toBeCloseTo(0.0295, 4);
    expect(rateOf([], 0.95)).toEqual({ value: null, low: null, high: null, method: "none" });
  });
});

describe("the result", () => {
  const outcome = {
    scenario: smallPool({ warmup: "8s", duration: "20s" }),
    seed: "1",
    tier: "priority",
    event: "overloaded",
    partial: false,
    confidence: 0.95,
    levels: [
      { crowding: 8, factor: 2 },
      { crowding: 10, factor: 5 },
    ],
    pilotEvents: 10_000,
    caveats: [],
    trials: [...trials(20, 79), sums(0.5, 1)],
  } as const;

  it("says what was counted and how many get how far", () => {
    const result = resultOf(outcome);
    expect(result.metric).toBe("overloaded_rate{tier:priority,per:attempt}");
    expect(result.window).toEqual({ warmup: 8, length: 12 });
    expect([result.trials, result.trialsWithEvent, result.trajectories]).toEqual([100, 21, 300]);
    expect(result.levels.map(({ reached }) => reached)).toEqual(
      [0.5, 0.1].map((one) => expect.closeTo(one, 9)),
    );
    expect(result.levels[1]!.given).toBeCloseTo(0.2, 9);
  });

  it("compares with plain runs: variance times events, the pilot's too, warm-ups left out of theirs", () => {
    const { events, plain } = resultOf(outcome);
    expect(events).toBe(110_000);
    const rate = (21 * 0.5) / 10_000;
    const ofSplitting = (21 * (0.5 - rate * 100) ** 2 + 79 * (rate * 100) ** 2) / 99;
    const ofPlain = 0.21 * (2 * 0.5 - 2 * rate * 100 * 0.5) + rate ** 2 * 10_000;
    expect(plain!.events).toBeCloseTo((100 * 300 * ofPlain) / ofSplitting, 6);
    expect(plain!.gain).toBeCloseTo(plain!.events / 110_000, 9);
    expect(plain!.runsWithEvent).toBe(1);
  });

  it("knows nothing of plain runs without an event", () => {
    expect(resultOf({ ...outcome, trials: trials(0, 50) }).plain).toBeNull();
  });
});
