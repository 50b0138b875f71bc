// How an attempt can end, and why. One closed list for the whole project: the gateway refuses with a reason,
// the ledger counts by outcome and reason, the report prints them. Codes are small integers so that the hot
// path stores them in typed arrays; names appear only in results.

export const OUTCOMES = [
  "in_flight",
  "completed",
  "rate_limited",
  "overloaded",
  "unavailable",
  "timed_out",
  "cancelled",
  "invalid",
  "evicted",
] as const;
export type OutcomeName = (typeof OUTCOMES)[number];

/** Index into OUTCOMES. */
export const Outcome = {
  inFlight: 0,
  completed: 1,
  rateLimited: 2,
  overloaded: 3,
  unavailable: 4,
  timedOut: 5,
  cancelled: 6,
  invalid: 7,
  evicted: 8,
} as const;
export type Outcome = (typeof Outcome)[keyof typeof Outcome];

interface ReasonSpec {
  readonly name: string;
  readonly outcome: Outcome;
  /** HTTP status the caller sees; 0 where there is no response. */
  readonly status: number;
  /**
   * Place of its columns in summary.csv, where columns are only ever appended: those of a new reason come last, with a
   * place above that of every reason and metric so far.
   */
  readonly place: number;
}

const reason = <Name extends string>(name: Name, outcome: Outcome, status: number, place: number) =>
  ({ name, outcome, status, place }) as const;

/** Every reason, in the order in which results list them. */
export const REASONS = [
  reason("none", Outcome.completed, 200, 3),
  reason("requests", Outcome.rateLimited, 429, 3),
  reason("prompt_tokens", Outcome.rateLimited, 429, 3),
  reason("uncached_prompt_tokens", Outcome.rateLimited, 429, 3),
  reason("generated_tokens", Outcome.rateLimited, 429, 3),
  reason("overloaded_capacity", Outcome.overloaded, 503, 3),
  reason("queue_timeout", Outcome.overloaded, 503, 3),
  reason("displaced", Outcome.overloaded, 503, 3),
  reason("outage", Outcome.unavailable, 503, 3),
  reason("client_timeout", Outcome.timedOut, 0, 3),
  reason("hedge_lost", Outcome.cancelled, 0, 4),
  reason("caller_gone", Outcome.cancelled, 0, 4),
  reason("tier_not_offered", Outcome.invalid, 400, 3),
  reason("context_length", Outcome.invalid, 400, 3),
  reason("unknown_model", Outcome.invalid, 404, 3),
  reason("overloaded_delay", Outcome.overloaded, 503, 14),
  reason("overloaded_predicted", Outcome.overloaded, 503, 14),
  reason("evicted", Outcome.evicted, 503, 14),
  reason("ramp", Outcome.rateLimited, 429, 15),
  reason("concurrency", Outcome.rateLimited, 429, 15),
  reason("attempt_timeout", Outcome.timedOut, 0, 18),
  reason("request_timeout", Outcome.timedOut, 0, 18),
  reason("quota", Outcome.rateLimited, 429, 19),
] as const satisfies readonly ReasonSpec[];
export type ReasonName = (typeof REASONS)[number]["name"];

/** Index into REASONS. */
export type Reason = number;

export function reasonCode(name: ReasonName): Reason {
  return REASONS.findIndex((spec) => spec.name === name);
}

export function outcomeOf(code: Reason): Outcome {
  return REASONS[code]!.outcome;
}

export function statusOf(code: Reason): number {
  return REASONS[code]!.status;
}
