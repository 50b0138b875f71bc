import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pooledResult, pooledVerdicts, withoutInfinity } from "../../../../src/core/results/build/pooled.js";
import type { Estimate, RunResult, SeedStrata } from "../../../../src/core/results/shape/result.js";
import { SessionLives } from "../../../../src/core/stats/session-lives.js";
import { gear } from "../../../support/mode.js";
import { poolRow } from "../../../support/report-result.js";
import { stated } from "../../../support/stated-threshold.js";
import { scalingTotals } from "../metrics/fleets.js";
import { sessionTotals } from "../shape/session-totals.js";
import { plainFleet, SMALL_THRESHOLDS, type SmallTier, smallRun } from "../shape/small-runs.js";

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
  // An `expect` for each of what is equal would take most of the time.
  if (Object.is(found, wanted)) return;
  if (typeof wanted === "number") expect(found).toBeCloseTo(wanted, 9);
  else if (typeof wanted === "object" && wanted !== null) {
    const [keys, wantedKeys] = [found, wanted].map((one) => Object.keys(one as object).sort());
    if (keys!.join("\n") !== wantedKeys!.join("\n")) expect(keys).toEqual(wantedKeys);
    for (const [key, value] of Object.entries(wanted)) {
      expectClose((found as Readonly<Record<string, unknown>>)[key], value);
    }
  } else expect(found).toBe(wanted);
}

/** A quantile of one run is interpolated, that of several is a value that one of them measured. */
function withoutQuantiles(result: RunResult): RunResult {
  const plain = <Row extends RunResult["all"]>(row: Row): Row => {
    const entries = Object.entries(row).map(([key, cell]) => {
      if (typeof cell !== "object" || cell === null || !("p50" in cell)) return [key, cell];
      return [key, Object.fromEntries(Object.entries(cell).filter(([name]) => !/^p\d/.test(name)))];
    });
    return Object.fromEntries(entries) as Row;
  };
  return { ...result, tiers: result.tiers.map(plain), all: plain(result.all) };
}

