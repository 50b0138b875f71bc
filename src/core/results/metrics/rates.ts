// What shares of a tier's attempts and requests ended badly, and what retries add to them. Every row says of what it is
// a share: over replications both are added up. Knows counts only.
import { OUTCOMES, type OutcomeName, outcomeOf } from "../../base/outcome.js";
import {
  type Always,
  type Answers,
  type Ask,
  type AskText,
  ofSlice,
  perAttempt,
  perRequest,
  RATE,
  VALUE,
} from "./asks.js";
import { totalOf } from "./by-name.js";
import type { Counted, JudgedSlice } from "./judged.js";
import type { MetricKind } from "./kinds.js";
import { ratio, ratioOfSums } from "./pooling.js";
import type { ReadRow } from "./rows.js";

interface QuotientText<Name extends string> extends Pick<AskText<Name>, "name" | "better" | "basis"> {
  /** Of the column. */
  readonly means: string;
  readonly place: number;
  /** Whether batches of one run have its counts: they hold attempts and requests, by when they arrived. */
  readonly isBatched: boolean;
  readonly awaits: "attempts" | "requests";
  readonly always?: readonly Always[];
  readonly range?: Ask["range"];
  readonly alwaysOfCallers?: readonly Always[];
  readonly answers?: Answers;
}

type QuotientKind = MetricKind & ("rate" | "ratio");
type Count = (counted: Counted) => number;
/** A row of the results that a tier has its counts in as well. */
type CountedRow = Pick<Counted, keyof Counted>;
type Quotient<Name extends string> = ReadRow<JudgedSlice, number | null, Name, CountedRow>;

const attempts: Count = (counted) => counted.attempts;
const offered: Count = ({ requests }) => requests.offered;
const ended: Count = ({ requests }) => requests.failed + requests.completed;

function quotient<Name extends string>(
  text: QuotientText<Name>,
  kind: QuotientKind,
  part: Count,
  whole: Count,
): Quotient<Name> {
  const { name, means, place } = text;
  return {
    means,
    holds: { kind: "measured" },
    pool: ratioOfSums(part, whole),
    columns: [{ name, place, value: (value) => value }],
    texts: [{ names: `\`${name}\``, place, unit: UNIT_OF[kind], means }],
    read: ({ counted }) => ratio(part(counted), whole(counted)),
    asks: [quotientAsk(text, kind, part, whole)],
  };
}

const UNIT_OF = { rate: "share", ratio: "ratio" } as const;

function quotientAsk<Name extends string>(
  {
    name,
    better,
    basis,
    isBatched,
    awaits,
    always = [],
    alwaysOfCallers = [],
    range,
    answers,
  }: Omit<QuotientText<Name>, "means" | "place">,
  kind: QuotientKind,
  part: Count,
  whole: Count,
): Ask<Name> {
  const unit = UNIT_OF[kind];
  return {
    ...{ name, better, basis, unit, unitText: unit, of: "attempts", kind, always, alwaysOfCallers },
    ...(range && { range }),
    ...(answers && { answers }),
    isOfEither: false,
    isBatched,
    awaits,
    sample: ofSlice(({ counted }) => ({
      value: ratio(part(counted), whole(counted)),
      weight: whole(counted),
    })),
  };
}

type OutcomeAsk<Name extends string> = Pick<
  QuotientText<Name>,
  "name" | "better" | "always" | "alwaysOfCallers" | "answers"
>;
type OutcomeText<Name extends string> = OutcomeAsk<Name> & Pick<QuotientText<Name>, "means" | "place">;

const withOutcome =
  (outcome: OutcomeName): Count =>
  ({ outcomes }) =>
    outcomes[outcome];

const OF_ATTEMPTS = { basis: "attempts", isBatched: true, awaits: "attempts" } as const;

/** Of attempts, or of requests by how their last attempt ended. */
function outcomeRate<const Name extends string>(
  outcome: OutcomeName,
  text: OutcomeText<Name>,
): Quotient<Name> {
  const whole = { ...text, ...OF_ATTEMPTS };
  return { ...quotient(whole, "rate", withOutcome(outcome), attempts), asks: [outcomeAsk(outcome, text)] };
}

