// What a result counts of a tier: attempts and requests by what became of them, and what clients did about it. Each row
// reads the tier's columns; counts of several replications are added up.
import { OUTCOMES, type OutcomeName, REASONS } from "../../base/outcome.js";
import { REFUSAL_STATUSES } from "../../base/status.js";
import type { TierColumns } from "../ledger/tier-columns.js";
import { type Ask, type AskText, type Awaited, type Better, ofSlice, unweighted } from "./asks.js";
import {
  type ByOutcome,
  type ByReason,
  type ByStatus,
  byOutcome,
  byReason,
  byStatus,
  totalOf,
} from "./by-name.js";
import { SUM, SUM_BY_NAME } from "./pooling.js";
import { group, type ReadRow } from "./rows.js";

/** A slice by its columns alone. */
export interface CountedSlice {
  readonly columns: TierColumns;
}

interface CountText<Name extends string> {
  /** Of the column and, where it is one, of the metric that a threshold may name. */
  readonly name: Name;
  readonly unit: string;
  readonly means: string;
  readonly place: number;
}

/** A count that no threshold may name. */
export function tally<Name extends string>(
  { name, unit, means, place }: CountText<Name>,
  read: (tier: CountedSlice) => number,
): ReadRow<CountedSlice, number> {
  return {
    means,
    holds: { kind: "count" },
    pool: SUM,
    columns: [{ name, place, value: (count) => count }],
    texts: [{ names: `\`${name}\``, place, unit, means }],
    read,
    asks: [],
  };
}

interface CounterText<Name extends string> extends CountText<Name> {
  readonly better: Better;
  readonly basis?: string;
  /** Default: nothing. */
  readonly awaits?: Awaited;
}

function counter<const Name extends string>(
  text: CounterText<Name>,
  read: (tier: CountedSlice) => number,
): ReadRow<CountedSlice, number, Name> {
  return { ...tally(text, read), asks: [askOf(text, read)] };
}

function askOf<Name extends string>(
  { name, better, unit, basis = "", awaits = "nothing" }: Omit<CounterText<Name>, "means" | "place">,
  read: (tier: CountedSlice) => number,
): Ask<Name> {
  const text: AskText<Name> = { name, better, basis, unit: "count", unitText: unit };
  const rest = { of: "attempts", kind: "counter", isOfEither: false, isBatched: false, always: [] } as const;
  return { ...text, ...rest, awaits, sample: ofSlice((tier) => unweighted(read(tier))) };
}

/** Outcomes that a threshold may count; the others are states of a run's end or errors of the caller. */
const ASKED = [
  "completed",
  "rate_limited",
  "overloaded",
  "unavailable",
  "timed_out",
  "cancelled",
  "evicted",
] as const;
type AskedOutcome = Extract<OutcomeName, (typeof ASKED)[number]>;

const OUTCOME_PLACE = 1;
/** Of outcomes that came later. */
const LATER_OUTCOMES: Readonly<Partial<Record<OutcomeName, number>>> = { evicted: 14 };

const OUTCOME_COUNTS: ReadRow<CountedSlice, ByOutcome, AskedOutcome> = {
  means: "the same attempts by outcome: every one is in exactly one of these",
  holds: { kind: "counts" },
  pool: SUM_BY_NAME,
  columns: OUTCOMES.map((name) => ({
    name,
    place: LATER_OUTCOMES[name] ?? OUTCOME_PLACE,
    value: (counts) => counts[name],
  })),
  texts: [
    {
      names: `\`${OUTCOMES[0]}\` … \`${OUTCOMES.at(-1)}\``,
      place: OUTCOME_PLACE,
      unit: "attempts",
      means: "the same by [outcome](#outcomes); these columns add up to `attempts`",
    },
  ],
  read: ({ columns }) => byOutcome(columns.outcomes),
  asks: ASKED.map((name) =>
    askOf(
      { name, unit: "attempts", better: name === "completed" ? "higher" : "lower", awaits: "attempts" },
      ({ columns }) => columns.outcomes[OUTCOMES.indexOf(name)]!,
    ),
  ),
};

interface ReasonText {
  /** What the counts are, and what each column is. */
  readonly means: string;
  readonly column: string;
  /** Of the columns, before the name of the reason. */
  readonly prefix: string;
  readonly unit: string;
  readonly place: number;
}

/** A column for every reason; a reason that came later than these columns stands where later ones do. */
function byReasons(
  { prefix, unit, means, column, place }: ReasonText,
  read: (columns: TierColumns) => Float64Array,
): ReadRow<CountedSlice, ByReason> {
  const causes = REASONS.filter(({ name }) => name !== "none");
  return {
    means,
    holds: { kind: "counts" },
    pool: SUM_BY_NAME,
    columns: causes.map(({ name, place: since }) => ({
      name: `${prefix}_${name}`,
      place: Math.max(place, since),
      value: (counts) => counts[name] ?? 0,
    })),
    texts: [{ names: `\`${prefix}_*\``, place, unit, means: column }],
    read: ({ columns }) => byReason(read(columns)),
    asks: [],
  };
}

const STATUS_PLACE = 16;

