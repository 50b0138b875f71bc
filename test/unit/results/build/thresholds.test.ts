import { describe, expect, it } from "vitest";
import { pooledResult } from "../../../../src/core/results/build/pooled.js";
import { type Judging, risksOf } from "../../../../src/core/results/build/thresholds.js";
import { OPERATORS } from "../../../../src/core/results/metrics/kinds.js";
import type { RunResult } from "../../../../src/core/results/shape/result.js";
import type { StatedThreshold } from "../../../../src/core/results/verdict/threshold.js";
import { intervalAround, ratioEstimate } from "../../../../src/core/stats/ratio.js";
import { stated } from "../../../support/stated-threshold.js";
import { SMALL_THRESHOLDS, type SmallTier, smallRun } from "../shape/small-runs.js";

const ALONE: Judging = { spent: 1, family: 1 };
const ttft = (...ttfts: number[]): SmallTier => ({ ttfts, shed: 0 });

/** A run per count, each of a hundred attempts of which so many are shed. */
function shedding(counts: readonly number[], thresholds: readonly StatedThreshold[] = SMALL_THRESHOLDS) {
  return counts.map((shed, index) =>
    smallRun(
      `s/${index + 1}`,
      [{ ttfts: Array.from({ length: 100 - shed }, (_, place) => 1 + place / 200), shed }, ttft()],
      { thresholds },
    ),
  );
}

function judged(
  runs: readonly RunResult[],
  thresholds: readonly StatedThreshold[] = SMALL_THRESHOLDS,
  judging?: Judging,
) {
  const options = { seed: "s", confidence: 0.95, thresholds, ...(judging && { judging }) };
  return pooledResult(runs, options).thresholds;
}

const verdicts = (runs: readonly RunResult[], thresholds?: readonly StatedThreshold[], judging?: Judging) =>
  judged(runs, thresholds, judging).map(({ verdict }) => verdict);

describe("the risk that a limit is wrong", () => {
  it("is half of it on the side that lets a threshold pass, and its part of a family on the other", () => {
    const judging = { spent: 1, family: 4 };
    for (const operator of ["<", "<="] as const) {
      const { below, above } = risksOf(operator, judging, 0.95);
      expect([below, above]).toEqual([expect.closeTo(0.05 / 4, 12), expect.closeTo(0.05 / 2, 12)]);
    }
    for (const operator of [">", ">="] as const) {
      const { below, above } = risksOf(operator, judging, 0.95);
      expect([below, above]).toEqual([expect.closeTo(0.05 / 2, 12), expect.closeTo(0.05 / 4, 12)]);
    }
  });

  it("is less at each of several looks, on both sides", () => {
    for (const operator of OPERATORS) {
      const [once, often] = [1, 1 / 6].map((spent) => risksOf(operator, { spent, family: 3 }, 0.9));
      expect(often!.below).toBeCloseTo(once!.below / 6, 12);
      expect(often!.above).toBeCloseTo(once!.above / 6, 12);
    }
  });
});