/** What a threshold may ask of it. */
function outcomeAsk<const Name extends string>(outcome: OutcomeName, text: OutcomeAsk<Name>): Ask<Name> {
  const whole = { ...text, ...OF_ATTEMPTS };
  const ofAttempts = quotientAsk(whole, "rate", withOutcome(outcome), attempts);
  const code = OUTCOMES.indexOf(outcome);
  const ofRequests = ofSlice(({ columns, counted }) => {
    const hits =
      outcome === "completed"
        ? counted.requests.completed
        : columns.requestReasons.reduce(
            (sum, count, reason) => (outcomeOf(reason) === code ? sum + count : sum),
            0,
          );
    return { value: ratio(hits, ended(counted)), weight: ended(counted) };
  });
  const sample: Ask["sample"] = (run, asked) =>
    (asked.per === "request" ? ofRequests : ofAttempts.sample)(run, asked);
  return { ...ofAttempts, isOfEither: true, sample };
}

export const TIER_RATES = {
  overloadedRate: outcomeRate("overloaded", {
    name: "overloaded_rate",
    better: "lower",
    means: "overloaded attempts / attempts",
    place: 1,
    always: [perAttempt, perRequest],
    alwaysOfCallers: [perAttempt],
    answers: { question: "shed", how: perAttempt },
  }),
  rateLimitedRate: outcomeRate("rate_limited", {
    name: "rate_limited_rate",
    better: "lower",
    means: "rate-limited attempts / attempts",
    place: 1,
    always: [perAttempt],
    alwaysOfCallers: [perAttempt],
  }),
  unavailableRate: outcomeRate("unavailable", {
    name: "unavailable_rate",
    better: "lower",
    means: "unavailable attempts / attempts",
    place: 1,
    always: [perAttempt],
  }),
  timedOutRate: outcomeRate("timed_out", {
    name: "timed_out_rate",
    better: "lower",
    means: "attempts whose callers gave up waiting / attempts",
    place: 8,
  }),
  evictedRate: outcomeRate("evicted", {
    name: "evicted_rate",
    better: "lower",
    means: "attempts that the fleet ended after their first token, for one of a higher rank / attempts",
    place: 14,
  }),
  objectiveMetRate: quotient(
    {
      name: "objective_met_rate",
      better: "higher",
      means: "completed attempts that met the objective of their path / attempts",
      place: 17,
      ...OF_ATTEMPTS,
    },
    "rate",
    ({ objectivesMet }) => objectivesMet,
    attempts,
  ),
  demotedRate: quotient(
    {
      name: "demoted_rate",
      better: "lower",
      means: "attempts served as another tier than they asked for / attempts",
      place: 14,
      ...OF_ATTEMPTS,
    },
    "rate",
    ({ demoted }) => demoted,
    attempts,
  ),
  spilledRate: quotient(
    {
      name: "spilled_rate",
      better: "none",
      means: "attempts served in another pool than that of their tier / attempts",
      place: 14,
      ...OF_ATTEMPTS,
    },
    "rate",
    ({ spilled }) => spilled,
    attempts,
  ),
  misreadRate: quotient(
    {
      name: "misread_rate",
      better: "lower",
      basis: "refused attempts: a 429 is read as an account limit, and so on",
      isBatched: true,
      awaits: "attempts",
      means:
        "refused attempts whose status and code name another cause than the true one / refused attempts; null where " +
        "none was refused",
      place: 16,
    },
    "rate",
    ({ misread }) => misread,
    ({ statuses }) => totalOf(statuses),
  ),
  amplification: quotient(
    {
      name: "amplification",
      better: "lower",
      basis: "attempts / requests",
      isBatched: true,
      awaits: "requests",
      means: "attempts for the requests offered, whenever they arrived / requests offered: what retries add",
      place: 2,
      range: [1, Number.POSITIVE_INFINITY],
      always: [VALUE],
    },
    "ratio",
    ({ requests }) => requests.attempts,
    offered,
  ),
  failureRate: quotient(
    {
      name: "failure_rate",
      better: "lower",
      basis: "requests that ended: logical failures",
      isBatched: true,
      awaits: "requests",
      means: "failed requests / requests that ended",
      place: 1,
      alwaysOfCallers: [RATE],
    },
    "rate",
    ({ requests }) => requests.failed,
    ended,
  ),
  giveUpRate: quotient(
    {
      name: "give_up_rate",
      better: "lower",
      basis: "requests that ended",
      isBatched: true,
      awaits: "requests",
      means: "requests given up / requests that ended",
      place: 5,
      always: [RATE],
    },
    "rate",
    ({ requests }) => requests.givenUp,
    ended,
  ),
};

/** What a threshold may ask for though no result lists it, since its counts say as much. */
export const UNLISTED_RATES = [
  outcomeAsk("invalid", { name: "invalid_rate", better: "lower" }),
  outcomeAsk("completed", { name: "completed_rate", better: "higher" }),
] as const;
