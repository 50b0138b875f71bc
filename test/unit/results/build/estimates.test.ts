import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openStream } from "../../../../src/core/random/stream.js";
import {
  estimateOver,
  FEWEST_OF_SWINGS,
  type Replicated,
  zeroBoundOfRuns,
} from "../../../../src/core/results/build/estimates.js";
import type { Sample } from "../../../../src/core/results/metrics/asks.js";
import type { Estimate } from "../../../../src/core/results/shape/result.js";
import { type Measure, measureOf } from "../../../../src/core/results/verdict/measures.js";
import { type PooledPart, pooledQuantile } from "../../../../src/core/stats/pooled-quantile.js";
import { Ranking } from "../../../../src/core/stats/ranked-values.js";
import { evenRisks, intervalAround, ratioEstimate } from "../../../../src/core/stats/ratio.js";
import { type Design, designedRatio } from "../../../../src/core/stats/stratified-ratio.js";
import { stated } from "../../../support/stated-threshold.js";

const measure = (metric: string, expression: string): Measure => measureOf(stated(metric, expression).parsed);

const RATE = measure("overloaded_rate{tier:standard}", "rate<1%");
const MEDIAN = measure("ttft{tier:standard}", "p(50)<1s");
const MEAN = measure("ttft{tier:standard}", "avg<1s");
const THROUGHPUT = measure("throughput{tier:standard}", "value<1");
const AMPLIFICATION = measure("amplification{tier:standard}", "value<2");

const samples = (values: readonly (number | null)[], weight = 1): Sample[] =>
  values.map((value) => ({ value, weight: value === null ? 0 : weight }));
const known = (found: readonly Sample[]) =>
  found.flatMap(({ value, weight }) => (value === null ? [] : [{ value, weight }]));

function part(values: readonly number[], factor = 1): PooledPart {
  return { ranking: new Ranking({ values: Float64Array.from(values).sort(), counts: null }), factor };
}

const RISKS = evenRisks(0.95);
/** A bound that tells by its value with what risk it was asked for. */
const zeroBound = (risk: number) => 10 * risk;

function over(
  of: Measure,
  found: readonly Sample[],
  changes: Partial<Replicated> = {},
  risks = RISKS,
): Estimate {
  const from = { samples: found, design: [], parts: [], swings: false, zeroBound, ...changes };
  return estimateOver(of, from, risks);
}

/** Of a quantile: from what each replication measured. */
const quantileOver = (of: Measure, parts: readonly PooledPart[], design: Design = [], risks = RISKS) => {
  const counts = parts.map(({ ranking }) => ({ value: ranking.count > 0 ? 1 : null, weight: 1 }));
  return over(of, counts, { parts, design }, risks);
};

