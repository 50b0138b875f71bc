import { describe, expect, it } from "vitest";
import { openStream } from "../../../../src/core/random/stream.js";
import type { RunResult } from "../../../../src/core/results/shape/result.js";
import { compareResults } from "../../../../src/core/results/verdict/comparison.js";
import {
  baselineRecord,
  parseBaseline,
  regressions,
} from "../../../../src/core/results/verdict/regression.js";
import { gear } from "../../../support/mode.js";
import { runResult } from "../../../support/run-result.js";

const METRIC = "overloaded_rate{tier:standard,per:attempt}";

/** A result of one measure whose rate differs from seed to seed. */
function result(rates: readonly number[]): RunResult {
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
  return runResult({
    seed: "1",
    estimates: [
      {
        metric: METRIC,
        aggregation: "rate",
        unit: "share",
        better: "lower",
        value: mean,
        low: null,
        high: null,
        n: rates.length,
        method: "replications",
      },
    ],
    replications: rates.map((rate, i) => ({ seed: `1/${i + 1}`, values: [rate], weights: [1000] })),
  });
}

const RATES = [0.1, 0.13, 0.08, 0.11, 0.09, 0.12, 0.1, 0.11];
const times = (factor: number) => RATES.map((rate, i) => rate * (factor + 0.0005 * (i % 2)));
const found = (after: readonly number[], margin = 0.02) =>
  regressions(baselineRecord(result(RATES)), result(after), { margin });

describe("a regression", () => {
  it("is a change for the worse beyond the margin", () => {
    const { regressions: worse, compared, paired } = found(times(1.05));
    expect([worse.map(({ metric }) => metric), compared, paired]).toEqual([[METRIC], 1, true]);
  });

  it("is none within the margin, however sure it is", () => {
    expect(found(times(1.015)).regressions).toEqual([]);
    expect(found(times(1.015), 0.01).regressions).toHaveLength(1);
  });

  it("is none where the same came out, or better", () => {
    expect(found(RATES)).toMatchObject({ regressions: [], improvements: [] });
    const { regressions: worse, improvements } = found(times(0.9));
    expect([worse, improvements.length]).toEqual([[], 1]);
  });

  it("is none where it may be chance", () => {
    const noisy = RATES.map((rate, i) => rate * (i % 2 === 0 ? 1.6 : 0.6));
    expect(found(noisy).regressions).toEqual([]);
  });

  it("compares with a baseline that nothing was shed in", () => {
    const none = baselineRecord(result(RATES.map(() => 0)));
    expect(regressions(none, result(RATES), { margin: 0.02 }).regressions).toHaveLength(1);
    expect(regressions(none, result(RATES.map(() => 0)), { margin: 0.02 }).regressions).toEqual([]);
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
    const record = baselineRecord(result(RATES), window);
    const found = (other: typeof window) =>
      regressions(record, result(times(4)), { margin: 0.02, window: other });
    expect(found({ ...window, duration: 40 })).toMatchObject({ compared: 0, otherWindow: window });
    expect(found(window)).toMatchObject({ compared: 1, otherWindow: null });
  });

  it("nor one that was run on a seed less", () => {
    expect(regressions(before, result(times(4).slice(0, 7)), { margin: 0.02 }).compared).toBe(0);
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
});

describe("unchanged rare counts", () => {
  /** Counts of mean 1, drawn anew for both sides: what Student's t is worst at. */
  it("are red in 5 % of the comparisons or fewer at the least number of seeds, and far more often at 2", () => {
    const random = openStream("regression-1", "counts");
    const count = () => {
      let [k, rest] = [0, random.uniform() - Math.exp(-1)];
      for (let p = Math.exp(-1); rest > 0 && k < 50; rest -= p) p /= ++k;
      return k;
    };
    const drawn = (seeds: number): RunResult => {
      const rows = Array.from({ length: seeds }, () => Array.from({ length: 40 }, count));
      const one = result(RATES).estimates[0]!;
      const mean = (i: number) => rows.reduce((sum, row) => sum + row[i]!, 0) / seeds;
      return {
        ...result(RATES),
        estimates: Array.from({ length: 40 }, (_, i) => ({ ...one, metric: `m${i}`, value: mean(i) })),
        replications: rows.map((values, i) => ({ seed: `1/${i}`, values, weights: values.map(() => 1) })),
      };
    };
    const red = () =>
      regressions(baselineRecord(drawn(8)), drawn(8), { margin: 0.02 }).regressions.length > 0;
    // At a true rate of 5 %, one sample in a thousand has more than 73 of 1,000 (binomial), or 14 of 120. At 4 seeds there
    // are about 90 of 1,000.
    const [tries, most] = gear([120, 14], [1000, 73]);
    expect(Array.from({ length: tries }, red).filter(Boolean).length).toBeLessThanOrEqual(most);
    const pairs = gear(80, 200);
    const worse = () => compareResults(drawn(2), drawn(2)).changes.some(({ verdict }) => verdict === "worse");
    expect(Array.from({ length: pairs }, worse).filter(Boolean).length).toBeGreaterThan(pairs / 5);
  });
});

describe("a baseline", () => {
  it("is read as it was written", () => {
    const record = baselineRecord(result(RATES));
    expect(parseBaseline(JSON.stringify(record), "check.json")).toEqual(record);
  });

  const whole = () => JSON.parse(JSON.stringify(baselineRecord(result(RATES))));
  const broken = (change: (record: ReturnType<typeof whole>) => void) => {
    const record = whole();
    change(record);
    return JSON.stringify(record);
  };

  it.each([
    ["{", "it is not JSON"],
    ["null", "expected object"],
    [broken((one) => (one.schemaVersion = 9)), "schemaVersion: "],
    [broken((one) => delete one.scenario), "scenario: "],
    [broken((one) => (one.estimates = [])), "estimates: "],
    [broken((one) => (one.estimates[0].value = "0.1")), "estimates.0.value: "],
    [broken((one) => (one.replications = [])), "fewer than 8 seeds"],
    [broken((one) => one.replications.splice(1)), "fewer than 8 seeds"],
    [broken((one) => (one.replications[3].values = ["0.1"])), "replications.3.values.0: "],
    [broken((one) => one.replications[3].weights.pop()), "do not fit its estimates"],
  ])("refuses %s", (text, problem) => {
    expect(() => parseBaseline(text, "check.json")).toThrow(problem);
    expect(() => parseBaseline(text, "check.json")).toThrow(/check\.json .*--update/);
  });
});
