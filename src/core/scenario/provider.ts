// The part of a scenario that says whose API it is: a provider by name, with what is different. Knows the shape, and
// which causes can be answered otherwise; what providers answer is theirs to say.
import * as z from "zod";
import { suggest } from "../base/nearest.js";
import { OUTCOMES, REASONS } from "../base/outcome.js";
import { REFUSAL_STATUSES } from "../base/status.js";
import { nameOf } from "../document/definition.js";
import { notEmpty } from "../document/units.js";
import { choices, expected, quote } from "../document/words.js";
import type { AnswerChanges } from "../server/gateway/providers/answers.js";
import { PROVIDERS, type ProviderName, providerNamed } from "../server/gateway/providers/registry.js";
import type { retryAfter } from "./limits.js";

const status = z.literal(REFUSAL_STATUSES, {
  error: expected(`a status of a refusal: ${choices(REFUSAL_STATUSES.map(String))}`),
});
const word = z
  .string({ error: expected("a word, like server_is_overloaded") })
  .regex(/^[A-Za-z0-9_.-]{1,64}$/, {
    error: (issue) => `${quote(issue.input)} is not a word: letters, digits, "_", "-" and ".", at most 64`,
  });

const change = z.union(
  [
    status.transform((value) => ({ status: value })),
    z
      .strictObject({
        status: status.exactOptional().describe("HTTP status."),
        type: word.exactOptional().describe("The type of the body's error."),
        code: word.exactOptional().describe("Its code."),
      })
      .refine(notEmpty, "changes nothing: write a status, a type or a code"),
  ],
  { error: expected("a status, or a map like {status: 503, code: server_is_overloaded}") },
);

/** Outcomes of refusals: all of their reasons alike; and those reasons. */
const REFUSED = ["rate_limited", "overloaded", "unavailable"] as const;
const CAUSES: string[] = [
  ...REFUSED,
  ...REASONS.filter(({ outcome }) => (REFUSED as readonly string[]).includes(OUTCOMES[outcome]!)).map(
    ({ name }) => name,
  ),
];

const cause = z
  .string()
  .refine((name) => CAUSES.includes(name), {
    error: (issue) => {
      const named = String(issue.input);
      return `no refusal is for ${quote(named)}: ${suggest(named, CAUSES) ?? `write ${choices(CAUSES)}`}`;
    },
  })
  .meta({ enum: CAUSES });

const answers = z.record(cause, change);

const FORMS = "the name of a provider, or a map like {preset: anthropic, answers: {overloaded: 503}}";

/** Whose API it is, and what it answers otherwise. */
export interface ProviderChoice {
  readonly preset: ProviderName;
  readonly answers: AnswerChanges;
  readonly unknownTier?: "default" | "reject";
}

/** Parses to the map either way. */
export const provider = z.union(
  [
    nameOf(PROVIDERS).transform((preset): ProviderChoice => ({ preset, answers: {} })),
    z
      .strictObject({
        preset: nameOf(PROVIDERS).prefault("fireworks").describe("Provider by name: docs/providers.md."),
        answers: answers
          .prefault({})
          .describe("What causes are answered with instead: by outcome, or by reason, which goes first."),
        unknownTier: z
          .enum(["default", "reject"])
          .exactOptional()
          .describe(
            "A service tier that no path offers: it is taken for the default, or a 400. Default: the provider's.",
          ),
      })
      .transform((given) => given as ProviderChoice),
  ],
  { error: expected(FORMS) },
);

type RetryAfterFile = z.output<typeof retryAfter>;

/** What goes with refusals: as the scenario says, and where it says nothing as its provider does. */
export function resolveRetryAfter(given: RetryAfterFile, { preset }: Pick<ProviderChoice, "preset">) {
  const own = providerNamed(preset).retryAfter;
  return {
    overloaded: given.overloaded ?? own.overloaded,
    rateLimited: given.rateLimited ?? own.rateLimited,
    shouldRetry: { ...own.shouldRetry, ...given.shouldRetry },
    jitter: given.jitter,
  };
}
