import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { estimateOfRun, estimateOverReplications } from "../../../../src/core/results/build/estimates.js";
import type { Sample } from "../../../../src/core/results/metrics/asks.js";
import { type Measure, measureOf } from "../../../../src/core/results/verdict/measures.js";
import { parseThreshold } from "../../../../src/core/results/verdict/threshold.js";
import { meanInterval, positiveMeanInterval, ruleOfThree } from "../../../../src/core/stats/interval.js";

function measure(metric: string, expression: string): Measure {
  const parsed = parseThreshold(metric, expression);
  if (!parsed.ok) throw new Error(parsed.problem);
  return measureOf(parsed.value);
}

const RATE = measure("overloaded_rate{tier:standard}", "rate<1%");
const MEDIAN = measure("ttft{tier:standard}", "p(50)<1s");
const samples = (values: readonly (number | null)[], weight = 1): Sample[] =>
  values.map((value) => ({ value, weight: value === null ? 0 : weight }));

const nothing = { value: null, low: null, high: null, n: 0, method: "none" };

describe("an estimate over replications", () => {
  const over = (of: Measure, found: readonly Sample[]) => estimateOverReplications(of, found, 0.95);

  it("names its measure", () => {
    expect(over(RATE, [])).toEqual({
      metric: "overloaded_rate{tier:standard,per:attempt}",
      aggregation: "rate",
      unit: "share",
      better: "lower",
      ...nothing,
    });
  });

  it("is the mean of times with Student's t around it, whatever they weigh", () => {
    const values = [1, 2, 4, 5];
    const { mean, low, high } = positiveMeanInterval(values, 0.95);
    expect(over(MEDIAN, samples(values))).toMatchObject({
      value: mean,
      low,
      high,
      n: 4,
      method: "replications",
    });
  });

  it("is the ratio of the sums of a rate: a replication counts by its attempts", () => {
    const found = over(RATE, [
      { value: 0.5, weight: 100 },
      { value: 0.1, weight: 300 },
    ]);
    expect(found.value).toBeCloseTo(80 / 400, 12);
    expect(found).toMatchObject({ n: 2, method: "replications" });
  });

  it("does not count replications without data", () => {
    const some = over(MEDIAN, samples([1, null, 2, 4, null, 5]));
    expect(some).toEqual(over(MEDIAN, samples([1, 2, 4, 5])));
    expect(over(MEDIAN, samples([null, null]))).toMatchObject(nothing);
  });

  it("has no interval from one alone", () => {
    for (const of of [RATE, MEDIAN]) {
      expect(over(of, samples([0.25]))).toMatchObject({
        value: 0.25,
        ...{ low: null, high: null, n: 1, method: "too-few" },
      });
    }
  });

  it("has the rule of three where not one event was seen", () => {
    const found = over(RATE, samples([0, 0, 0], 1000));
    expect(found).toMatchObject({ value: 0, low: 0, n: 3, method: "zero-events" });
    expect(found.high).toBe(ruleOfThree(3000, 0.95));
    expect(over(MEDIAN, samples([0, 0, 0])).method).toBe("replications");
  });

  it("has the least or the most of all of them as its extremes, without an interval", () => {
    const [least, most] = ["min<1s", "max<1s"].map((text) => over(measure("ttft", text), samples([3, 1, 2])));
    expect([least, most]).toMatchObject([
      { value: 1, low: null, n: 3, method: "none" },
      { value: 3, high: null, n: 3, method: "none" },
    ]);
  });

  it("never comes where it did not come in one of them", () => {
    const found = over(measure("recovery_time", "value<9s"), samples([3, Number.POSITIVE_INFINITY, 4]));
    expect(found).toMatchObject({ value: Number.POSITIVE_INFINITY, low: null, n: 3, method: "none" });
  });

  it("does not tell of negative times, nor of shares above 1", () => {
    expect(over(MEDIAN, samples([0, 0, 0, 1])).low).toBe(0);
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const one = fc.record({ value: share, weight: fc.integer({ min: 1, max: 1000 }) });
    fc.assert(
      fc.property(fc.array(one, { minLength: 2, maxLength: 20 }), (found) => {
        const { value, low, high } = over(RATE, found);
        return 0 <= low! && low! <= value! + 1e-12 && value! - 1e-12 <= high! && high! <= 1;
      }),
      { numRuns: 500 },
    );
  });

  it("is the same in whatever order they come", () => {
    const one = fc.record({
      value: fc.double({ min: 0, max: 1, noNaN: true }),
      weight: fc.integer({ min: 1, max: 1000 }),
    });
    fc.assert(
      fc.property(
        fc.array(one, { minLength: 2, maxLength: 12 }),
        fc.infiniteStream(fc.nat()),
        (found, keys) => {
          const shuffled = found
            .map((sample) => ({ sample, key: keys.next().value as number }))
            .sort((a, b) => a.key - b.key)
            .map(({ sample }) => sample);
          for (const of of [RATE, MEDIAN]) {
            const [first, second] = [over(of, found), over(of, shuffled)];
            for (const key of ["value", "low", "high"] as const) {
              expect(second[key]).toBeCloseTo(first[key]!, 9);
            }
            expect([second.n, second.method]).toEqual([first.n, first.method]);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe("an estimate of one run", () => {
  /** Batches that differ without a pattern; so many of them taken together have their mean. */
  const batches = (values: readonly number[], weight = 1) => {
    return (size: number): Sample[] =>
      Array.from({ length: Math.floor(values.length / size) }, (_, index) => {
        const part = values.slice(index * size, (index + 1) * size);
        return { value: part.reduce((sum, value) => sum + value, 0) / size, weight: weight * size };
      });
  };
  const ALTERNATING = [0.1, 0.3, 0.1, 0.4, 0.2, 0.3, 0.1, 0.3, 0.2, 0.4, 0.1, 0.3];
  const of = (measured: Measure, value: number | null, values: readonly number[], weight = 100) =>
    estimateOfRun(measured, { value, weight }, batches(values, weight / values.length), 0.95);

  it("has its own value, with an interval from its batches", () => {
    const mean = ALTERNATING.reduce((sum, value) => sum + value, 0) / 12;
    const rate = of(RATE, mean, ALTERNATING);
    expect(rate).toMatchObject({ value: mean, n: 12, method: "batches" });
    expect(rate.low! < mean && mean < rate.high!).toBe(true);
    const { halfWidth } = meanInterval(ALTERNATING, 0.95);
    const median = of(MEDIAN, mean, ALTERNATING);
    // As far on a scale of logarithms, and close to Student's t where that is small.
    expect(median.low! * median.high!).toBeCloseTo(mean * mean, 12);
    expect((median.high! - median.low!) / 2).toBeCloseTo(halfWidth, 2);
  });

  it("is wider the further the quantiles of batches lie from that of the whole", () => {
    const mean = ALTERNATING.reduce((sum, value) => sum + value, 0) / 12;
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

  it("has no interval from too few batches", () => {
    expect(of(RATE, 0.2, ALTERNATING.slice(0, 7))).toMatchObject({
      value: 0.2,
      low: null,
      n: 1,
      method: "too-few",
    });
    expect(of(RATE, 0.2, ALTERNATING.slice(0, 8)).method).toBe("batches");
  });

  it("has none from batches that show a trend", () => {
    const rising = Array.from({ length: 64 }, (_, index) => 0.1 + index / 200);
    expect(of(RATE, 0.25, rising)).toMatchObject({ value: 0.25, low: null, method: "too-few" });
  });

  it("has the rule of three mirrored where all that was seen were events", () => {
    const found = of(RATE, 1, [1, 1, 1], 5000);
    expect(found).toMatchObject({
      value: 1,
      low: 1 - ruleOfThree(5000, 0.95),
      high: 1,
      method: "zero-events",
    });
  });

  it("has the rule of three where not one event was seen, however many batches there were", () => {
    const found = of(RATE, 0, [0, 0, 0], 5000);
    expect(found).toMatchObject({ value: 0, low: 0, n: 1, method: "zero-events" });
    expect(found.high).toBe(ruleOfThree(5000, 0.95));
  });

  it.each([
    ["cost", "value<1"],
    ["throughput", "value<1"],
    ["ttft", "max<1s"],
    ["ttft", "count<1"],
    ["attempts", "count<1"],
    ["session_duration", "p(50)<1s"],
    ["recovery_time", "value<1s"],
  ])("has no interval of %s %s, of which a batch says less than a run", (metric, expression) => {
    expect(of(measure(metric, expression), 2, ALTERNATING)).toMatchObject({
      value: 2,
      ...{ low: null, high: null, n: 1, method: "none" },
    });
  });

  it("has nothing without data", () => {
    expect(of(MEDIAN, null, [])).toMatchObject(nothing);
  });
});
