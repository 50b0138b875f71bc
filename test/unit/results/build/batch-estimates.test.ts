import { describe, expect, it } from "vitest";
import { estimateOfRun } from "../../../../src/core/results/build/batch-estimates.js";
import { groupsOf } from "../../../../src/core/results/ledger/batch-count.js";
import type { Sample } from "../../../../src/core/results/metrics/asks.js";
import { type Measure, measureOf } from "../../../../src/core/results/verdict/measures.js";
import { meanInterval, ruleOfThree } from "../../../../src/core/stats/interval.js";
import { evenRisks, intervalAround, ratioEstimate } from "../../../../src/core/stats/ratio.js";
import { stated } from "../../../support/stated-threshold.js";

const measure = (metric: string, expression: string): Measure => measureOf(stated(metric, expression).parsed);

const RATE = measure("overloaded_rate{tier:standard}", "rate<1%");
const MEDIAN = measure("ttft{tier:standard}", "p(50)<1s");
const MEAN = measure("ttft{tier:standard}", "avg<1s");
const AMPLIFICATION = measure("amplification{tier:standard}", "value<2");
const RISKS = evenRisks(0.95);

/** Batches of so much weight each; so many of them taken together have their mean. */
const batches = (values: readonly number[], weight = 1) => {
  return (size: number): Sample[] =>
    groupsOf(values.length, size).map(([from, until]) => {
      const part = values.slice(from, until);
      return { value: meanOf(part), weight: weight * part.length };
    });
};
const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

const of = (
  measured: Measure,
  value: number | null,
  values: readonly number[],
  { weight = 100, risks = RISKS } = {},
) => estimateOfRun(measured, { value, weight }, batches(values, weight / values.length), risks);

/** Batches that differ without a pattern. */
const ALTERNATING = [0.1, 0.3, 0.1, 0.4, 0.2, 0.3, 0.1, 0.3, 0.2, 0.4, 0.1, 0.3];

