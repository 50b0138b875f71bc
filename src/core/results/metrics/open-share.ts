// How much of what a metric is about had not ended when the run did. What takes long is missing from such a number, and
// nothing says which way it would move: above 5 % no verdict rests on it. Knows rows of a result, not thresholds.
import type { Asked, Awaited } from "./asks.js";
import { metricNamed } from "./metrics.js";
import { ratio } from "./pooling.js";
import type { SessionResult } from "./sessions.js";
import { ALL_TIERS, type Sliced, tagOf } from "./sliced.js";
import type { TierResult } from "./tier.js";

interface OpenRow {
  readonly attempts: number;
  readonly outcomes: Pick<TierResult["outcomes"], "in_flight">;
  readonly requests: Pick<TierResult["requests"], "offered" | "open">;
}

interface OpenRows {
  readonly tiers: readonly (OpenRow & Pick<TierResult, "tier">)[];
  readonly all: OpenRow;
  readonly sources: readonly (OpenRow & { readonly source: string })[];
  readonly trackedAccounts: readonly (OpenRow & { readonly account: string })[];
  readonly sessions: readonly Pick<SessionResult, "source" | "started" | "openShare">[];
}

/**
 * Of one result, or of many replications pooled: the share that is open of the attempts, requests or sessions that a
 * metric is of, from 0 to 1. 0 for what waits for nothing, and where nothing came up. A quantile of sessions waits for
 * none of them: it has no value where it was not reached.
 */
export function openShareOf(result: OpenRows, subject: Asked & { readonly metric: string }): number {
  const metric = metricNamed(subject.metric);
  if (metric === undefined) return 0;
  const awaited = metric.isOfEither && subject.per === "request" ? "requests" : metric.awaits;
  if (awaited === "nothing") return 0;
  if (awaited !== "sessions") {
    const row = rowOf(result, subject);
    return row === undefined ? 0 : openShareOfRow(row, awaited);
  }
  if (metric.kind === "trend" && subject.aggregation !== "avg") return 0;
  const rows = result.sessions.filter(
    ({ source }) => subject.source === source || subject.source === ALL_TIERS,
  );
  const started = rows.reduce((sum, row) => sum + row.started, 0);
  const open = rows.reduce((sum, row) => sum + row.started * (row.openShare ?? 0), 0);
  return ratio(open, started) ?? 0;
}

function rowOf({ tiers, all, sources, trackedAccounts }: OpenRows, sliced: Sliced): OpenRow | undefined {
  const tag = tagOf("attempts", sliced)!;
  const name = sliced[tag];
  if (name === ALL_TIERS) return all;
  if (tag === "tier") return tiers.find(({ tier }) => tier === name);
  // The only source is all of them, and has no row of its own.
  if (tag === "source") return sources.find(({ source }) => source === name) ?? all;
  return trackedAccounts.find(({ account }) => account === name);
}

/** Of a tier, or of whatever else has its counts. */
export function openShareOfRow(row: OpenRow, awaited: Extract<Awaited, "attempts" | "requests">): number {
  const share =
    awaited === "attempts"
      ? ratio(row.outcomes.in_flight, row.attempts)
      : ratio(row.requests.open, row.requests.offered);
  return share ?? 0;
}
