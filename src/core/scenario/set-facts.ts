// What the name of a preset of limits or of a provider sets, key by key, each with where it is from: for those who look
// it up. Knows the data of both, and no run.
import { OUTCOMES, outcomeOf, type ReasonName, reasonCode } from "../base/outcome.js";
import type { DatedSource, Origin } from "../document/definition.js";
import type { OptionFacts } from "../document/option-facts.js";
import { showDuration } from "../document/units.js";
import { written } from "../document/written.js";
import type { Answer, AnsweredOutcome, Part, Provider } from "../server/gateway/providers/provider.js";
import type { LimitPreset } from "./limit-presets.js";

const TEXTS: Readonly<Record<keyof LimitPreset["limits"], string>> = {
  requests: "Requests of an account, over all its models.",
  promptTokens: "Prompt tokens of an account and model, cached ones included.",
  uncachedPromptTokens: "Prompt tokens that are not in the prefix cache.",
  generatedTokens: "Generated tokens.",
  burst: "How long a full bucket lasts at its rate.",
};

export function presetFacts(
  { burst, ...rates }: LimitPreset["limits"],
  origins: LimitPreset["origins"],
): OptionFacts[] {
  const facts = Object.entries(rates).map(
    ([name, { rate }]): OptionFacts => ({
      name,
      default: `${rate * 60}/min`,
      from: name === "requests" ? origins.requests : origins.tokens,
      text: TEXTS[name as keyof typeof rates],
    }),
  );
  return [...facts, { name: "burst", default: showDuration(burst), from: "ours", text: TEXTS.burst }];
}

const ANSWERED: Readonly<Record<AnsweredOutcome, string>> = {
  rate_limited: "Over an account limit.",
  overloaded: "No room.",
  unavailable: "An outage.",
  invalid: "A call that is wrong in itself.",
};

/** Answers, waits and tiers of a provider. */
export function providerFacts(provider: Provider): OptionFacts[] {
  const { answers, byReason, byTier, retryAfter, serviceTiers } = provider;
  const limits = provider.headers.filter(({ shows }) => ["limit", "remaining", "reset"].includes(shows));
  const served = provider.headers.flatMap(({ name, shows }) =>
    /^(served|spilled)-/.test(shows) ? [name] : [],
  );
  const body = provider.body.map(({ name }) => name);
  const fact = (name: string, value: string, part: Part, text: string): OptionFacts => ({
    name,
    default: value,
    from: originsOf(provider, part),
    text,
  });
  const answered = (name: string, answer: Answer, outcome: Part, text: string) =>
    fact(name, `${answer.status} ${answer.code}`, outcome, text);
  const outcomes = Object.entries(answers) as [AnsweredOutcome, Answer][];
  return [
    ...outcomes.map(([outcome, answer]) => answered(outcome, answer, outcome, ANSWERED[outcome])),
    ...Object.entries(byReason).map(([reason, answer]) =>
      answered(reason, answer, partOf(reason), "This reason alone."),
    ),
    ...Object.entries(byTier).flatMap(([tier, own]) =>
      (Object.entries(own) as [AnsweredOutcome, Answer][]).map(([outcome, answer]) =>
        answered(`${outcome} (${tier})`, answer, outcome, "On this tier alone."),
      ),
    ),
    fact("retryAfter.rateLimited", waitText(retryAfter.rateLimited), "retryAfter", "Over an account limit."),
    fact("retryAfter.overloaded", waitText(retryAfter.overloaded), "retryAfter", "No room."),
    fact(
      "retryAfter.shouldRetry",
      written(retryAfter.shouldRetry),
      "shouldRetry",
      "x-should-retry, where it is sent.",
    ),
    fact(
      "serviceTiers",
      serviceTiers.known.join(" ") || "not read",
      "serviceTiers",
      "What callers may ask for.",
    ),
    fact("unknownTier", serviceTiers.unknown, "serviceTiers", "What any other gets."),
    fact(
      "limits",
      `${limits.length === 0 ? "no" : limits.length} headers`,
      "limits",
      "What is left of an account's limits.",
    ),
    fact(
      "served",
      [...served, ...body].join(" "),
      "served",
      "Which tier and pool served it: headers, and a key of the body.",
    ),
  ];
}

export function providerSources({ sources, date }: Provider): DatedSource[] {
  return sources.map(({ of, from, sure }) => ({ text: `${of}: ${from} (${sure})`, date }));
}

/** Whose sources tell of a reason: those of its outcome, and an error in a stream has the words of an overload. */
function partOf(reason: string): Part {
  const outcome = OUTCOMES[outcomeOf(reasonCode(reason as ReasonName))];
  return outcome === "evicted" ? "overloaded" : (outcome as AnsweredOutcome);
}

/** How sure the sources of a part are, each once. */
function originsOf({ sources }: Provider, part: Part): string {
  const origins = sources.filter(({ parts }) => parts.includes(part)).map(({ sure }): Origin => sure);
  return [...new Set(origins)].join(", ");
}

function waitText(wait: Provider["retryAfter"]["rateLimited"]): string {
  return typeof wait === "number" ? showDuration(wait) : wait;
}
