import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pooledResult, withoutInfinity } from "../../../../src/core/results/build/pooled.js";
import type { Estimate, RunResult } from "../../../../src/core/results/shape/result.js";
import { gear } from "../../../support/mode.js";
import { poolRow } from "../../../support/report-result.js";
import { stated } from "../../../support/stated-threshold.js";
import { sessionTotals } from "../shape/session-totals.js";
import { SMALL_THRESHOLDS, type SmallTier, smallRun } from "../shape/small-runs.js";

const options = { seed: "s", confidence: 0.95, thresholds: SMALL_THRESHOLDS };
const pool = (...runs: readonly RunResult[]) => pooledResult(runs, options);

const tier = fc.record({
  ttfts: fc.array(fc.double({ min: 0.01, max: 9, noNaN: true }), { maxLength: 8 }),
  shed: fc.nat(5),
});
const small = fc.tuple(tier, tier, fc.nat(2)).map((tiers) => smallRun("s/1", tiers));
const several = fc.array(small, { minLength: 2, maxLength: 6 });

const ttft = (...ttfts: number[]): SmallTier => ({ ttfts, shed: 0 });
const shed = (count: number, served: number): SmallTier => ({
  ttfts: Array.from({ length: served }, () => 1),
  shed: count,
});

/** Numbers may differ in the last digits that adding up in another order leaves. */
function expectClose(found: unknown, wanted: unknown): void {
  if (typeof wanted === "number") expect(found).toBeCloseTo(wanted, 9);
  else if (typeof wanted === "object" && wanted !== null) {
    expect(Object.keys(found as object).sort()).toEqual(Object.keys(wanted).sort());
    for (const [key, value] of Object.entries(wanted)) {
      expectClose((found as Readonly<Record<string, unknown>>)[key], value);
    }
  } else expect(found).toBe(wanted);
}

