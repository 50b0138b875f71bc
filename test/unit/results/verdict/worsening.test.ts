import { describe, expect, it } from "vitest";
import type { Estimate } from "../../../../src/core/results/shape/result.js";
import type { SeedSample } from "../../../../src/core/results/verdict/matched.js";
import { worsening } from "../../../../src/core/results/verdict/worsening.js";

const measure = (change: Partial<Estimate>): Estimate => ({
  metric: "overloaded_rate{tier:standard,per:attempt}",
  aggregation: "rate",
  unit: "share",
  better: "lower",
  ...{ value: 0.1, low: null, high: null, n: 8, method: "replications", oneRun: null },
  ...change,
});
const RATE = measure({});
const TIME = measure({ metric: "ttft{tier:standard}", aggregation: "p(99)", unit: "seconds" });
const SPEED = measure({
  metric: "tokens_per_second{tier:standard}",
  unit: "tokens_per_second",
  better: "higher",
});
const COUNT = measure({ metric: "timed_out{tier:standard}", aggregation: "count", unit: "count" });

const samples = (values: readonly number[], trials = 1): SeedSample[] =>
  values.map((value) => ({ value, weight: trials, trials }));
const judged = (
  estimate: Estimate,
  before: readonly number[],
  after: readonly number[],
  { trials = 1, margin = 0, paired = true } = {},
) =>
  worsening(
    { estimate, other: estimate, a: samples(before, trials), b: samples(after, trials) },
    paired,
    margin,
  );

const EIGHT = [1, 3, 9, 2, 30, 5, 4, 7];
const by = (factor: number) => EIGHT.map((value) => value * factor);

describe("one measure", () => {
  it("is worse by its own way: higher times, lower speeds, and by what size", () => {
    expect(judged(TIME, EIGHT, by(2))).toMatchObject({ p: 1 / 256, least: 1 / 256, n: 8 });
    expect(judged(TIME, EIGHT, by(2)).size).toBeCloseTo(Math.log(2), 12);
    expect(judged(TIME, EIGHT, by(0.5)).p).toBe(1);
    expect(judged(SPEED, EIGHT, by(0.5))).toMatchObject({ p: 1 / 256 });
    expect(judged(SPEED, EIGHT, by(0.5)).size).toBeCloseTo(Math.log(2), 12);
    expect(judged(SPEED, EIGHT, by(2)).p).toBe(1);
  });

  it.each([
    [TIME, 1.04],
    [SPEED, 0.96],
  ])("is not worse within the margin, of %o by %d", (estimate, factor) => {
    expect(judged(estimate, EIGHT, by(factor), { margin: 0.05 }).p).toBe(1);
    expect(judged(estimate, EIGHT, by(factor), { margin: 0.03 }).p).toBe(1 / 256);
  });

  it("sees a change that is as large in small seeds as in large ones, which Student's t does not", () => {
    const after = EIGHT.map((value, i) => value * (i === 4 ? 1.03 : 1.5));
    expect(judged(TIME, EIGHT, after).p).toBe(1 / 256);
  });

  it("of nothing on both sides differs by nothing, whatever the trials", () => {
    const nothing = EIGHT.map((_, i) => (i === 0 ? 0.5 : 0));
    const found = judged(RATE, nothing, [0.5, 0.1, 0, 0, 0, 0, 0, 0], { trials: 100 });
    // One seed of eight differs: either sign is as likely.
    expect(found.p).toBe(0.5);
    expect(judged(TIME, nothing, nothing).p).toBe(1);
  });

  it("takes half an event for what a rate of 0 may be: from 0 to 1 in 10 is less than from 1 to 40 in 10", () => {
    const size = (before: number, after: number) =>
      judged(RATE, Array(8).fill(before), Array(8).fill(after), { trials: 10 }).size;
    // All seeds together have 80 trials.
    expect(size(0, 0.1)).toBeCloseTo(Math.log((0.1 + 1 / 160) / (1 / 160)), 12);
    expect(judged(COUNT, [0, 0], [4, 4]).size).toBeCloseTo(Math.log(4.5 / 0.5), 12);
    expect(judged(TIME, [0, 0], [4, 4]).size).toBe(Number.POSITIVE_INFINITY);
  });

  it("must be worse of all seeds together, too: by what each counts for", () => {
    const before = [0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.5];
    const after = [0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.05];
    const heavy = (values: readonly number[]) =>
      values.map((value, i) => ({ value, weight: i === 7 ? 100 : 1, trials: 50 }));
    const light = worsening(
      { estimate: RATE, other: RATE, a: samples(before, 50), b: samples(after, 50) },
      true,
      0,
    );
    const weighed = worsening({ estimate: RATE, other: RATE, a: heavy(before), b: heavy(after) }, true, 0);
    expect(light.p).toBeLessThan(0.2);
    expect(weighed.p).toBe(1);
  });

  it("rests on the seeds that both say something of", () => {
    const silent = samples(by(2)).map((one, i) => (i < 3 ? { value: 0, weight: 0, trials: 0 } : one));
    const found = worsening({ estimate: TIME, other: TIME, a: samples(EIGHT), b: silent }, true, 0);
    expect(found).toMatchObject({ p: 1 / 32, n: 5 });
    expect(worsening({ estimate: TIME, other: TIME, a: samples(EIGHT), b: [] }, false, 0)).toMatchObject({
      p: 1,
      n: 0,
    });
  });

  it("on other seeds is judged by rank sums, in which the seeds' own spread stands", () => {
    const found = judged(TIME, EIGHT, by(40), { paired: false });
    expect(found.p).toBeCloseTo(1 / 12_870, 12);
    expect(found.p / found.least).toBeCloseTo(1, 9);
    expect(judged(SPEED, EIGHT, by(1 / 40), { paired: false }).p).toBeCloseTo(1 / 12_870, 12);
    expect(judged(TIME, EIGHT, by(1.3), { paired: false }).p).toBeGreaterThan(0.1);
  });
});