describe("replications pooled", () => {
  it("are, of one run, that run, but for what it kept to be pooled, and for quantiles between two values", () => {
    fc.assert(
      fc.property(small, (run) => {
        const { seed, ...rest } = withoutQuantiles(pool(run));
        const { seed: _, replications, ...wanted } = withoutQuantiles(run);
        const kept = replications.map(({ ranked: __, lives: ___, ...one }) => one);
        expectClose(rest, { ...wanted, replications: kept });
        expect(seed).toBe("s");
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

  it("have the quantiles and the extremes of all their values together", () => {
    const runs = [smallRun("s/1", [ttft(1, 2, 3), ttft()]), smallRun("s/2", [ttft(5), ttft()])];
    const { tiers, all } = pool(...runs);
    const wanted = { count: 4, mean: 11 / 4, min: 1, max: 5, p50: 2, p99: 5, exact: true };
    expect([tiers[0]!.ttft, all.ttft]).toMatchObject([wanted, wanted]);
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
    // Three finished ones at 30 cents, one abandoned at 10.
    expect(agents!.costPerFinished).toBeCloseTo(1 / 3, 12);
    expect(agents!.duration).toMatchObject({ count: 3, min: 10, max: 40 });
  });

  /** Sessions spend $1 at 1, 3, 5, 7 and 9 s and finish at 10 s; a run sees of one of them 2 s. */
  const glimpse = (part: number) => {
    const lives = new SessionLives();
    lives.entered(2e6 * part);
    lives.spent(2e6 * part + 1e6, 1);
    if (part < 4) lives.left(2e6 * (part + 1));
    else lives.finished(10e6, 5);
    const totals = { startedCount: part === 0 ? 1 : 0, finishedCount: 0, abandonedCount: 0, lives };
    return smallRun(`s/${part}`, [ttft(1), ttft()], { sessions: [{ source: "agents", totals }] });
  };

  it("know what a session costs though each of them sees but a part of one", () => {
    const runs = [0, 1, 2, 3, 4, 0, 1, 2, 3, 4].map(glimpse);
    const seen = runs.map(({ sessions: [one] }) => one!.costPerFinished).filter((cost) => cost !== null);
    expect(seen).toEqual([1, 1]);
    const { sessions, estimates, replications } = pool(...runs);
    expect(sessions[0]).toMatchObject({ costPerFinished: 5, abandonRate: 0, openShare: 0 });
    const cost = estimates.find(({ metric }) => metric === "session_cost{source:agents}")!;
    expect(cost).toMatchObject({ value: 5, low: 5, high: 5, n: 2, oneRun: { low: 1, high: 1 } });
    expect(replications.every((one) => !("lives" in one))).toBe(true);
    const young = pool(...[0, 1, 2, 3].map(glimpse));
    expect(young.sessions[0]).toMatchObject({ costPerFinished: null, abandonRate: null, openShare: 1 });
  });

  it("pool pools by their averages, and by the highest peak", () => {
    const shared = {
      pool: "shared",
      profile: null,
      engineVersion: undefined,
      estimate: false,
      uncertainty: null,
      replicas: 1,
      gpus: 1,
      slots: 8,
    };
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
        cutOutputs: 2,
        cutTokens: 9,
        scaling: null,
        gpuCost: preemptions > 1 ? 1.5 : 0.25,
      },
    });
    const runs = [row(2, 5, 1), row(4, 3, 2), row(null, null, 0)].map((one) =>
      smallRun("s", [ttft(1), ttft()], { pools: [one] }),
    );
    const sums = {
      lostTokens: 21,
      cutOutputs: 6,
      cutTokens: 27,
      gpuSeconds: { ready: 30, lost: 1 },
      gpuCost: 2,
    };
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
        fleet: plainFleet(20, { ready: replicas }),
      });
    });
    const { pools, fleet } = pool(...runs);
    expect(pools[0]).toMatchObject({ replicas: 11, slots: 88, kvTokens: 11_000, gpus: 11 });
    expect(fleet).toMatchObject({ gpus: 20, gpuSeconds: { ready: 22 } });
  });

  it("have an interval around what GPUs cost by what was got for it, and around a share of time that was 0", () => {
    const runs = [2, 4, 3].map((total, index) =>
      smallRun(`s/${index + 1}`, [ttft(1, 1), ttft(...Array.from({ length: index }, () => 1))], {
        thresholds: [stated("lag_rate", "rate<10%"), stated("gpu_cost", "value<9")],
        fleet: {
          ...plainFleet(8, { ready: 80 }),
          ...{ isPriced: true, bill: { total, unused: 0 } },
          scaling: scalingTotals({ measured: 10 }),
        },
      }),
    );
    const { estimates, fleet } = pooledResult(runs, {
      ...{ seed: "s", confidence: 0.95 },
      thresholds: [stated("lag_rate", "rate<10%"), stated("gpu_cost", "value<9")],
    });
    const found = (name: string) => estimates.find(({ metric }) => metric === name)!;
    // 22, 33 and 44 tokens.
    const tokens = found("cost_per_million_tokens");
    expect(tokens).toMatchObject({ value: expect.closeTo((9 / 99) * 1e6, 6), n: 3, method: "replications" });
    expect([tokens.low! < tokens.value!, tokens.value! < tokens.high!]).toEqual([true, true]);
    expect(found("gpu_cost")).toMatchObject({ value: 3, n: 3, method: "replications" });
    expect(fleet.gpuCost).toMatchObject({ total: 9, tokens: 99, perMillionTokens: (9 / 99) * 1e6 });
    const lag = found("lag_rate");
    expect(lag).toMatchObject({ value: 0, low: 0, method: "zero-events" });
    expect(lag.high).toBeGreaterThan(0);
  });

  it("must be of one scenario", () => {
    const one = smallRun("s/1", [ttft(1), ttft()]);
    const other = { ...one, estimates: one.estimates.slice(1) };
    expect(() => pool(one, other)).toThrow("the same measures");
    expect(() => pool()).toThrow("there is a replication to pool");
  });

  it("must have kept the values of their trends", () => {
    const bare = [1, 2].map((seed) => smallRun(`s/${seed}`, [ttft(1), ttft()], { isPooled: false }));
    expect(() => pool(...bare)).toThrow("keeps the values of its trends");
    // What is pooled is not kept once more.
    const whole = pool(...[1, 2].map((seed) => smallRun(`s/${seed}`, [ttft(1), ttft()])));
    expect(whole.replications.map((one) => Object.keys(one))).toEqual([
      ["seed", "values", "weights"],
      ["seed", "values", "weights"],
    ]);
  });
});