const STATUS_COUNTS: ReadRow<CountedSlice, ByStatus> = {
  means:
    "refused attempts by the HTTP status that their callers saw, whatever the cause; statuses that did not occur are " +
    "left out",
  holds: { kind: "counts" },
  pool: SUM_BY_NAME,
  columns: REFUSAL_STATUSES.map((status) => ({
    name: `status_${status}`,
    place: STATUS_PLACE,
    value: (counts) => counts[`${status}`] ?? 0,
  })),
  texts: [
    {
      names: REFUSAL_STATUSES.map((status) => `\`status_${status}\``).join(" "),
      place: STATUS_PLACE,
      unit: "attempts",
      means: "refused, one column per HTTP status that a [provider](providers.md) may answer with",
    },
  ],
  read: ({ columns }) => byStatus(columns.statuses),
  asks: [],
};

const REQUESTS = {
  offered: {
    ...tally(
      {
        name: "requests_offered",
        unit: "requests",
        means: "whose first attempt arrived in the measured window",
        place: 1,
      },
      ({ columns }) => columns.requestsOffered,
    ),
    asks: [
      askOf(
        { name: "requests", unit: "requests", better: "none", basis: "offered" },
        ({ columns }) => columns.requestsOffered,
      ),
    ],
  },
  attempts: tally(
    {
      name: "request_attempts",
      unit: "attempts",
      means: "for those requests, whenever they arrived and on whatever path",
      place: 10,
    },
    ({ columns }) => columns.requestAttempts,
  ),
  completed: tally(
    { name: "requests_completed", unit: "requests", means: "of those, completed", place: 1 },
    ({ columns }) => columns.requestsCompleted,
  ),
  failed: tally(
    { name: "requests_failed", unit: "requests", means: "of those, failed for good", place: 1 },
    ({ columns }) => columns.requestsFailed,
  ),
  givenUp: tally(
    {
      name: "requests_given_up",
      unit: "requests",
      means:
        "of the failed, those whose client gave up after a refusal, a timeout or a failure; the others were invalid",
      place: 4,
    },
    ({ columns }) => columns.requestsGivenUp,
  ),
  open: tally(
    { name: "requests_open", unit: "requests", means: "of those, neither when the run ended", place: 1 },
    ({ columns }) => columns.requestsOpen,
  ),
};

export const TIER_COUNTS = {
  attempts: counter(
    {
      name: "attempts",
      unit: "attempts",
      better: "none",
      means: "that arrived in the measured window",
      place: 1,
    },
    ({ columns }) => columns.attempts,
  ),
  outcomes: OUTCOME_COUNTS,
  reasons: byReasons(
    {
      prefix: "reason",
      unit: "attempts",
      means: "the same attempts by reason; reasons that did not occur are left out",
      column: "one column per [reason](#reasons)",
      place: 3,
    },
    (columns) => columns.reasons,
  ),
  statuses: STATUS_COUNTS,
  misread: counter(
    {
      name: "misread",
      unit: "attempts",
      better: "lower",
      means: "of the refused, those whose status and code name another cause than the true one",
      place: STATUS_PLACE,
      awaits: "attempts",
    },
    ({ columns }) => columns.misread,
  ),
  requests: group("what the callers wanted: requests, each of one or more attempts", REQUESTS),
  retries: {
    ...byReasons(
      {
        prefix: "retries",
        unit: "tries",
        means: "attempts that followed a failure, by its reason; likewise",
        column: "that followed a failure, one column per [reason](#reasons) of that failure",
        place: 7,
      },
      (columns) => columns.retries,
    ),
    asks: [
      askOf(
        {
          ...{ name: "retries", unit: "tries", better: "lower", basis: "that followed a failure" },
          awaits: "requests",
        },
        ({ columns }) => totalOf(byReason(columns.retries)),
      ),
    ],
  },
  hedges: counter(
    {
      name: "hedges",
      unit: "attempts",
      better: "none",
      means: "sent beside a first attempt that had not answered yet",
      place: 6,
    },
    ({ columns }) => columns.hedges,
  ),
  clientRejected: counter(
    {
      name: "client_rejected",
      unit: "tries",
      better: "lower",
      means: "that a client did not let leave (open breaker, throttle, rate limit): no attempts",
      place: 6,
    },
    ({ columns }) => columns.clientRejected,
  ),
  demoted: counter(
    {
      name: "demoted",
      unit: "attempts",
      better: "lower",
      means:
        "served as another tier than they asked for, at that one's price; counted in the tier they asked for",
      place: 14,
    },
    ({ columns }) => columns.demoted,
  ),
  spilled: counter(
    {
      name: "spilled",
      unit: "attempts",
      better: "none",
      means: "served in another pool than that of their tier",
      place: 14,
    },
    ({ columns }) => columns.spilled,
  ),
  objectivesMet: tally(
    {
      name: "objectives_met",
      unit: "attempts",
      means: "completed attempts that met the objective of their path; where that has none, all",
      place: 17,
    },
    ({ columns }) => columns.objectivesMet,
  ),
  wastedPrefillTokens: counter(
    {
      name: "wasted_prefill_tokens",
      unit: "tokens",
      better: "lower",
      means:
        "of prompts, computed for attempts that did not complete or whose callers had gone; of those that " +
        "ended in the measured window",
      place: 6,
    },
    ({ columns }) => columns.wastedPrefillTokens,
  ),
  wastedDecodeTokens: counter(
    {
      name: "wasted_decode_tokens",
      unit: "tokens",
      better: "lower",
      means: "generated for them, likewise",
      place: 6,
    },
    ({ columns }) => columns.wastedDecodeTokens,
  ),
};
