import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { REASONS, reasonCode } from "../../../../src/core/base/outcome.js";
import { TierColumns } from "../../../../src/core/results/ledger/tier-columns.js";
import type { JudgedSlice } from "../../../../src/core/results/metrics/judged.js";
import type { PooledRuns } from "../../../../src/core/results/metrics/pooling.js";
import { pooledRows, type Row } from "../../../../src/core/results/metrics/rows.js";
import {
  judgedSlice,
  SLICE_COLUMNS,
  TIER_ROWS,
  type TierResult,
  tierResult,
} from "../../../../src/core/results/metrics/tier.js";
import { tierCost } from "../../../../src/core/results/metrics/work.js";
import { rankedTrends } from "../../../../src/core/results/verdict/measures.js";
import { PooledValues } from "../../../../src/core/stats/pooled-values.js";
import { Ranking } from "../../../../src/core/stats/ranked-values.js";
import { gear } from "../../../support/mode.js";

const PRICE = { input: 2, cached: 0.5, output: 8 };
const MEASURED = 10;

interface Attempt {
  readonly reason: number;
  readonly seconds: number;
  readonly tokens: number;
  readonly isRetried: boolean;
}

const attempts = fc.array(
  fc.record({
    reason: fc.nat(REASONS.length - 1),
    seconds: fc.integer({ min: 1, max: 50 }),
    tokens: fc.integer({ min: 2, max: 900 }),
    isRetried: fc.boolean(),
  }),
  { maxLength: 12 },
);

/** Every attempt but those that are retried is the last of its request. */
function columnsOf(all: readonly Attempt[]): TierColumns {
  const columns = new TierColumns();
  for (const { reason, seconds, tokens, isRetried } of all) {
    columns.attempts++;
    columns.queueWait.add(seconds / 10);
    columns.ttft.add(seconds / 5);
    if (reason === reasonCode("none")) {
      columns.attemptCompleted(seconds, tokens / seconds);
      columns.tokensCompleted(3 * tokens, tokens, tokens);
      columns.generatedTokens += tokens;
    } else columns.attemptFailed(reason);
    if (isRetried && reason !== reasonCode("none")) {
      columns.retries[reason]!++;
      columns.hedges++;
      columns.clientRejected += 2;
      columns.wastedPrefillTokens += tokens;
      columns.wastedDecodeTokens += 2 * tokens;
    } else {
      columns.requestsOffered++;
      columns.requestEnded(reason);
    }
  }
  return columns;
}

function judged(columns: TierColumns): JudgedSlice {
  return judgedSlice({ name: "a", columns, cost: tierCost(columns, PRICE), measured: MEASURED });
}

const rowOf = (columns: TierColumns): TierResult => tierResult(judged(columns));

/** Replications of which each stands for itself, with the values of its trends. */
function pooledRuns(columns: readonly TierColumns[]): PooledRuns {
  const ranked = columns.map((one) =>
    rankedTrends({
      slices: { tier: [judged(one)], source: [], account: [] },
      sessions: [],
      recovery: null,
      fleet: null,
    }),
  );
  return {
    runs: columns.length,
    factors: columns.map(() => 1),
    pooledOf: (trend) =>
      new PooledValues(ranked.map((one) => ({ ranking: new Ranking(one[`${trend}{tier:a}`]!), factor: 1 }))),
  };
}

function merged(parts: readonly TierColumns[]): TierColumns {
  const columns = new TierColumns();
  for (const part of parts) columns.merge(part);
  return columns;
}

/** What each rule of pooling promises of a run that was cut into parts, by the rule's name. */
const PROMISES: Readonly<
  Record<string, (pooled: unknown, whole: unknown, parts: readonly unknown[]) => void>
> = {
  sum: (pooled, whole) => expectClose(pooled, whole),
  "ratio of sums": (pooled, whole) => expectClose(pooled, whole),
  "each by its own rule": (pooled, whole) => expectClose(pooled, whole),
  "the same in all": (pooled, whole) => expect(pooled).toEqual(whole),
  // Of a tier, whose only mean is a rate over time that is as long in every replication.
  mean: (pooled, whole, parts) => expectClose(pooled, (whole as number) / parts.length),
  "of all values together": (pooled, whole) => {
    const exact = ({ count, mean, min, max }: TierResult["ttft"]) => ({ count, mean, min, max });
    expectClose(exact(pooled as TierResult["ttft"]), exact(whole as TierResult["ttft"]));
  },
};

