import { describe, expect, it } from "vitest";
import {
  CALLERS,
  judgeLoad,
  LOAD_ROWS,
  type Load,
  type PlaceRise,
  queueOf,
  sequencesIn,
  UNKNOWN_LOAD,
} from "../../../../src/core/results/metrics/load.js";
import { pooledRows } from "../../../../src/core/results/metrics/rows.js";

const QUEUE = queueOf("shared");
const STILL = { off: 0, isBeyondChance: false };
const place = (
  where: string,
  total: number,
  { late = total, lateError = 0, error = 0.002, perSecond = 1 } = {},
): PlaceRise => ({
  where,
  rise: { total, late, lateError, error, samples: 16, walk: error },
  perSecond,
});

describe("the verdict on a load", () => {
  it("names the place that grows most", () => {
    const found = judgeLoad([place(QUEUE, 0.1), place(CALLERS, 0.2, { perSecond: 3 })], STILL);
    expect(found).toEqual({ verdict: "growing", perSecond: 3, where: CALLERS });
  });

  it.each([
    ["growth that is sure and hardly any", [place(QUEUE, 0.004, { error: 1e-6 })], "steady"],
    ["what fills up and slows down", [place(sequencesIn("shared"), 0.1, { late: 0.05 })], "steady"],
    ["a queue that slows down as much", [place(QUEUE, 0.1, { late: 0.05 })], "growing"],
    ["a queue of which too little is known", [place(QUEUE, 0, { error: 0.08 })], "unknown"],
    [
      "sequences of which little is known: they have an end",
      [place(sequencesIn("a"), 0, { error: 1 })],
      "steady",
    ],
    ["nothing", [], "unknown"],
  ] as const)("of %s", (_, places, verdict) => {
    expect(judgeLoad(places, STILL).verdict).toBe(verdict);
  });

  it("tells a start that is off by a tenth or more", () => {
    const verdict = (off: number) => judgeLoad([place(QUEUE, 0)], { off, isBeyondChance: true }).verdict;
    expect([verdict(-0.2), verdict(0.2), verdict(-0.05)]).toEqual(["warming-up", "warming-up", "steady"]);
  });
});

describe("over replications", () => {
  const run = (share: number, verdict: Load["verdict"] = share > 0.05 ? "growing" : "steady"): Load => ({
    verdict,
    perSecond: verdict === "growing" ? share * 10 : null,
    where: verdict === "growing" ? QUEUE : null,
    growth: { [QUEUE]: share * 10 },
    growthShare: { [QUEUE]: share },
    lateShare: { [QUEUE]: share },
    errorShare: { [QUEUE]: 0.02 },
    startOff: 0,
  });
  const over = (rows: readonly Load[], factors = rows.map(() => 1)) =>
    pooledRows(LOAD_ROWS, rows, {
      runs: rows.length,
      factors,
      pooledOf: () => expect.fail("it has no trends"),
    });
  const pooled = (...shares: number[]) => over(shares.map((share) => run(share)));

  it("grows what grows in the mean, by as much", () => {
    expect(pooled(0.1, 0.12, 0.08, 0.1)).toMatchObject({
      verdict: "growing",
      where: QUEUE,
      perSecond: expect.closeTo(1, 9),
      growth: { [QUEUE]: expect.closeTo(1, 9) },
    });
    // Less than any run by itself would show.
    expect(pooled(0.02, 0.03, 0.02, 0.03).verdict).toBe("growing");
  });

  it("does not take a load that swings for one that grows", () => {
    expect(pooled(0.2, -0.1, 0.15, -0.2, 0.1, -0.12, 0.02, -0.03).verdict).not.toBe("growing");
  });

  it("counts each run for as many as it stands for", () => {
    const runs = [0, 0, 0.1, 0.1].map((share) => run(share));
    const growing = (factors: number[]) => over([...runs, ...runs], factors).growth[QUEUE];
    expect(growing([1, 1, 1, 1, 1, 1, 1, 1])).toBeCloseTo(0.5, 9);
    expect(growing([1.5, 1.5, 0.5, 0.5, 1.5, 1.5, 0.5, 0.5])).toBeCloseTo(0.25, 9);
    const [most, few] = [run(0.001, "steady"), run(0.2)];
    const rows = [most, most, most, few, few, few];
    // Three in a thousand seeds grow: in the mean, nothing does.
    expect(over(rows, [1.998, 1.998, 1.998, 0.002, 0.002, 0.002]).verdict).toBe("steady");
  });

  it("takes a place that a run leaves out for one where nothing grows", () => {
    const empty = { growth: { [CALLERS]: 0 }, growthShare: { [CALLERS]: 0 } };
    const full: Load = { ...run(0), ...empty, lateShare: { [CALLERS]: 0 }, errorShare: { [CALLERS]: 0 } };
    expect(over([full, full, full, run(0.1)]).verdict).not.toBe("growing");
    expect(over([full, run(0.1), run(0.1), run(0.1), run(0.1), run(0.1), run(0.1)])).toMatchObject({
      verdict: "growing",
      where: QUEUE,
    });
  });

  it("believes two runs of which each grows, and one as it is", () => {
    expect(pooled(0.1, 0.3)).toMatchObject({ verdict: "growing", perSecond: expect.closeTo(2, 9) });
    expect(pooled(0.1)).toEqual(run(0.1));
  });

  it("knows nothing of runs that were too short", () => {
    expect(over([UNKNOWN_LOAD, UNKNOWN_LOAD]).verdict).toBe("unknown");
  });
});
