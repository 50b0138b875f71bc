import { describe, expect, it } from "vitest";
import { baselineRecord, parseBaseline, regressions } from "../../../src/core/result/regression.js";
import type { RunResult } from "../../../src/core/result/result.js";
import { runResult } from "../../support/run-result.js";

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
    const silent = before.replications.map((one, i) => (i === 0 ? one : { ...one, values: [null] }));
    const found = regressions({ ...before, replications: silent }, result(times(4)), { margin: 0.02 });
    expect(found).toMatchObject({ compared: 0, regressions: [], vanished: [] });
    expect(found.notCompared).toEqual([`${METRIC} rate`]);
  });

  it("nor one that a single seed was run for", () => {
    expect(regressions(before, result(times(4).slice(0, 1)), { margin: 0.02 }).compared).toBe(0);
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
    [broken((one) => (one.replications = [])), "fewer than 2 seeds"],
    [broken((one) => one.replications.splice(1)), "fewer than 2 seeds"],
    [broken((one) => (one.replications[3].values = ["0.1"])), "replications.3.values.0: "],
    [broken((one) => one.replications[3].weights.pop()), "do not fit its estimates"],
  ])("refuses %s", (text, problem) => {
    expect(() => parseBaseline(text, "check.json")).toThrow(problem);
    expect(() => parseBaseline(text, "check.json")).toThrow(/check\.json .*--update/);
  });
});
