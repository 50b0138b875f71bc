import { describe, expect, it } from "vitest";
import { openStream } from "../../../../src/core/random/stream.js";
import type { Estimate, RunResult } from "../../../../src/core/results/shape/result.js";
import { baselineRecord } from "../../../../src/core/results/verdict/baseline.js";
import { regressions, seedsForThresholds } from "../../../../src/core/results/verdict/regression.js";
import { gear } from "../../../support/mode.js";
import { runResult } from "../../../support/run-result.js";

const METRIC = "overloaded_rate{tier:standard,per:attempt}";
const OF_METRIC: Estimate = {
  metric: METRIC,
  aggregation: "rate",
  unit: "share",
  better: "lower",
  value: 0.1,
  low: null,
  high: null,
  n: 8,
  method: "replications",
  oneRun: null,
};

/** A result of one measure whose rate differs from seed to seed; its threshold is about it. */
function result(rates: readonly number[]): RunResult {
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
  return runResult({
    seed: "1",
    estimates: [{ ...OF_METRIC, value: mean }],
    replications: rates.map((rate, i) => ({ seed: `1/${i + 1}`, values: [rate], weights: [1000] })),
  });
}

const RATES = [0.1, 0.13, 0.08, 0.11, 0.09, 0.12, 0.1, 0.11];
const times = (factor: number) => RATES.map((rate, i) => rate * (factor + 0.0005 * (i % 2)));
const found = (after: readonly number[], margin = 0.02) =>
  regressions(baselineRecord(result(RATES)), result(after), { margin });

/** As many measures, each with its own factor on every seed. */
function many(
  metrics: readonly string[],
  factor: (measure: number, seed: number) => number,
  seeds = 8,
): RunResult {
  const replications = Array.from({ length: seeds }, (_, seed) => ({
    seed: `1/${seed + 1}`,
    values: metrics.map((_, measure) => RATES[(seed + measure) % 8]! * factor(measure, seed)),
    weights: metrics.map(() => 1000),
  }));
  const estimates = metrics.map((metric) => ({ ...OF_METRIC, metric }));
  return runResult({ seed: "1", estimates, replications });
}

describe("a regression", () => {
  it("is a change for the worse beyond the margin", () => {
    const { regressions: worse, compared, paired } = found(times(1.05));
    expect([worse.map(({ metric }) => metric), compared, paired]).toEqual([[METRIC], 1, true]);
    expect(worse[0]).toMatchObject({ p: 1 / 256, adjusted: 1 / 256, verdict: "worse" });
  });

  it("is none within the margin, however sure it is", () => {
    expect(found(times(1.015)).regressions).toEqual([]);
    expect(found(times(1.015), 0.01).regressions).toHaveLength(1);
  });

  it("is none where the same came out, or better", () => {
    expect(found(RATES)).toMatchObject({ regressions: [], improvements: [] });
    const { regressions: worse, improvements } = found(times(0.9));
    expect([worse, improvements.map(({ verdict }) => verdict)]).toEqual([[], ["better"]]);
  });

  it("is none where it may be chance", () => {
    const noisy = RATES.map((rate, i) => rate * (i % 2 === 0 ? 1.6 : 0.6));
    expect(found(noisy).regressions).toEqual([]);
  });

  it("is none where all seeds together are not worse, though most of them are", () => {
    const [most, ...rest] = RATES.map((rate) => rate * 1.1);
    // One seed held half of it and is well now.
    const before = [...RATES.slice(1), 0.9];
    expect(
      regressions(baselineRecord(result(before)), result([...rest, most! / 10]), { margin: 0.02 })
        .regressions,
    ).toEqual([]);
  });

  it("compares with a baseline that nothing was shed in", () => {
    const none = RATES.map((_, i) => (i === 0 ? 1e-9 : 0));
    expect(
      regressions(baselineRecord(result(none)), result(RATES), { margin: 0.02 }).regressions,
    ).toHaveLength(1);
    expect(regressions(baselineRecord(result(none)), result(none), { margin: 0.02 }).regressions).toEqual([]);
  });

  it("is compared with baselines of other seeds by rank sums", () => {
    const other = (factor: number): RunResult => {
      const { replications, ...rest } = result(times(factor));
      return { ...rest, replications: replications.map((one) => ({ ...one, seed: `2${one.seed}` })) };
    };
    const against = (factor: number) =>
      regressions(baselineRecord(result(RATES)), other(factor), { margin: 0.02 });
    expect(against(1.7)).toMatchObject({ paired: false, compared: 1, regressions: [{ metric: METRIC }] });
    expect(against(1.1).regressions).toEqual([]);
  });
});

