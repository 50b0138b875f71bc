// What callers are sent in the usual cases, as a provider writes it: answers served as asked for, demoted and spilled,
// and refusals of each kind. For those who look a provider up; no run needs it.
import { type ReasonName, reasonCode } from "../../../base/outcome.js";
import { type Duration, instant, seconds } from "../../../base/units.js";
import { AnswerTable } from "./answers.js";
import { type Field, fieldsOf, type HeaderFacts, type LimitState, type ServedFacts } from "./headers.js";
import { type Provider, type RetryKey, toldTier } from "./provider.js";

export interface ExampleAnswer {
  readonly when: string;
  /** HTTP status. */
  readonly status: number;
  /** Type and code of a refusal's error, wherever the provider writes them; one where it has no codes. */
  readonly error: readonly string[];
  readonly headers: readonly Field[];
  /** What tells the tier. Keys as paths, as in `usage.service_tier`. */
  readonly body: readonly Field[];
}

/** An account that has used up one of its limits for now. */
const LIMITS: readonly LimitState[] = [
  { name: "requests", perMinute: 6000, remaining: 5123, reset: seconds(9) },
  { name: "promptTokens", perMinute: 3_600_000, remaining: 1200, reset: seconds(60) },
  { name: "uncachedPromptTokens", perMinute: 900_000, remaining: 412_000, reset: seconds(33) },
  { name: "generatedTokens", perMinute: 36_000, remaining: 30_500, reset: seconds(10) },
];

/** The first instant of 2026, UTC. */
const STARTED_AT = 1_767_225_600_000;

const FACTS: HeaderFacts = { limits: LIMITS, now: instant(0), startedAt: STARTED_AT };

/** Until an account's limit has enough again. */
const ESTIMATE = seconds(12);

const REFUSALS: readonly (readonly [when: string, reason: ReasonName])[] = [
  ["over the account's limit of prompt tokens", "prompt_tokens"],
  ["no room", "overloaded_capacity"],
  ["an outage", "outage"],
];

export function exampleAnswers(provider: Provider): ExampleAnswer[] {
  const [better, usual] = [toldTier(provider, betterThanUsual(provider)), toldTier(provider, undefined)];
  return [
    served(provider, "served as asked for", { tier: better, pool: "first", meantFor: "first" }),
    served(provider, "demoted to the default tier", { tier: usual, pool: "first", meantFor: "first" }),
    served(provider, "spilled to another pool", { tier: better, pool: "second", meantFor: "first" }),
    ...REFUSALS.map(([when, reason]) => refused(provider, when, reason)),
  ];
}

/** What a caller asks for to be served before others, where there is such a tier. */
function betterThanUsual({ serviceTiers: { known, ofDefault, toldAs = {} } }: Provider): string | undefined {
  const others = known.filter((tier) => tier !== "flex" && (!ofDefault.includes(tier) || tier in toldAs));
  return others.find((tier) => tier === "priority") ?? others[0];
}

function served({ headers, body }: Provider, when: string, by: ServedFacts): ExampleAnswer {
  const facts = { ...FACTS, served: by };
  return { when, status: 200, error: [], headers: fieldsOf(headers, facts), body: fieldsOf(body, facts) };
}

function refused(provider: Provider, when: string, name: ReasonName): ExampleAnswer {
  const reason = reasonCode(name);
  const { status, type, code, retry } = new AnswerTable(provider).of(reason);
  const shouldRetry = retry === undefined ? undefined : provider.retryAfter.shouldRetry[retry];
  const refusal = { reason, retryAfter: waitOf(provider, retry), shouldRetry };
  return {
    when,
    status,
    error: [...new Set([type, code])],
    headers: fieldsOf(provider.headers, { ...FACTS, refusal }),
    body: [],
  };
}

function waitOf({ retryAfter }: Provider, retry: RetryKey | undefined): Duration | undefined {
  const wait = retry === undefined ? "none" : retryAfter[retry];
  if (wait === "none") return undefined;
  return wait === "estimate" ? ESTIMATE : wait;
}
