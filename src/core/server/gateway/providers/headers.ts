// The fields of an answer, in its headers and its body, by the family that its provider has: what is left of an
// account's limits, when to come back, why a request was dropped, which tier and pool served it. Rows are data; a cold
// function makes texts of them, once per answer that is really sent. Knows nothing of how limits are kept.
import { REASONS, type Reason, type ReasonName } from "../../../base/outcome.js";
import type { Duration } from "../../../base/units.js";
import { AMOUNTS, retryAfterText, WAITS, type WaitForm, type WallClock } from "./header-texts.js";

/** What an account is limited in. */
export type LimitDimension = "requests" | "promptTokens" | "uncachedPromptTokens" | "generatedTokens";

/** How one limit of an account stands. */
export interface LimitState {
  /** A dimension, or what no header shows. */
  readonly name: string;
  /** Undefined for what no clock brings back; likewise `reset`. */
  readonly perMinute: number | undefined;
  /** The most that can be there at once: of a quota, whose limit is of no minute, what is shown as the limit. */
  readonly size?: number | undefined;
  /** What may be taken at once; below 0 in debt. */
  readonly remaining: number;
  /** Until all of it may be taken again. */
  readonly reset: Duration | undefined;
}

/** One header of a family, and what it shows. */
export type HeaderRow = { readonly name: string } & (
  | {
      readonly shows: "limit" | "remaining";
      /** The first of these that is limited. */
      readonly of: readonly LimitDimension[];
      readonly as: keyof typeof AMOUNTS;
    }
  | { readonly shows: "reset"; readonly of: readonly LimitDimension[]; readonly as: WaitForm }
  | { readonly shows: "retry-after"; readonly as: "seconds" | "milliseconds" }
  | { readonly shows: "should-retry" }
  | { readonly shows: "dropped"; readonly words: Readonly<Partial<Record<ReasonName, string>>> }
  | ShowsServed
);

/** The tier and the pool that served it; the pool that it was meant for, and the one it went to, only of a spill. */
interface ShowsServed {
  readonly shows: "served-tier" | "served-pool" | "spilled-from" | "spilled-to";
}

/** One field of the body of an answer, as a path of keys like `usage.service_tier`, and what it shows. */
export type BodyRow = { readonly name: string } & ShowsServed;

/** What has served a call. */
export interface ServedFacts {
  /** In the provider's word: see `toldTier`. */
  readonly tier: string;
  readonly pool: string;
  /** The pool of the path that the caller named. */
  readonly meantFor: string;
}

export interface HeaderFacts extends WallClock {
  /** What is refused, as the wire has it; undefined for an answer. */
  readonly refusal?:
    | {
        readonly reason: Reason;
        readonly retryAfter: Duration | undefined;
        readonly shouldRetry: boolean | undefined;
      }
    | undefined;
  /** Those of its account that it falls under; of several of a dimension the one with the least left is shown. */
  readonly limits?: readonly LimitState[] | undefined;
  /** Undefined for a refusal. */
  readonly served?: ServedFacts | undefined;
}

export type Field = readonly [name: string, value: string];

/** The fields of an answer, in the family's order; those that have nothing to show are left out. */
export function fieldsOf(rows: readonly HeaderRow[], facts: HeaderFacts): Field[] {
  return rows.flatMap((row): Field[] => {
    const value = textOf(row, facts);
    return value === undefined ? [] : [[row.name, value]];
  });
}

function textOf(row: HeaderRow, facts: HeaderFacts): string | undefined {
  const { refusal, served } = facts;
  switch (row.shows) {
    case "limit":
    case "remaining": {
      const state = stateOf(row.of, facts);
      const amount = row.shows === "limit" ? (state?.perMinute ?? state?.size) : state?.remaining;
      return amount === undefined ? undefined : AMOUNTS[row.as](amount);
    }
    case "reset": {
      const reset = stateOf(row.of, facts)?.reset;
      return reset === undefined ? undefined : WAITS[row.as](reset, facts);
    }
    case "retry-after":
      return refusal?.retryAfter && retryAfterText(refusal.retryAfter, row.as, facts);
    case "should-retry":
      return refusal?.shouldRetry === undefined ? undefined : String(refusal.shouldRetry);
    case "dropped":
      return refusal && row.words[REASONS[refusal.reason]!.name];
    case "served-tier":
      return served?.tier;
    case "served-pool":
      return served?.pool;
    case "spilled-from":
      return isSpilled(served) ? served.meantFor : undefined;
    case "spilled-to":
      return isSpilled(served) ? served.pool : undefined;
  }
}

function isSpilled(served: ServedFacts | undefined): served is ServedFacts {
  return served !== undefined && served.pool !== served.meantFor;
}

function stateOf(
  dimensions: readonly LimitDimension[],
  { limits = [] }: HeaderFacts,
): LimitState | undefined {
  for (const dimension of dimensions) {
    const found = limits.filter(({ name }) => name === dimension);
    if (found.length > 0)
      return found.reduce((least, one) => (one.remaining < least.remaining ? one : least));
  }
  return undefined;
}