describe("what thresholds are about", () => {
  const others = Array.from({ length: 40 }, (_, i) => `overloaded_rate{tier:t${i},per:request}`);

  it("is told from chance by 8 seeds beside 40 other measures, which are not", () => {
    const before = baselineRecord(many([METRIC, ...others], () => 1));
    const judged = (after: RunResult) => regressions(before, after, { margin: 0.02 });
    const own = judged(many([METRIC, ...others], (measure) => (measure === 0 ? 1.1 : 1)));
    expect(own.regressions.map(({ metric }) => metric)).toEqual([METRIC]);
    expect(own.regressions[0]!.adjusted).toBeCloseTo(1 / 256 / 0.9, 12);
    expect(own).toMatchObject({ compared: 1, unseen: { measures: 40, seeds: 13 } });
    // Their part of the error is too small for eight, unless all that comes first is worse.
    expect(judged(many([METRIC, ...others], (measure) => (measure === 1 ? 9 : 1))).regressions).toEqual([]);
  });

  it("comes before all others, which enough seeds tell, too", () => {
    const before = baselineRecord(many([METRIC, ...others], () => 1, 13));
    const after = many([METRIC, ...others], (measure) => (measure === 1 ? 1.2 : 1), 13);
    const { regressions: worse, unseen, compared } = regressions(before, after, { margin: 0.02 });
    expect([worse.map(({ metric }) => metric), unseen, compared]).toEqual([[others[0]], null, 41]);
  });

  it("is what tiers refuse where no threshold names a measure", () => {
    const bare = (factor: (measure: number) => number) => ({
      ...many([METRIC, ...others], factor),
      thresholds: [],
    });
    const judged = regressions(
      baselineRecord(bare(() => 1)),
      bare((one) => (one === 0 ? 1.1 : 1)),
      { margin: 0.02 },
    );
    expect(judged).toMatchObject({ compared: 1, regressions: [{ metric: METRIC }] });
  });

  it("is what is asked for where something is", () => {
    const before = baselineRecord(many([METRIC, ...others], () => 1));
    const only = ({ metric }: Pick<Estimate, "metric">) => metric === others[3];
    const after = many([METRIC, ...others], () => 1.1);
    const judged = regressions(before, after, { margin: 0.02, only });
    expect(judged).toMatchObject({ compared: 1, regressions: [{ metric: others[3], adjusted: 1 / 256 }] });
  });

  it("takes more seeds the more it is", () => {
    expect([1, 11, 12, 23, 24].map((measures) => seedsForThresholds(measures))).toEqual([8, 8, 9, 9, 10]);
    for (const measures of [11, 12, 23, 40]) {
      expect(0.5 ** seedsForThresholds(measures)).toBeLessThanOrEqual((0.9 * 0.05) / measures);
    }
  });

  it("lists the largest change first", () => {
    const metrics = [METRIC, "ttft{tier:standard}", "ttft{tier:fast}"];
    const before = baselineRecord(many(metrics, () => 1, 12));
    const after = many(metrics, (measure) => [1.1, 1.4, 1.2][measure]!, 12);
    const { regressions: worse } = regressions(before, after, { margin: 0.02 });
    expect(worse.map(({ metric }) => metric)).toEqual([metrics[1], metrics[2], metrics[0]]);
  });

  it("is named once: all tiers beside the only one are no measure of their own", () => {
    const all = "overloaded_rate{tier:all,per:attempt}";
    const twice = (factor: number): RunResult => {
      const { estimates, replications, ...rest } = result(times(factor));
      return {
        ...rest,
        thresholds: [{ ...rest.thresholds[1]!, metric: "overloaded_rate" }],
        estimates: [...estimates, { ...estimates[0]!, metric: all }],
        replications: replications.map((one) => ({
          ...one,
          values: [...one.values, ...one.values],
          weights: [...one.weights, ...one.weights],
        })),
      };
    };
    const judged = regressions(baselineRecord(twice(1)), twice(1.1), { margin: 0.02 });
    expect(judged).toMatchObject({ compared: 1, vanished: [], notCompared: [], unseen: null });
    // The threshold on all of them is about that one.
    expect(judged.regressions).toMatchObject([{ metric: METRIC, adjusted: 1 / 256 }]);
  });
});

