import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openStream } from "../../../../src/core/random/stream.js";
import {
  boundOfRuns,
  estimateOver,
  FEWEST_OF_SWINGS,
  type MostOfRun,
  type Replicated,
} from "../../../../src/core/results/build/estimates.js";
import type { Sample } from "../../../../src/core/results/metrics/asks.js";
import type { Estimate } from "../../../../src/core/results/shape/result.js";
import { type Measure, measureOf } from "../../../../src/core/results/verdict/measures.js";
import { binomialBound } from "../../../../src/core/stats/binomial-interval.js";
import { nextSample } from "../../../../src/core/stats/next-sample.js";
import { type PooledPart, PooledValues } from "../../../../src/core/stats/pooled-values.js";
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

const quantileOf = (parts: readonly PooledPart[], p: number) => new PooledValues(parts).quantile(p);

const RISKS = evenRisks(0.95);
/** By runs; of what no run has, a bound that tells by its value with what risk it was asked for. */
const byRuns =
  (found: readonly Sample[], most: MostOfRun = { having: 1, lacking: 1 }): Replicated["mostPlausible"] =>
  (_, runs, risk, of) =>
    runs === 0 ? 10 * risk : boundOfRuns(runs, known(found).length, most[of], risk);

const mostBeyond: Replicated["mostBeyond"] = (found, _, runs, risk) =>
  boundOfRuns(runs, known(found).length, 1, risk);

function over(
  of: Measure,
  found: readonly Sample[],
  changes: Partial<Replicated> = {},
  risks = RISKS,
): Estimate {
  const from = {
    samples: found,
    design: [],
    swings: false,
    isHeavyTailed: false,
    mostPlausible: byRuns(found),
    mostBeyond,
    ...changes,
  };
  return estimateOver(of, { pooled: () => new PooledValues([]), ...from }, risks);
}

/** Of a quantile: from what each replication measured. */
const quantileOver = (
  of: Measure,
  parts: readonly PooledPart[],
  design: Design = [],
  risks = RISKS,
  changes: Partial<Replicated> = {},
) => {
  const counts = parts.map(({ ranking }) => ({ value: ranking.count > 0 ? 1 : null, weight: 1 }));
  return over(of, counts, { pooled: () => new PooledValues(parts), design, ...changes }, risks);
};

describe("a quantile far out", () => {
  /** A hundred values of each of so many runs, 1.00 to 1.99, of which so many are ten times as large. */
  const runs = (large: readonly number[]) =>
    large.map((count) =>
      part(Array.from({ length: 100 }, (_, place) => (1 + place / 100) * (place < count ? 10 : 1))),
    );
  const at = (p: number, large: readonly number[], changes: Partial<Replicated> = {}) =>
    quantileOver(measure("ttft{tier:standard}", `p(${p})<1s`), runs(large), [], RISKS, changes);

  it("has no interval on a few seeds of accounts that swing, where one nearer to the middle has", () => {
    const large = [3, 4, 5, 3, 4, 5, 4, 4];
    for (const p of [1, 5, 95, 99]) {
      expect(at(p, large, { swings: true })).toMatchObject({ low: null, high: null, method: "swings" });
      expect(at(p, large)).toMatchObject({ method: "replications" });
    }
    expect(at(90, large, { swings: true })).toEqual(at(90, large));
    const enough = [...large, ...large.slice(0, FEWEST_OF_SWINGS - large.length)];
    expect(at(99, enough, { swings: true })).toEqual(at(99, enough));
  });

  it("is open where fewer than five runs reach beyond it, however alike these are", () => {
    expect(at(98, [2, 2, 2, 2, 0, 0, 0, 0]).high).toBeNull();
    expect(at(95, [2, 2, 2, 2, 2, 2, 2, 2]).high).not.toBeNull();
  });

  it("is no less sure where a few runs have a value far out than where many have", () => {
    const [few, none] = [
      [1, 1, 0, 0, 0, 0, 0, 0],
      [0, 0, 0, 0, 0, 0, 0, 0],
    ].map((large) => at(50, large));
    expect(none!.high).toBeLessThan(2);
    expect(few!.high).toBeLessThan(2);
  });

  it("is no surer than so many independent values are, unless they are weights", () => {
    const alike = runs([0, 0, 0, 0, 0, 0, 0, 0]);
    const [counted, weighed] = ["ttft{tier:standard}", "session_duration{source:agents}"].map((metric) =>
      quantileOver(measure(metric, "p(50)<1s"), alike),
    );
    expect(counted!.high! - counted!.low!).toBeGreaterThan(0.05);
    expect(weighed!.high! - weighed!.low!).toBeLessThan(0.02);
  });
});