describe("replications on seeds that were chosen by strata", () => {
  const strata: SeedStrata = {
    blocks: [
      {
        candidates: 40,
        strata: [
          { share: 0.8, seeds: ["s/1", "s/2"] },
          { share: 0.2, seeds: ["s/3", "s/4"] },
        ],
      },
    ],
  };
  const runs = [0, 2, 20, 40].map((count, index) =>
    smallRun(`s/${index + 1}`, [{ ttfts: Array(100 - count).fill(1 + index), shed: count }, ttft()]),
  );
  const chosen = pooledResult(runs, { ...options, strata });

  it("count as often as they stand for, in every row and estimate", () => {
    const rate = 0.8 * 0.01 + 0.2 * 0.3;
    expect(chosen.tiers[0]!.overloadedRate).toBeCloseTo(rate, 12);
    expect(chosen.estimates[0]!.value).toBeCloseTo(rate, 12);
    expect(chosen.estimates[0]!.method).toBe("strata");
    // As many attempts as four random runs have.
    expect(chosen.all.attempts).toBeCloseTo(400, 9);
    expect(chosen.accounts.reduce((sum, row) => sum + row.attempts, 0)).toBeCloseTo(400, 9);
    expect(pooledResult(runs, options).tiers[0]!.overloadedRate).toBeCloseTo(0.155, 12);
  });

  it("have quantiles that count values so", () => {
    // By what they stand for 1 s and 2 s have 160 and 157 of 373 values; as they are, 100 and 98 of 338.
    expect([chosen.all.ttft.p50, pooledResult(runs, options).all.ttft.p50]).toEqual([2, 2]);
    expect([chosen.all.ttft.p75, pooledResult(runs, options).all.ttft.p75]).toEqual([2, 3]);
  });

  it("tell how they were chosen, and what was computed as it is", () => {
    expect([chosen.strata, pooledResult(runs, options).strata]).toEqual([strata, null]);
    expect(chosen.work).toEqual(pooledResult(runs, options).work);
  });

  it("must all have been run", () => {
    expect(() => pooledResult(runs.slice(1), { ...options, strata })).toThrow(
      "every seed of a stratum was run",
    );
  });
});

describe("replications of accounts that swing", () => {
  const runs = [1, 2, 3, 4].map((count) => smallRun(`s/${count}`, [shed(count, 100 - count), ttft()]));

  it("have no interval of a rate, and no verdict on one, but where strata were chosen", () => {
    const swinging = pooledResult(runs, { ...options, swings: true });
    expect(swinging.estimates[0]).toMatchObject({ low: null, high: null, n: 4, method: "swings" });
    expect(swinging.thresholds[0]).toMatchObject({ observed: 0.025, method: "swings", verdict: "undecided" });
    const stratum = { share: 1, seeds: runs.map(({ seed }) => seed) };
    const strata = { blocks: [{ candidates: 9, strata: [stratum] }] };
    expect(pooledResult(runs, { ...options, swings: true, strata }).estimates[0]!.method).toBe("strata");
  });
});

describe("verdicts alone", () => {
  it("are those of the whole result", () => {
    const runs = [1, 2, 3, 4].map((count) => smallRun(`s/${count}`, [shed(count, 100 - count), ttft()]));
    const { estimates, thresholds } = pool(...runs);
    expect(pooledVerdicts(runs, options)).toMatchObject({ estimates, thresholds });
  });
});

describe("what JSON has no word for", () => {
  it("is null: a value that never came", () => {
    const estimate = (value: number | null): Estimate => ({
      ...{ metric: "recovery_time", aggregation: "value", unit: "seconds", better: "lower" },
      ...{ value, low: null, high: null, n: 1, method: "never", oneRun: null },
    });
    expect(
      [Number.POSITIVE_INFINITY, 3, null].map((value) => withoutInfinity(estimate(value)).value),
    ).toEqual([null, 3, null]);
  });
});