describe("what cannot be compared", () => {
  const before = baselineRecord(result(RATES));

  it("does not count as compared: a measure that too few seeds say anything of", () => {
    const silent = before.replications.map((one, i) => (i < 7 ? one : { ...one, values: [null] }));
    const found = regressions({ ...before, replications: silent }, result(times(4)), { margin: 0.02 });
    expect(found).toMatchObject({ compared: 0, regressions: [], vanished: [] });
    expect(found.notCompared).toEqual([`${METRIC} rate`]);
  });

  it("fails for one that the baseline knew on enough seeds, and the result does on one less", () => {
    const after = result(times(4));
    const silent = after.replications.map((one, i) => (i < 7 ? one : { ...one, values: [null] }));
    const found = regressions(before, { ...after, replications: silent }, { margin: 0.02 });
    expect(found).toMatchObject({ compared: 0, vanished: [`${METRIC} rate`], notCompared: [] });
  });

  it("nor is anything of another stretch of time", () => {
    const window = { duration: 120, warmup: 20 };
    const record = { ...before, window };
    const found = (other: typeof window) =>
      regressions(record, result(times(4)), { margin: 0.02, window: other });
    expect(found({ ...window, duration: 40 })).toMatchObject({ compared: 0, otherWindow: window });
    expect(found(window)).toMatchObject({ compared: 1, otherWindow: null });
  });

  it("nor one that was run on a seed less", () => {
    expect(regressions(before, result(times(4).slice(0, 7)), { margin: 0.02 }).compared).toBe(0);
  });

  it("nor copies of one and the same run, which differ for certain by nothing that is worth a build", () => {
    const same = (rate: number) => result(RATES.map(() => rate));
    const judged = (was: RunResult, is: RunResult) => regressions(baselineRecord(was), is, { margin: 0 });
    expect(judged(same(0.1), same(0.10003))).toMatchObject({ isCopies: true, regressions: [], compared: 0 });
    expect(judged(result(RATES), same(0.9))).toMatchObject({ isCopies: true, regressions: [] });
    expect(judged(result(RATES), result(RATES)).isCopies).toBe(false);
  });

  it("tells what has vanished from what is new", () => {
    const current = result(RATES);
    const renamed = { ...current, estimates: [{ ...current.estimates[0]!, metric: "other" }] };
    expect(regressions(before, renamed, { margin: 0.02 })).toMatchObject({
      compared: 0,
      vanished: [`${METRIC} rate`],
      notCompared: ["other rate"],
    });
  });

  it("has vanished also where it has no value any more", () => {
    const current = result(RATES);
    const empty = { ...current, estimates: [{ ...current.estimates[0]!, value: null }] };
    expect(regressions(before, empty, { margin: 0.02 }).vanished).toEqual([`${METRIC} rate`]);
  });

  it("says what went in that was other, and compares all the same", () => {
    const inputs = { surgefleet: "1", scenario: "a", profiles: {}, traces: {} };
    const judged = regressions({ ...before, inputs }, result(times(1.1)), {
      margin: 0.02,
      inputs: { ...inputs, scenario: "b" },
    });
    expect(judged).toMatchObject({ changedInputs: ["the scenario"], regressions: [{ metric: METRIC }] });
  });
});

describe("unchanged rare counts", () => {
  /** Counts of mean 1, drawn anew for both sides: what Student's t takes for certain on a few seeds. */
  it.each([
    [12, true],
    [8, false],
  ])("on %d seeds, paired %s, are red in 5 % of the comparisons or fewer", (seeds, paired) => {
    const random = openStream("regression-1", "counts");
    const count = () => {
      let [k, rest] = [0, random.uniform() - Math.exp(-1)];
      for (let p = Math.exp(-1); rest > 0 && k < 50; rest -= p) p /= ++k;
      return k;
    };
    const drawn = (prefix: string): RunResult => {
      const rows = Array.from({ length: seeds }, () => Array.from({ length: 40 }, count));
      const mean = (i: number) => rows.reduce((sum, row) => sum + row[i]!, 0) / seeds;
      return runResult({
        estimates: Array.from({ length: 40 }, (_, i) => ({
          ...OF_METRIC,
          ...{ metric: `m${i}`, unit: "count", value: mean(i) },
        })),
        replications: rows.map((values, i) => ({
          seed: `${prefix}${i}`,
          values,
          weights: values.map(() => 1),
        })),
      });
    };
    const red = () => {
      const found = regressions(baselineRecord(drawn("1/")), drawn(paired ? "1/" : "2/"), { margin: 0 });
      expect(found).toMatchObject({ paired, unseen: null, compared: 40 });
      return found.regressions.length > 0;
    };
    // At a true rate of 5 %, one sample in a thousand has more than 73 of 1,000 (binomial), or 10 of 60.
    const [tries, most] = gear([60, 10], [1000, 73]);
    expect(Array.from({ length: tries }, red).filter(Boolean).length).toBeLessThanOrEqual(most);
  });
});