describe("replications pooled", () => {
  it("are, of one run, that run, though one replication has no interval", () => {
    fc.assert(
      fc.property(small, (run) => {
        const { thresholds, estimates, seed, ...rest } = pool(run);
        const { thresholds: _, estimates: own, seed: __, ...wanted } = run;
        expectClose(rest, wanted);
        expect(seed).toBe("s");
        expectClose(
          estimates.map(({ metric, value }) => [metric, value]),
          own.map(({ metric, value }) => [metric, value]),
        );
        expectClose(
          thresholds.map(({ metric, expression, observed }) => [metric, expression, observed]),
          run.thresholds.map(({ metric, expression, observed }) => [metric, expression, observed]),
        );
        expect(estimates.filter(({ method }) => method === "replications")).toEqual([]);
      }),
      { numRuns: gear(10, 30) },
    );
  });

  it("add up: their counts are sums, of every tier and of all", () => {
    fc.assert(
      fc.property(several, (runs) => {
        const { all, tiers, accounts } = pool(...runs);
        const sum = (numbers: readonly number[]) => numbers.reduce((so, one) => so + one, 0);
        expect(all.attempts).toBe(sum(runs.map((run) => run.all.attempts)));
        for (const row of [...tiers, all]) {
          expect(sum(Object.values(row.outcomes))).toBe(row.attempts);
          const { offered, completed, failed, open } = row.requests;
          expect(offered).toBe(completed + failed + open);
        }
        expect(sum(tiers.map((row) => row.attempts))).toBe(all.attempts);
        expect(sum(tiers.map((row) => row.reasons.overloaded_capacity ?? 0))).toBe(
          all.reasons.overloaded_capacity ?? 0,
        );
        expect(sum(accounts.map((row) => row.attempts))).toBe(
          sum(runs.flatMap((run) => run.accounts.map((row) => row.attempts))),
        );
      }),
      { numRuns: gear(10, 30) },
    );
  });

  it("say the same in whatever order they are", () => {
    fc.assert(
      fc.property(several, (runs) => {
        const told = (result: RunResult) => {
          const { estimates, thresholds, all, time } = result;
          const tiers = [...result.tiers].sort((a, b) => a.tier.localeCompare(b.tier));
          return { estimates, thresholds, all, time, tiers };
        };
        expectClose(told(pool(...[...runs].reverse())), told(pool(...runs)));
      }),
      { numRuns: gear(10, 30) },
    );
  });

  it("have the estimates of all of them when some were pooled before", () => {
    fc.assert(
      fc.property(several, small, (runs, last) => {
        const { estimates, replications } = pool(pool(...runs), last);
        const direct = pool(...runs, last);
        expect([estimates, replications]).toEqual([direct.estimates, direct.replications]);
      }),
      { numRuns: gear(10, 30) },
    );
  });

  it("keep what each seed said, in the order of the estimates", () => {
    const runs = [smallRun("s/1", [ttft(1), shed(1, 3)]), smallRun("s/2", [ttft(2), shed(0, 5)])];
    const { replications, estimates, confidence } = pool(...runs);
    expect([replications.map(({ seed }) => seed), confidence]).toEqual([["s/1", "s/2"], 0.95]);
    const index = estimates.findIndex(
      ({ metric }) => metric === "overloaded_rate{tier:priority,per:attempt}",
    );
    const told = replications.map(({ values, weights }) => [values[index], weights[index]]);
    expect(told).toEqual([
      [0.25, 4],
      [0, 5],
    ]);
    expect(estimates[index]).toMatchObject({ value: 1 / 9, n: 2, method: "replications" });
  });

  it("have means of quantiles, and the extremes of all", () => {
    const runs = [smallRun("s/1", [ttft(1, 2, 3), ttft()]), smallRun("s/2", [ttft(5), ttft()])];
    const { tiers } = pool(...runs);
    expect(tiers[0]!.ttft).toMatchObject({ count: 4, mean: 11 / 4, min: 1, max: 5, p50: 3.5, exact: true });
    expect(tiers[1]!.ttft).toMatchObject({ count: 0, mean: null, min: null, max: null, p50: null });
  });

  it("have throughput as the mean over all, also over those in which a tier did not occur", () => {
    const runs = [smallRun("s/1", [ttft(1), ttft()]), smallRun("s/2", [ttft(), ttft()])];
    expect(pool(...runs).tiers[0]!.throughput).toBeCloseTo(1.1 / 2, 12);
  });

  it("list `unrouted` where one of them has it", () => {
    const runs = [smallRun("s/1", [ttft(1), ttft()]), smallRun("s/2", [ttft(1), ttft(), 3])];
    const { tiers, all } = pool(...runs);
    expect(tiers.map((row) => [row.tier, row.attempts])).toEqual([
      ["standard", 2],
      ["priority", 0],
      ["unrouted", 3],
    ]);
    expect(all.attempts).toBe(5);
  });

  it("are partial where one of them is, or where it is said", () => {
    const whole = smallRun("s/1", [ttft(1), ttft()]);
    const part = smallRun("s/2", [ttft(1), ttft()], { partial: true });
    expect([pool(whole, whole), pool(whole, part)].map(({ partial }) => partial)).toEqual([false, true]);
    expect(pooledResult([whole], { ...options, partial: true }).partial).toBe(true);
  });

  it("pool sessions by what became of them", () => {
    const run = (finished: readonly number[], abandoned: number) =>
      smallRun("s", [ttft(1), ttft()], {
        sessions: [{ source: "agents", totals: sessionTotals([...finished], abandoned) }],
      });
    const [one, two] = [run([10, 20], 1), run([40], 0)];
    const [agents] = pool(one, two).sessions;
    expect(agents).toMatchObject({ source: "agents", finished: 3, abandoned: 1, abandonRate: 0.25 });
    const [first, second] = [one.sessions[0]!, two.sessions[0]!];
    const cost = (first.costPerFinished! * 2 + second.costPerFinished!) / 3;
    expect(agents!.costPerFinished).toBeCloseTo(cost, 12);
    expect(agents!.duration).toMatchObject({ count: 3, min: 10, max: 40 });
  });

  it("pool pools by their averages, and by the highest peak", () => {
    const shared = { pool: "shared", profile: null, estimate: false, replicas: 1, gpus: 1, slots: 8 };
    const row = (slotsBusyMean: number | null, kvPeak: number | null, preemptions: number) => ({
      ...shared,
      ...{
        slotsBusyMean,
        gpuSeconds: { ready: 10, ...(preemptions > 1 ? { lost: 1 } : {}) },
        kvUsedMean: null,
        kvPeak,
        kvTokens: null,
        queuedMean: 1,
        preemptions,
        lostTokens: 7,
      },
    });
    const runs = [row(2, 5, 1), row(4, 3, 2), row(null, null, 0)].map((one) =>
      smallRun("s", [ttft(1), ttft()], { pools: [one] }),
    );
    const sums = { lostTokens: 21, gpuSeconds: { ready: 30, lost: 1 } };
    expect(pool(...runs).pools).toEqual([{ ...row(3, 5, 3), ...sums }]);
  });

  it("have what their fleets had: capacity on average, GPU-seconds together", () => {
    const runs = [10, 12].map((replicas) => {
      const shared = {
        ...poolRow("shared"),
        replicas,
        slots: 8 * replicas,
        kvTokens: 1000 * replicas,
        gpus: replicas,
      };
      return smallRun("s", [ttft(1), ttft()], {
        pools: [shared],
        fleet: { gpus: 20, gpuSeconds: { ready: replicas } },
      });
    });
    const { pools, fleet } = pool(...runs);
    expect(pools[0]).toMatchObject({ replicas: 11, slots: 88, kvTokens: 11_000, gpus: 11 });
    expect(fleet).toEqual({ gpus: 20, gpuSeconds: { ready: 22 } });
  });

  it("must be of one scenario", () => {
    const one = smallRun("s/1", [ttft(1), ttft()]);
    const other = { ...one, estimates: one.estimates.slice(1) };
    expect(() => pool(one, other)).toThrow("the same measures");
    expect(() => pool()).toThrow("there is a replication to pool");
  });
});

