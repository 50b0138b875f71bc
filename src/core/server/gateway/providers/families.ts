// Families of headers that several providers share, and those rows that most of them have.
import type { BodyRow, HeaderRow, LimitDimension } from "./headers.js";

const PROMPT: readonly LimitDimension[] = ["promptTokens", "uncachedPromptTokens"];

/** `retry-after` in whole seconds. */
export const RETRY_AFTER: HeaderRow = { name: "retry-after", shows: "retry-after", as: "seconds" };
/** To the millisecond; clients that know it take it before `retry-after`. */
export const RETRY_AFTER_MS: HeaderRow = {
  name: "retry-after-ms",
  shows: "retry-after",
  as: "milliseconds",
};
export const SHOULD_RETRY: HeaderRow = { name: "x-should-retry", shows: "should-retry" };

/** Names of ours, where a provider has no header that tells a caller which tier or pool has served it. */
export const SERVED_TIER: HeaderRow = { name: "x-served-tier", shows: "served-tier" };
export const SERVED_POOL: HeaderRow = { name: "x-served-pool", shows: "served-pool" };
/** As the body of a chat completion has it. */
export const TIER_IN_BODY: BodyRow = { name: "service_tier", shows: "served-tier" };

/** `x-ratelimit-{limit,remaining,reset}-{requests,tokens}`, with the reset as "6m0s" or in whole seconds. */
export function rateLimitHeaders(reset: "clock" | "seconds"): readonly HeaderRow[] {
  const subjects: readonly (readonly [string, readonly LimitDimension[]])[] = [
    ["requests", ["requests"]],
    ["tokens", PROMPT],
  ];
  const amounts = (["limit", "remaining"] as const).flatMap((shows) =>
    subjects.map(
      ([subject, of]): HeaderRow => ({
        name: `x-ratelimit-${shows}-${subject}`,
        shows,
        of,
        as: "per minute",
      }),
    ),
  );
  const resets = subjects.map(
    ([subject, of]): HeaderRow => ({
      name: `x-ratelimit-reset-${subject}`,
      shows: "reset",
      of,
      as: reset,
    }),
  );
  return [...amounts, ...resets];
}

/** `anthropic-ratelimit-{requests,tokens,input-tokens,output-tokens}-{limit,remaining,reset}`. */
export function anthropicHeaders(): readonly HeaderRow[] {
  const subjects: readonly (readonly [string, readonly LimitDimension[]])[] = [
    ["requests", ["requests"]],
    ["tokens", [...PROMPT, "generatedTokens"]],
    // Of an input limit what is in the cache does not count, where we have such a limit.
    ["input-tokens", ["uncachedPromptTokens", "promptTokens"]],
    ["output-tokens", ["generatedTokens"]],
  ];
  return subjects.flatMap(([subject, of]): HeaderRow[] => [
    { name: `anthropic-ratelimit-${subject}-limit`, shows: "limit", of, as: "per minute" },
    {
      name: `anthropic-ratelimit-${subject}-remaining`,
      shows: "remaining",
      of,
      as: subject === "requests" ? "per minute" : "thousands",
    },
    { name: `anthropic-ratelimit-${subject}-reset`, shows: "reset", of, as: "RFC 3339" },
  ]);
}
