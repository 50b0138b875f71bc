// The headers of an answer, by the family that its provider has: what is left of an account's limits, when to come back,
// why a request was dropped, which tier or pool served it. Rows are data; a cold function makes texts of them, once per
// answer that is really sent. Knows nothing of how limits are kept.
import { REASONS, type Reason, type ReasonName } from "../../../base/outcome.js";
import {
  type Duration,
  type Instant,
  MICROS_PER_MINUTE,
  MICROS_PER_SECOND,
  seconds,
} from "../../../base/units.js";

/** What an account is limited in. */
export type LimitDimension = "requests" | "promptTokens" | "uncachedPromptTokens" | "generatedTokens";

/** How one limit of an account stands. */
export interface LimitState {
  /** Per minute. */
  readonly limit: number;
  /** What may be taken at once; below 0 in debt. */
  readonly remaining: number;
  /** Until all of it may be taken again. */
  readonly reset: Duration;
}

/** By dimension; what is not limited is left out. */
export type LimitStates = Readonly<Partial<Record<LimitDimension, LimitState>>>;

/** Texts of an amount, and of a wait. */
const AMOUNTS = {
  "per minute": (amount: number) => whole(amount),
  "per second": (amount: number) => whole(amount / 60),
  thousands: (amount: number) => whole(Math.round(amount / 1000) * 1000),
} as const;

type WaitForm = "seconds" | "milliseconds" | "clock" | "RFC 3339";

const WAITS: Readonly<Record<WaitForm, (wait: Duration, facts: HeaderFacts) => string>> = {
  seconds: (wait: Duration) => String(Math.ceil(wait / MICROS_PER_SECOND)),
  milliseconds: (wait: Duration) => String(Math.ceil(wait / 1000)),
  clock: clockText,
  "RFC 3339": (wait: Duration, { now, startedAt }: HeaderFacts) =>
    new Date(startedAt + Math.ceil((now + wait) / 1000)).toISOString(),
};

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
  | { readonly shows: "should-retry" | "served-tier" | "spilled-from" | "served-by" }
  | { readonly shows: "dropped"; readonly words: Readonly<Partial<Record<ReasonName, string>>> }
);

export interface HeaderFacts {
  /** What is refused, as the wire has it; undefined for an answer. */
  readonly refusal?:
    | {
        readonly reason: Reason;
        readonly retryAfter: Duration | undefined;
        readonly shouldRetry: boolean | undefined;
      }
    | undefined;
  readonly limits?: LimitStates | undefined;
  /** The service tier that served it, where another did than was asked for. */
  readonly servedTier?: string | undefined;
  /** The pool that it was meant for and the one that served it, where they differ. */
  readonly spill?: { readonly from: string; readonly to: string } | undefined;
  readonly now: Instant;
  /** Of the wall clock at the start: milliseconds since 1970. */
  readonly startedAt: number;
}

export type Header = readonly [name: string, value: string];

/** The headers of an answer, in the family's order; those that have nothing to show are left out. */
export function headersOf(rows: readonly HeaderRow[], facts: HeaderFacts): Header[] {
  return rows.flatMap((row): Header[] => {
    const value = textOf(row, facts);
    return value === undefined ? [] : [[row.name, value]];
  });
}

function textOf(row: HeaderRow, facts: HeaderFacts): string | undefined {
  const { refusal, servedTier, spill } = facts;
  switch (row.shows) {
    case "limit":
    case "remaining": {
      const state = stateOf(row.of, facts);
      return state && AMOUNTS[row.as](state[row.shows]);
    }
    case "reset": {
      const state = stateOf(row.of, facts);
      return state && WAITS[row.as](state.reset, facts);
    }
    case "retry-after":
      return refusal?.retryAfter && WAITS[row.as](asSent(refusal.retryAfter, row.as), facts);
    case "should-retry":
      return refusal?.shouldRetry === undefined ? undefined : String(refusal.shouldRetry);
    case "dropped":
      return refusal && row.words[REASONS[refusal.reason]!.name];
    case "served-tier":
      return servedTier;
    case "spilled-from":
      return spill?.from;
    case "served-by":
      return spill?.to;
  }
}

const MINUTE = MICROS_PER_MINUTE;

/** Rounded up to what the unit can say, and below a minute where the wait is: some clients ignore a minute. */
function asSent(wait: Duration, unit: "seconds" | "milliseconds"): Duration {
  return unit === "seconds" && wait < MINUTE ? (Math.min(wait, seconds(59)) as Duration) : wait;
}

function stateOf(dimensions: readonly LimitDimension[], { limits }: HeaderFacts): LimitState | undefined {
  const found = dimensions.find((dimension) => limits?.[dimension] !== undefined);
  return found && limits?.[found];
}

/** Never more than there is, and 0 in debt. */
function whole(amount: number): string {
  return String(Math.max(0, Math.floor(amount)));
}

/** As OpenAI writes it: "1s", "6m0s", "250ms", "1h0m0s". */
function clockText(wait: Duration): string {
  if (wait > 0 && wait < MICROS_PER_SECOND) return `${Math.ceil(wait / 1000)}ms`;
  const total = Math.ceil(wait / MICROS_PER_SECOND);
  const [hours, minutes] = [Math.floor(total / 3600), Math.floor((total % 3600) / 60)];
  const rest = `${total % 60}s`;
  if (hours > 0) return `${hours}h${minutes}m${rest}`;
  return minutes > 0 ? `${minutes}m${rest}` : rest;
}