describe("an estimate over replications", () => {
  it("names its measure, and says where there is no data", () => {
    const named = {
      metric: "overloaded_rate{tier:standard,per:attempt}",
      ...{ aggregation: "rate", unit: "share", better: "lower" },
    };
    const nothing = { ...named, value: null, low: null, high: null, n: 0, method: "no-data" };
    expect(over(RATE, [])).toEqual(nothing);
    expect(over(RATE, samples([null, null]))).toEqual(nothing);
  });

  it.each([
    ["a rate", RATE, "share"],
    ["a ratio", AMPLIFICATION, "excess"],
    ["a mean of times", MEAN, "positive"],
    ["a value", THROUGHPUT, "positive"],
  ] as const)("of %s is a ratio of sums with Student's t around it, on its scale", (_, of, scale) => {
    const least = scale === "excess" ? 1 : 0;
    const found = [0.1, 0.4, 0.2, 0.3].map((value, index) => ({
      value: least + value,
      weight: 100 + 50 * index,
    }));
    const estimate = ratioEstimate(found);
    const { low, high } = intervalAround(estimate, scale, RISKS);
    expect(over(of, found)).toMatchObject({ value: estimate.value, low, high, n: 4, method: "replications" });
  });

  it("spends the risk of each side on that side", () => {
    const found = samples([0.1, 0.4, 0.2, 0.3]);
    const even = over(RATE, found);
    const sureBelow = over(RATE, found, {}, { below: 0.001, above: 0.025 });
    expect(sureBelow.low).toBeLessThan(even.low!);
    expect(sureBelow.high).toBeCloseTo(even.high!, 12);
  });

  it("does not count replications without data", () => {
    const [some, all] = [
      [0.1, null, 0.2, 0.4, null, 0.5],
      [0.1, 0.2, 0.4, 0.5],
    ].map((values) => over(RATE, samples(values)));
    expect(some).toEqual(all);
  });

  it("has no interval from one alone, and says so", () => {
    for (const of of [RATE, MEAN, THROUGHPUT]) {
      const wanted = { value: 0.25, low: null, high: null, n: 1, method: "one-seed" };
      expect(over(of, samples([0.25, null]))).toMatchObject(wanted);
    }
    const [one, none] = [part([1, 2, 3]), part([])];
    const wanted = { value: 2, low: null, high: null, n: 1, method: "one-seed" };
    expect(quantileOver(MEDIAN, [one, none])).toMatchObject(wanted);
  });

  it("says how rare may still be what none of them saw, and how common what all saw", () => {
    const risks = { below: 0.01, above: 0.04 };
    const never = over(RATE, samples([0, 0, null, 0], 1000), {}, risks);
    expect(never).toMatchObject({ value: 0, low: 0, high: 10 * 0.04, n: 3, method: "zero-events" });
    const always = over(RATE, samples([1, 1], 1000), {}, risks);
    expect(always).toMatchObject({ value: 1, low: 1 - 10 * 0.01, high: 1, n: 2, method: "zero-events" });
    // A run is a trial, if it is the only one.
    expect(over(RATE, samples([0]), {}, risks)).toMatchObject({ high: 0.4, n: 1, method: "zero-events" });
  });

  it("has no interval of a ratio at its least, where nothing was seen to vary", () => {
    expect(over(AMPLIFICATION, samples([1, 1, 1]))).toMatchObject({ value: 1, low: null, method: "too-few" });
  });

  it("has the least or the most of all of them as its extremes, without an interval", () => {
    const [least, most] = ["min<1s", "max<1s"].map((text) => over(measure("ttft", text), samples([3, 1, 2])));
    expect([least, most]).toMatchObject([
      { value: 1, low: null, high: null, n: 3, method: "extreme" },
      { value: 3, low: null, high: null, n: 3, method: "extreme" },
    ]);
  });

  it("never comes where it did not come in one of them", () => {
    const found = over(measure("recovery_time", "value<9s"), samples([3, Number.POSITIVE_INFINITY, 4]));
    expect(found).toMatchObject({ value: Number.POSITIVE_INFINITY, low: null, n: 3, method: "never" });
  });

  it("is silent where an interval would say nothing: a thousand times as wide as its value", () => {
    // One of eight holds everything: 12.7 standard errors on the scale of logarithms.
    const held = over(MEAN, samples([0, 0, 0, 0, 0, 0, 0, 8]));
    expect(held).toMatchObject({ value: 1, low: null, high: null, n: 8, method: "too-few" });
    // A share has ends.
    const share = over(RATE, samples([0, 0, 0, 0, 0, 0, 0, 0.8]));
    expect(share.method).toBe("replications");
  });

  const sample = fc.record({
    value: fc.double({ min: 0, max: 1, noNaN: true }),
    weight: fc.integer({ min: 1, max: 1000 }),
  });
  const several = fc.array(sample, { minLength: 2, maxLength: 12 });

  it("stays in the range of its metric, around its value", () => {
    fc.assert(
      fc.property(several, fc.constantFrom(RATE, MEAN, THROUGHPUT, AMPLIFICATION), (drawn, of) => {
        const least = of === AMPLIFICATION ? 1 : 0;
        const { value, low, high } = over(
          of,
          drawn.map((one) => ({ ...one, value: least + one.value })),
        );
        if (low === null || high === null) return low === high;
        const most = of === RATE ? 1 : Number.POSITIVE_INFINITY;
        return least <= low && low <= value! + 1e-12 && value! - 1e-12 <= high && high <= most;
      }),
      { numRuns: 500 },
    );
  });

  it("is the same in whatever order they come", () => {
    fc.assert(
      fc.property(several, fc.infiniteStream(fc.nat()), (found, keys) => {
        const shuffled = found
          .map((one) => ({ one, key: keys.next().value as number }))
          .sort((a, b) => a.key - b.key)
          .map(({ one }) => one);
        for (const of of [RATE, MEAN]) {
          const [first, second] = [over(of, found), over(of, shuffled)];
          expect(second.method).toBe(first.method);
          for (const key of ["value", "low", "high"] as const) {
            if (first[key] === null) expect(second[key]).toBeNull();
            else expect(second[key]! / (first[key] || 1)).toBeCloseTo(first[key] === 0 ? 0 : 1, 6);
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe("an estimate over replications of accounts that swing", () => {
  const values = Array.from({ length: FEWEST_OF_SWINGS }, (_, index) => 0.01 * (1 + (index % 5)));
  const few = samples(values.slice(1), 100);

  it("has no interval of a rate from fewer than are of use, and has one from so many", () => {
    expect(over(RATE, few, { swings: true })).toMatchObject({ low: null, high: null, method: "swings" });
    expect(over(AMPLIFICATION, samples(values.slice(1).map((one) => 1 + one)), { swings: true }).method).toBe(
      "swings",
    );
    expect(over(RATE, samples(values, 100), { swings: true }).method).toBe("replications");
    expect(over(RATE, few).method).toBe("replications");
  });

  it("has the value of the rate all the same, and intervals of what is no rate", () => {
    expect(over(RATE, few, { swings: true }).value).toBe(ratioEstimate(known(few)).value);
    expect(over(THROUGHPUT, few, { swings: true }).method).toBe("replications");
    expect(over(RATE, samples([0, 0, 0]), { swings: true }).method).toBe("zero-events");
  });
});

describe("an estimate over seeds that were chosen by strata", () => {
  const design: Design = [
    {
      candidates: 40,
      strata: [
        { share: 0.75, members: [0, 1] },
        { share: 0.25, members: [2, 3, 4] },
      ],
    },
  ];

  it("weighs them back, and says that it does", () => {
    const found = samples([0.01, 0.02, 0.2, 0.3, 0.1], 50);
    const estimate = designedRatio(known(found), design);
    const { low, high } = intervalAround(estimate, "share", RISKS);
    const wanted = { value: estimate.value, low, high, n: 5, method: "strata" };
    expect(over(RATE, found, { design })).toMatchObject(wanted);
    expect(estimate.value).toBeCloseTo(0.75 * 0.015 + 0.25 * 0.2, 12);
  });

  it("does so with quantiles", () => {
    const factors = [1.875, 1.875, 5 / 12, 5 / 12, 5 / 12];
    const parts = factors.map((factor, run) =>
      part(
        Array.from({ length: 40 }, (_, place) => 3 * run + place),
        factor,
      ),
    );
    const found = quantileOver(MEDIAN, parts, design);
    expect(found).toMatchObject({ value: pooledQuantile(parts, 0.5), n: 5, method: "strata" });
    expect(found.value).toBeLessThan(
      pooledQuantile(
        parts.map(({ ranking }) => ({ ranking, factor: 1 })),
        0.5,
      ),
    );
  });

  it("keeps its place where a replication has no data", () => {
    const found = over(RATE, samples([0.01, 0.02, null, 0.3, 0.1], 50), { design });
    expect(found).toMatchObject({ n: 4, method: "strata" });
    const part_ = (0.75 * (0.01 + 0.02)) / 2 + (0.25 * (0.3 + 0.1)) / 3;
    expect(found.value).toBeCloseTo(part_ / (0.75 + (0.25 * 2) / 3), 12);
  });
});

describe("a quantile over replications", () => {
  const drawn = (count: number, name: string) => {
    const stream = openStream("1", name);
    return part(Array.from({ length: count }, () => -Math.log(1 - stream.uniform())));
  };
  const runs = Array.from({ length: 8 }, (_, run) => drawn(50, `quantiles ${run}`));

  it("is that of all values together, with an interval around it", () => {
    const found = quantileOver(MEDIAN, runs);
    expect(found).toMatchObject({ value: pooledQuantile(runs, 0.5), n: 8, method: "replications" });
    expect(found.low! < found.value! && found.value! < found.high!).toBe(true);
    const med = quantileOver(measure("ttft{tier:standard}", "med<1s"), runs);
    expect([med.value, med.low, med.high]).toEqual([found.value, found.low, found.high]);
  });

  it("may be open to one side, and has none where it is to both", () => {
    const far = quantileOver(measure("ttft{tier:standard}", "p(99.5)<1s"), runs);
    expect(far).toMatchObject({ value: pooledQuantile(runs, 0.995), high: null, method: "replications" });
    expect(far.low).toBeGreaterThan(quantileOver(MEDIAN, runs).high!);
    const few = quantileOver(measure("ttft{tier:standard}", "p(99.9)<1s"), [
      drawn(5, "one"),
      drawn(5, "two"),
    ]);
    expect(few).toMatchObject({ low: null, high: null, n: 2, method: "too-few" });
  });
});

describe("how rare may be what no run saw, a run being one trial", () => {
  it("is what so many runs exclude, if a run that has any of it has at most so much", () => {
    expect(zeroBoundOfRuns(8, 1, 0.05)).toBeCloseTo(1 - 0.05 ** (1 / 8), 12);
    expect(zeroBoundOfRuns(8, 0.25, 0.05)).toBeCloseTo(0.25 * (1 - 0.05 ** (1 / 8)), 12);
  });

  it("covers one run in ten that sheds as much as a run may", () => {
    // Truth 0.1 of worst 0.25: with 8 runs none is seen in 43 of 100 experiments, and none of them may pass below it.
    expect(zeroBoundOfRuns(8, 0.25, 0.05)).toBeGreaterThan(0.1 * 0.25);
  });
});