describe("a threshold over replications", () => {
  const verdicts = (runs: readonly RunResult[], judgedAt = 0.95) =>
    pooledResult(runs, { ...options, judgedAt }).thresholds.map(({ verdict }) => verdict);
  const runs = (...counts: readonly number[]) =>
    counts.map((count, index) => smallRun(`s/${index + 1}`, [shed(count, 100 - count), ttft()]));

  it("passes, fails or stays open by the interval around its rate", () => {
    expect(verdicts(runs(1, 2, 1, 2))[0]).toBe("pass");
    expect(verdicts(runs(40, 41, 39, 40))[0]).toBe("fail");
    expect(verdicts(runs(2, 18, 5, 15))[0]).toBe("undecided");
  });

  it("is judged at its own confidence, which the estimates do not follow", () => {
    const some = runs(7, 9, 8, 7);
    const [sure, surer] = [0.95, 0.99999].map((judgedAt) => pooledResult(some, { ...options, judgedAt }));
    expect([sure!.thresholds[0]!.verdict, surer!.thresholds[0]!.verdict]).toEqual(["pass", "undecided"]);
    expect(surer!.estimates).toEqual(sure!.estimates);
    expect(surer!.thresholds[0]!.high).toBeGreaterThan(sure!.thresholds[0]!.high!);
  });

  it("on equality fails once one of them does", () => {
    expect([verdicts(runs(0, 0, 0))[1], verdicts(runs(0, 1, 0))[1]]).toEqual(["pass", "fail"]);
  });

  it("counts as one run does, on average", () => {
    const counted = pool(...runs(0, 0)).thresholds[3]!;
    expect([counted.observed, counted.verdict]).toEqual([100, "pass"]);
  });

  it("has no data where none of them has, and some where one has", () => {
    const empty = smallRun("s/1", [ttft(), ttft()]);
    const full = smallRun("s/2", [ttft(1), ttft()]);
    expect(verdicts([empty, empty])[2]).toBe("no-data");
    expect(pool(empty, full, full).thresholds[2]).toMatchObject({ observed: 1, n: 2, verdict: "pass" });
  });

  it("passes without data where it may", () => {
    const thresholds = [stated("ttft", "p(50)<1s", true)];
    const empty = smallRun("s/1", [ttft(), ttft()], { thresholds });
    expect(pooledResult([empty, empty], { ...options, thresholds }).thresholds[0]!.verdict).toBe("pass");
  });

  it("fails where one of them never came back, and says so", () => {
    const completed = (after: number) => Array.from({ length: 20 }, (_, bin) => (bin < 10 ? 50 : after));
    const thresholds = [stated("recovery_time", "value<60s")];
    const pooled = (...runs: readonly RunResult[]) => pooledResult(runs, { ...options, thresholds });
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
    expect(pooled(back, stuck).thresholds[0]).toMatchObject({ verdict: "fail", observed: null, n: 2 });
    const never = pooled(back, stuck).estimates.find(({ metric }) => metric === "recovery_time");
    expect(never).toMatchObject({ value: null, low: null, high: null, method: "none" });
    expect(pooled(back, back).thresholds[0]!.verdict).toBe("pass");
  });
});

describe("what JSON has no word for", () => {
  it("is null: a value that never came", () => {
    const estimate = (value: number | null): Estimate => ({
      ...{ metric: "recovery_time", aggregation: "value", unit: "seconds", better: "lower" },
      ...{ value, low: null, high: null, n: 1, method: "none" },
    });
    expect(
      [Number.POSITIVE_INFINITY, 3, null].map((value) => withoutInfinity(estimate(value)).value),
    ).toEqual([null, 3, null]);
  });
});