describe("an estimate of one run", () => {
  it("has its own value, with an interval from its batches", () => {
    for (const [measured, scale, least] of [
      [RATE, "share", 0],
      [MEAN, "positive", 0],
      [AMPLIFICATION, "excess", 1],
    ] as const) {
      const values = ALTERNATING.map((value) => least + value);
      const mean = meanOf(values);
      const estimate = ratioEstimate(values.map((value) => ({ value, weight: 1 })));
      const { low, high } = intervalAround(estimate, scale, RISKS);
      const found = of(measured, mean, values);
      expect(found).toMatchObject({ value: mean, n: 12, method: "batches" });
      expect([found.low, found.high].map((bound, side) => bound! - [low, high][side]!)).toEqual([
        expect.closeTo(0, 12),
        expect.closeTo(0, 12),
      ]);
    }
  });

  it("is, of a quantile, as far to both sides on a scale of logarithms", () => {
    const mean = meanOf(ALTERNATING);
    const median = of(MEDIAN, mean, ALTERNATING);
    expect(median.low! * median.high!).toBeCloseTo(mean * mean, 12);
    const { halfWidth } = meanInterval(ALTERNATING, 0.95);
    expect((median.high! - median.low!) / 2).toBeCloseTo(halfWidth, 2);
  });

  it("is wider the further the quantiles of batches lie from that of the whole", () => {
    const mean = meanOf(ALTERNATING);
    const [near, far] = [mean, mean + 0.2].map((value) => of(MEDIAN, value, ALTERNATING));
    expect(far!.value).toBe(mean + 0.2);
    expect(far!.high! - far!.value!).toBeGreaterThan(near!.high! - near!.value!);
    expect(far!.low! * far!.high!).toBeCloseTo(far!.value! ** 2, 12);
  });

  it("takes neighbours of a rate together where they are alike, and those of a quantile as far as it goes", () => {
    const slow = Array.from(
      { length: 64 },
      (_, index) => 0.2 + 0.1 * Math.sin(index / 3) + 0.01 * (index % 2),
    );
    const found = of(RATE, 0.2, slow);
    expect(found.n).toBeLessThan(64);
    expect(found.n).toBeGreaterThanOrEqual(8);
    const quick = Array.from({ length: 64 }, (_, index) => 0.2 + 0.01 * (-1) ** index);
    expect([of(RATE, 0.2, quick).n, of(MEDIAN, 0.2, quick).n]).toEqual([64, 8]);
  });

  it("spends the risk of each side on that side", () => {
    const mean = meanOf(ALTERNATING);
    const even = of(RATE, mean, ALTERNATING);
    const sureAbove = of(RATE, mean, ALTERNATING, { risks: { below: RISKS.below, above: 0.001 } });
    expect([sureAbove.low, sureAbove.high! > even.high!]).toEqual([even.low, true]);
  });

  it("has no interval from too few batches: it is one seed alone", () => {
    const few = of(RATE, 0.2, ALTERNATING.slice(0, 7));
    expect(few).toMatchObject({ value: 0.2, low: null, high: null, n: 1, method: "one-seed" });
    expect(of(RATE, 0, [0, 0, 0]).method).toBe("one-seed");
    expect(of(RATE, 0.2, ALTERNATING.slice(0, 8)).method).toBe("batches");
  });

  it("has none from batches that show a trend", () => {
    const rising = Array.from({ length: 64 }, (_, index) => 0.1 + index / 200);
    expect(of(RATE, 0.25, rising)).toMatchObject({ value: 0.25, low: null, method: "too-few" });
  });

  it("takes a batch for one trial of what never came, however many attempts were in it, or always did", () => {
    const risks = { below: 0.01, above: 0.04 };
    const none = of(RATE, 0, Array<number>(20).fill(0), { weight: 1e6, risks });
    const bounds = { low: 0, high: ruleOfThree(20, 0.96) };
    expect(none).toMatchObject({ value: 0, ...bounds, n: 20, method: "zero-events" });
    const all = of(RATE, 1, Array<number>(20).fill(1), { weight: 1e6, risks });
    expect(all).toMatchObject({ low: 1 - ruleOfThree(20, 0.99), high: 1, n: 20, method: "zero-events" });
  });

  it("of a ratio at its least is open above: nothing was seen to vary", () => {
    const still = of(AMPLIFICATION, 1, Array<number>(20).fill(1));
    expect(still).toMatchObject({ value: 1, low: 1, high: null, n: 20, method: "zero-events" });
  });

  it("tells nothing of a second run: there is none that would differ", () => {
    expect([of(RATE, 0.2, ALTERNATING).oneRun, of(MEDIAN, null, []).oneRun]).toEqual([null, null]);
  });

  it.each([
    ["cost", "value<1"],
    ["throughput", "value<1"],
    ["ttft", "count<1"],
    ["attempts", "count<1"],
    ["session_duration", "p(50)<1s"],
    ["recovery_time", "value<1s"],
  ])("has no interval of %s %s, of which a batch says less than a run", (metric, expression) => {
    const silent = { value: 2, low: null, high: null, n: 1, method: "one-seed" };
    expect(of(measure(metric, expression), 2, ALTERNATING)).toMatchObject(silent);
  });

  it("has its extremes as they were observed", () => {
    const silent = { value: 2, low: null, high: null, n: 1, method: "extreme" };
    for (const text of ["max<1s", "min<1s"]) {
      expect(of(measure("ttft", text), 2, ALTERNATING)).toMatchObject(silent);
    }
  });

  it("has nothing without data, and says what never came", () => {
    expect(of(MEDIAN, null, [])).toMatchObject({
      value: null,
      low: null,
      high: null,
      n: 0,
      method: "no-data",
    });
    const never = of(measure("recovery_time", "value<1s"), Number.POSITIVE_INFINITY, []);
    expect(never).toMatchObject({ value: Number.POSITIVE_INFINITY, low: null, n: 1, method: "never" });
  });
});