describe("an estimate over replications", () => {
  it("of a mean time is open above where a few requests decide it, and nothing else is", () => {
    const found = samples([1, 2, 4, 3, 2, 1]);
    const [usual, heavy] = [false, true].map((isHeavyTailed) => over(MEAN, found, { isHeavyTailed }));
    expect(heavy).toEqual({ ...usual, high: null, method: "heavy-tail" });
    for (const of of [THROUGHPUT, AMPLIFICATION]) {
      expect(over(of, found, { isHeavyTailed: true })).toEqual(over(of, found));
    }
    expect(over(MEAN, samples([1]), { isHeavyTailed: true })).toEqual(over(MEAN, samples([1])));
  });

  it("names its measure, and says where there is no data", () => {
    const named = {
      metric: "overloaded_rate{tier:standard,per:attempt}",
      ...{ aggregation: "rate", unit: "share", better: "lower" },
    };
    const nothing = { ...named, value: null, low: null, high: null, n: 0, method: "no-data", oneRun: null };
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

  it("of a ratio at its least is open above, where nothing was seen to vary", () => {
    const wanted = { value: 1, low: 1, high: null, n: 3, method: "zero-events" };
    expect(over(AMPLIFICATION, samples([1, 1, 1]))).toMatchObject(wanted);
    expect(over(AMPLIFICATION, samples([1]))).toMatchObject({ value: 1, low: null, method: "one-seed" });
  });

  it("says between which values one run lies, and not where one of them never ended", () => {
    const values = [0.1, null, 0.4, 0.2, 0.3];
    expect(over(RATE, samples(values)).oneRun).toEqual(nextSample(values, []));
    expect(over(RATE, samples([0.1])).oneRun).toBeNull();
    const recovery = measure("recovery_time", "value<9s");
    expect(over(recovery, samples([3, 5, 4])).oneRun).toEqual({ low: 3, high: 5, confidence: 0.5 });
    expect(over(recovery, samples([3, Number.POSITIVE_INFINITY, 4])).oneRun).toBeNull();
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

  it("is open above where its end would say nothing: a thousand times its value", () => {
    // One of eight holds everything: 12.7 standard errors on the scale of logarithms.
    const held = over(MEAN, samples([0, 0, 0, 0, 0, 0, 0, 8]));
    expect(held).toMatchObject({ value: 1, high: null, n: 8, method: "replications" });
    expect(held.low).toBeGreaterThan(0);
    const excess = over(AMPLIFICATION, samples([1, 1, 1, 1, 1, 1, 1, 9]));
    expect([excess.value, excess.low! > 1, excess.high]).toEqual([2, true, null]);
    // A share has ends.
    expect(over(RATE, samples([0, 0, 0, 0, 0, 0, 0, 0.8])).high).toBeLessThan(1);
  });

  const sample = fc.record({
    // Ends of the scale come often.
    value: fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true })),
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
        if (low === null) return high === null;
        if (high === null) return least <= low && low <= value! + 1e-12;
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
    expect(found).toMatchObject({ value: quantileOf(parts, 0.5), n: 5, method: "strata" });
    expect(found.value).toBeLessThan(
      quantileOf(
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
    expect(found).toMatchObject({ value: quantileOf(runs, 0.5), n: 8, method: "replications" });
    expect(found.low! < found.value! && found.value! < found.high!).toBe(true);
    const med = quantileOver(measure("ttft{tier:standard}", "med<1s"), runs);
    expect([med.value, med.low, med.high]).toEqual([found.value, found.low, found.high]);
  });

  it("may be open to one side, and has none where it is to both", () => {
    const far = quantileOver(measure("ttft{tier:standard}", "p(99.5)<1s"), runs);
    expect(far).toMatchObject({ value: quantileOf(runs, 0.995), high: null, method: "replications" });
    expect(far.low).toBeGreaterThan(quantileOver(MEDIAN, runs).high!);
    const two = [drawn(5, "one"), drawn(5, "two")];
    const few = quantileOver(measure("ttft{tier:standard}", "p(50)<1s"), two);
    expect(few).toMatchObject({ low: null, high: null, n: 2, method: "too-few" });
  });
});

describe("a share of which few runs have any", () => {
  const RISK = 0.025;
  const held = (...values: number[]) => [...values, ...Array<number>(8 - values.length).fill(0)];

  it("is no higher than so many runs of so many allow, each of which may be all of it", () => {
    // Student's t on the scale of log-odds, with one degree of freedom, would end at 1.
    const estimate = ratioEstimate(samples(held(0.8)) as { value: number; weight: number }[]);
    expect(intervalAround(estimate, "share", RISKS).high).toBeGreaterThan(0.99);
    expect(over(RATE, samples(held(0.8))).high).toBeCloseTo(binomialBound(1, 8, RISK), 12);
    expect(over(RATE, samples(held(0.9, 0.8))).high).toBeLessThanOrEqual(binomialBound(2, 8, RISK));
  });

  it("is the lower for what a run has at most", () => {
    const mostPlausible = byRuns(samples(held(0.8)), { having: 0.9, lacking: 1 });
    expect(over(RATE, samples(held(0.8)), { mostPlausible }).high).toBeCloseTo(
      0.9 * binomialBound(1, 8, RISK),
      12,
    );
  });

  it("is mirrored where few runs lack any: of what is completed the rest is what is lost", () => {
    const completed = measure("completed_rate{tier:standard}", "rate>1%");
    const all = samples(held(0.2, 0.1).map((lost) => 1 - lost));
    const lost = over(RATE, samples(held(0.2, 0.1)), {
      mostPlausible: byRuns(all, { having: 0.3, lacking: 1 }),
    });
    const kept = over(completed, all, { mostPlausible: byRuns(all, { having: 1, lacking: 0.3 }) });
    expect([kept.low! + lost.high!, kept.high! + lost.low!]).toEqual([
      expect.closeTo(1, 12),
      expect.closeTo(1, 12),
    ]);
  });

  it("asks for what is plausible of either side by its share, its runs and its risk", () => {
    const asked: unknown[][] = [];
    const mostPlausible: Replicated["mostPlausible"] = (...question) => {
      asked.push(question);
      return 1;
    };
    over(RATE, samples([0.5, 0, 1, 1]), { mostPlausible }, { below: 0.01, above: 0.04 });
    expect(asked).toEqual([
      [1 - 0.625, 2, 0.01, "lacking"],
      [0.625, 3, 0.04, "having"],
    ]);
  });

  it("reaches its value where the run that has any is nearly all there is", () => {
    const heavy = held(0.9).map((value) => ({ value, weight: value > 0 ? 1000 : 1 }));
    const { value, low, high } = over(RATE, heavy);
    expect(value).toBeGreaterThan(0.89);
    expect(low! <= value! && value! <= high!).toBe(true);
    const design: Design = [
      {
        candidates: 96,
        strata: [
          { share: 0.9, members: [0, 1] },
          { share: 0.1, members: [2, 3, 4, 5, 6, 7] },
        ],
      },
    ];
    const light = over(RATE, samples(held(0.9, 0.8)), { design });
    expect(light.value).toBeGreaterThan(binomialBound(2, 8, RISK));
    expect(light.high).toBeGreaterThan(light.value!);
  });
});

describe("how rare may be what so many runs saw, a run being one trial", () => {
  it("is what so many runs exclude, if a run that has any of it has at most so much", () => {
    expect(boundOfRuns(0, 8, 1, 0.05)).toBeCloseTo(1 - 0.05 ** (1 / 8), 12);
    expect(boundOfRuns(0, 8, 0.25, 0.05)).toBeCloseTo(0.25 * (1 - 0.05 ** (1 / 8)), 12);
    expect(boundOfRuns(3, 8, 0.25, 0.05)).toBeCloseTo(0.25 * binomialBound(3, 8, 0.05), 12);
    expect(boundOfRuns(8, 8, 0.25, 0.05)).toBe(0.25);
  });

  it("covers one run in ten that sheds as much as a run may", () => {
    // Truth 0.1 of worst 0.25: with 8 runs none is seen in 43 of 100 experiments, and none of them may pass below it.
    expect(boundOfRuns(0, 8, 0.25, 0.05)).toBeGreaterThan(0.1 * 0.25);
  });
});