describe("a threshold over replications", () => {
  it("passes, fails or stays open by the interval around its rate", () => {
    expect(verdicts(shedding([1, 2, 1, 2]))[0]).toBe("pass");
    expect(verdicts(shedding([40, 41, 39, 40]))[0]).toBe("fail");
    expect(verdicts(shedding([2, 18, 5, 15]))[0]).toBe("undecided");
  });

  /** Shares whose one-sided limits are known, and bounds just beyond them. */
  const counts = [4, 8, 6, 7, 5, 6, 4, 8];
  const estimate = ratioEstimate(counts.map((count) => ({ value: count / 100, weight: 100 })));
  const limits = (risk: number) => intervalAround(estimate, "share", { below: risk, above: risk });
  const asking = (expression: string) => [stated("overloaded_rate{tier:standard}", expression)];
  // The measure does not depend on the bound.
  const runs = shedding(counts, asking("rate<1%"));
  const at = (expression: string, judging: Judging) => verdicts(runs, asking(expression), judging)[0];

  it("passes on half of the risk, as the interval that is shown does, however many are judged with it", () => {
    const { low, high } = limits(0.05 / 2);
    for (const family of [1, 4, 20]) {
      const judging = { spent: 1, family };
      expect(at(`rate<${high + 1e-6}`, judging)).toBe("pass");
      expect(at(`rate<${high - 1e-6}`, judging)).toBe("undecided");
      expect(at(`rate>${low - 1e-6}`, judging)).toBe("pass");
      expect(at(`rate>${low + 1e-6}`, judging)).toBe("undecided");
    }
  });

  it("fails on its part of the family's risk", () => {
    for (const family of [1, 4, 20]) {
      const { low, high } = limits(0.05 / family);
      const judging = { spent: 1, family };
      expect(at(`rate<${low - 1e-6}`, judging)).toBe("fail");
      expect(at(`rate<${low + 1e-6}`, judging)).toBe("undecided");
      expect(at(`rate>${high + 1e-6}`, judging)).toBe("fail");
      expect(at(`rate>${high - 1e-6}`, judging)).toBe("undecided");
    }
  });

  it("is judged with all of its own suite where nothing else is said", () => {
    const { low } = limits(0.05 / 2);
    const pair = [...asking(`rate<${low + 1e-6}`), ...asking("rate<99%")];
    expect(verdicts(shedding(counts, pair), pair)).toEqual(["undecided", "pass"]);
    const sure = [...asking(`rate<${low - 1e-6}`), ...asking("rate<99%")];
    expect(verdicts(shedding(counts, sure), sure)).toEqual(["fail", "pass"]);
  });

  it("is judged more surely at one of several looks, which the estimates do not follow", () => {
    const { high } = limits(0.05 / 2);
    const bound = `rate<${high + 1e-6}`;
    expect([at(bound, ALONE), at(bound, { spent: 1 / 2, family: 1 })]).toEqual(["pass", "undecided"]);
    const thresholds = asking(bound);
    const options = { seed: "s", confidence: 0.95, thresholds };
    const [once, often] = [1, 1 / 6].map((spent) =>
      pooledResult(runs, { ...options, judging: { spent, family: 1 } }),
    );
    expect(often!.estimates).toEqual(once!.estimates);
    expect([once!.judgedAt, often!.judgedAt]).toEqual([0.95, expect.closeTo(1 - 0.05 / 6, 12)]);
  });

  it("on equality fails once one of them does, and tells how rare it may still be", () => {
    const [none, one] = [judged(shedding([0, 0, 0]))[1]!, judged(shedding([0, 1, 0]))[1]!];
    expect([none.verdict, one.verdict]).toEqual(["pass", "fail"]);
    expect(none).toMatchObject({ observed: 0, low: 0, method: "zero-events" });
    expect(none.high).toBeGreaterThan(0.5);
  });

  it("on extremes is of what was observed, of all of them together", () => {
    const thresholds = [stated("ttft", "max<2s"), stated("ttft", "min>=2s")];
    const runs = shedding([1, 2], thresholds);
    expect(judged(runs, thresholds)).toMatchObject([
      { verdict: "pass", observed: 1 + 98 / 200, low: null, method: "extreme" },
      { verdict: "fail", observed: 1, high: null, method: "extreme" },
    ]);
  });

  it("never passes on zero events of too few runs, however many attempts they had", () => {
    const thresholds = asking("rate<10%");
    const none = (runs: number) => verdicts(shedding(Array(runs).fill(0), thresholds), thresholds)[0];
    // 1 - 0.025^(1 / n) is below 0.1 from 36 runs on.
    expect([none(8), none(35), none(36)]).toEqual(["undecided", "undecided", "pass"]);
  });

  it("passes on zero events of fewer runs where a bad run sheds little", () => {
    const thresholds = asking("rate<10%");
    const runs = shedding(Array(8).fill(0), thresholds);
    const options = { seed: "s", confidence: 0.95, thresholds, worstRun: 0.2 };
    expect(pooledResult(runs, options).thresholds[0]).toMatchObject({
      verdict: "pass",
      method: "zero-events",
    });
  });

  it("of what is completed passes above its bound, however little a bad run loses", () => {
    const thresholds = [stated("completed_rate{tier:standard}", "rate>80%"), ...asking("rate>80%")];
    const found = pooledResult(shedding(counts, thresholds), {
      ...{ seed: "s", confidence: 0.95, thresholds, worstRun: 0.05 },
    }).thresholds;
    expect(found.map(({ verdict }) => verdict)).toEqual(["pass", "fail"]);
    for (const { low, observed, high } of found) expect(low! < observed! && observed! < high!).toBe(true);
  });

  it("counts as one run does, on average", () => {
    const counted = judged(shedding([0, 0]))[3]!;
    expect([counted.observed, counted.verdict]).toEqual([100, "pass"]);
  });

  it("has no data where none of them has, and some where one has", () => {
    const empty = smallRun("s/1", [ttft(), ttft()]);
    const full = smallRun("s/2", [ttft(1, 1.5), ttft()]);
    expect(verdicts([empty, empty])[2]).toBe("no-data");
    expect(judged([empty, full, full])[2]).toMatchObject({ observed: 1, n: 2 });
  });

  it("is undecided where only one of them has any, as of one seed alone", () => {
    const [empty, full] = [smallRun("s/1", [ttft(), ttft()]), smallRun("s/2", [ttft(1), ttft()])];
    expect(judged([empty, full])[2]).toMatchObject({ observed: 1, verdict: "undecided", method: "one-seed" });
  });

  it("passes without data where it may", () => {
    const thresholds = [stated("ttft", "p(50)<1s", true)];
    const empty = smallRun("s/1", [ttft(), ttft()], { thresholds });
    expect(verdicts([empty, empty], thresholds)).toEqual(["pass"]);
  });

  it("fails where one of them never came back, and says so", () => {
    const completed = (after: number) => Array.from({ length: 20 }, (_, bin) => (bin < 10 ? 50 : after));
    const thresholds = [stated("recovery_time", "value<60s")];
    const run = (after: number) => {
      const none = completed(0).map(() => 0);
      const counts = { attempts: none, rateLimited: none, overloaded: none, unavailable: none };
      const tiers = [{ tier: "standard", completed: completed(after), ...counts, outputTokens: none }];
      return smallRun("s", [ttft(1), ttft()], {
        trigger: { from: 100, until: 120, window: 20, share: 0.9 },
        series: { interval: 10, tiers, pools: [] },
        time: { simulated: 200, warmup: 0, measured: 200, arrivals: 200 },
        thresholds,
      });
    };
    const [back, stuck] = [run(50), run(10)];
    expect(judged([back, stuck], thresholds)[0]).toMatchObject({ verdict: "fail", observed: null, n: 2 });
    const { estimates } = pooledResult([back, stuck], { seed: "s", confidence: 0.95, thresholds });
    const never = estimates.find(({ metric }) => metric === "recovery_time");
    expect(never).toMatchObject({ value: null, low: null, high: null, method: "never" });
    expect(verdicts([back, back], thresholds)).toEqual(["pass"]);
  });
});