function expectClose(found: unknown, wanted: unknown): void {
  if (typeof wanted === "number") {
    expect(Math.abs((found as number) - wanted)).toBeLessThanOrEqual(1e-9 * (1 + Math.abs(wanted)));
  } else if (typeof wanted === "object" && wanted !== null) {
    for (const [key, value] of Object.entries(wanted)) {
      expectClose((found as Readonly<Record<string, unknown>>)[key], value);
    }
  } else expect(found).toEqual(wanted);
}

describe("the rows of a tier", () => {
  it("are pooled each by a rule that keeps its promise", () => {
    fc.assert(
      fc.property(fc.array(attempts, { minLength: 1, maxLength: 4 }), (runs) => {
        const columns = runs.map(columnsOf);
        const parts = columns.map(rowOf);
        const whole = rowOf(merged(columns));
        const pooled = pooledRows(TIER_ROWS, parts, pooledRuns(columns));
        for (const [key, { pool }] of Object.entries(TIER_ROWS)) {
          const promise = PROMISES[pool.name];
          expect(promise, `a rule called ${pool.name} has a law`).toBeDefined();
          promise!(
            pooled[key as keyof TierResult],
            whole[key as keyof TierResult],
            parts.map((part) => part[key as keyof TierResult]),
          );
        }
      }),
      { numRuns: gear(20, 60) },
    );
  });

  it("have the quantiles of all runs' values", () => {
    fc.assert(
      fc.property(fc.array(attempts, { minLength: 1, maxLength: 4 }), (runs) => {
        const columns = runs.map(columnsOf);
        const { ttft, latency } = pooledRows(TIER_ROWS, columns.map(rowOf), pooledRuns(columns));
        const all = merged(columns);
        for (const [row, sketch] of [
          [ttft, all.ttft],
          [latency, all.latency],
        ] as const) {
          const values = new PooledValues([{ ranking: new Ranking(sketch.ranked()), factor: 1 }]);
          const wanted = [0.5, 0.99].map((p) => (sketch.count === 0 ? null : values.quantile(p)));
          expect([row.p50, row.p99]).toEqual(wanted);
        }
      }),
      { numRuns: gear(20, 60) },
    );
  });

  it("do not compile without a rule", () => {
    // @ts-expect-error: a row has to say how it is pooled
    const planted: Row<number> = { means: "", holds: { kind: "count" }, columns: [], texts: [], asks: [] };
    expect(Object.hasOwn(planted, "pool")).toBe(false);
  });

  it("are the keys of a result, in their order", () => {
    expect(Object.keys(rowOf(new TierColumns()))).toEqual(Object.keys(TIER_ROWS));
    const pooled = pooledRows(TIER_ROWS, [rowOf(new TierColumns())], pooledRuns([new TierColumns()]));
    expect(Object.keys(pooled)).toEqual(Object.keys(TIER_ROWS));
  });

  it("have a column for every reason but none, of attempts and of retries", () => {
    const names = SLICE_COLUMNS.map(({ name }) => name);
    const causes = REASONS.map(({ name }) => name).filter((name) => name !== "none");
    for (const prefix of ["reason", "retries"]) {
      const found = names.filter((name) => name.startsWith(`${prefix}_`)).sort();
      expect(found).toEqual(causes.map((name) => `${prefix}_${name}`).sort());
    }
    expect(new Set(names).size).toBe(names.length);
    const hedgeLost = columnsOf([
      { reason: reasonCode("hedge_lost"), seconds: 1, tokens: 2, isRetried: true },
    ]);
    const row = rowOf(hedgeLost);
    const value = (name: string) => SLICE_COLUMNS.find((column) => column.name === name)!.value(row);
    expect([value("reason_hedge_lost"), value("retries_hedge_lost"), value("reason_outage")]).toEqual([
      1, 1, 0,
    ]);
  });

  it("leave the columns of what has no price empty", () => {
    const row = tierResult(judgedSlice({ name: "a", columns: new TierColumns(), cost: null, measured: 1 }));
    const cost = SLICE_COLUMNS.filter(({ name }) => name.startsWith("cost_"));
    expect(cost.map(({ value }) => value(row))).toEqual(cost.map(() => undefined));
    const runs = pooledRuns([new TierColumns(), new TierColumns()]);
    expect(pooledRows(TIER_ROWS, [row, row], runs).cost).toBeNull();
  });
});
