// What each cause is answered with, looked up by reason and path: a provider's answers, with what a scenario says
// instead. Made once per run, so that a refusal allocates nothing. Knows the wire, not why anything is refused.
import { NONE } from "../../../base/none.js";
import { OUTCOMES, type OutcomeName, REASONS, type Reason, type ReasonName } from "../../../base/outcome.js";
import { fireworks } from "./fireworks.js";
import type { Answer, AnsweredOutcome, Provider, RetryKey } from "./provider.js";

/** What a scenario says instead of its provider, by outcome or by reason: what it leaves out stays. */
export type AnswerChanges = Readonly<
  Partial<Record<AnsweredOutcome | ReasonName, { status?: number; type?: string; code?: string }>>
>;

/** What a refusal says, whatever its headers. */
export interface Said {
  readonly status: number;
  readonly type: string;
  readonly code: string;
  /** Which keys of `retryAfter` it goes by; undefined: it is not told when to come back. */
  readonly retry: RetryKey | undefined;
}

export class AnswerTable {
  /** Where no path takes the call, then by path; each by reason. */
  readonly #said: readonly Said[];

  /** `serviceTiers` by path: what callers write to get it. */
  constructor(
    provider: Provider = fireworks,
    changes: AnswerChanges = {},
    serviceTiers: readonly (string | undefined)[] = [],
  ) {
    const rows = [undefined, ...serviceTiers];
    this.#said = rows.flatMap((tier) => REASONS.map(({ name }) => saidOf(provider, changes, tier, name)));
  }

  /** Of a path that the table knows, or of none. */
  of(reason: Reason, path: number = NONE): Said {
    return this.#said[(path + 1) * REASONS.length + reason] ?? this.#said[reason]!;
  }
}

function saidOf(
  provider: Provider,
  changes: AnswerChanges,
  tier: string | undefined,
  name: ReasonName,
): Said {
  const spec = REASONS.find((one) => one.name === name)!;
  const outcome = answeredAs(OUTCOMES[spec.outcome]!);
  // What a caller does by itself, and what was answered whole, no provider refuses.
  if (!isAnswered(provider, outcome)) return { status: spec.status, type: "", code: "", retry: undefined };
  const ofTier = tier === undefined ? undefined : provider.byTier[tier]?.[outcome];
  const own = ofTier ?? provider.byReason[name] ?? provider.answers[outcome];
  const changed = { ...changes[outcome], ...changes[name] };
  const isChanged = Object.keys(changed).length > 0;
  const { status, type, code, retry }: Answer = { ...own, ...changed };
  return { status, type, code, retry: (isChanged ? undefined : retry) ?? RETRY_KEYS[outcome] };
}

/** An error in a stream has the words of an overload: its status was 200. */
const answeredAs = (outcome: OutcomeName): OutcomeName => (outcome === "evicted" ? "overloaded" : outcome);

function isAnswered({ answers }: Provider, outcome: string): outcome is AnsweredOutcome {
  return Object.hasOwn(answers, outcome);
}

const RETRY_KEYS: Readonly<Record<AnsweredOutcome, RetryKey | undefined>> = {
  rate_limited: "rateLimited",
  overloaded: "overloaded",
  unavailable: undefined,
  invalid: undefined,
};
