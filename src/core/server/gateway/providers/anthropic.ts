// Anthropic: a status of its own for overload, 529. Bodies have a type and no code.
import { anthropicHeaders, RETRY_AFTER, SERVED_POOL, SERVED_TIER, SHOULD_RETRY } from "./families.js";
import { type Answer, defineProvider } from "./provider.js";

const answer = (status: number, type: string): Answer => ({ status, type, code: type });

export const anthropic = defineProvider({
  name: "anthropic",
  summary: "429 for account limits, 529 overloaded_error, 500 api_error.",
  answers: {
    rate_limited: answer(429, "rate_limit_error"),
    overloaded: answer(529, "overloaded_error"),
    unavailable: answer(500, "api_error"),
    invalid: answer(400, "invalid_request_error"),
  },
  byReason: { unknown_model: answer(404, "not_found_error") },
  byTier: {},
  retryAfter: { rateLimited: "estimate", overloaded: "none", shouldRetry: { overloaded: true } },
  serviceTiers: {
    known: ["auto", "standard_only"],
    ofDefault: ["auto", "standard_only"],
    told: "standard",
    // Where a path is offered by it, that is what it asks for.
    toldAs: { auto: "priority" },
    unknown: "reject",
  },
  verbs: [
    {
      verb: "demote",
      what: "Priority to Standard beyond the committed capacity, where the caller said auto",
      on: ["limit"],
    },
  ],
  headers: [...anthropicHeaders(), RETRY_AFTER, SHOULD_RETRY, SERVED_TIER, SERVED_POOL],
  body: [{ name: "usage.service_tier", shows: "served-tier" }],
  date: "2026-11",
  sources: [
    {
      of: "429, 500, 504 and 529 with their types",
      parts: ["rate_limited", "overloaded", "unavailable", "invalid"],
      from: "anthropic-sdk-typescript 0.120.0 @bfa9197, 1.12.0",
      sure: "read",
    },
    {
      of: "a wait in the queue that ends: 529, not 504 timeout_error",
      parts: ["overloaded"],
      from: "no text says",
      sure: "ours",
    },
    {
      of: "x-should-retry: true on a 529",
      parts: ["shouldRetry"],
      from: "anthropic-sdk-typescript issue 616",
      sure: "excerpted",
    },
    {
      of: "anthropic-ratelimit-*, remaining rounded to thousands, reset in RFC 3339",
      parts: ["limits"],
      from: "docs.anthropic.com, rate limits",
      sure: "read",
    },
    {
      of: "retry-after in seconds on a 429; that it is the true wait is ours",
      parts: ["retryAfter"],
      from: "the same",
      sure: "excerpted",
    },
    {
      of: "service tiers",
      parts: ["serviceTiers", "invalid"],
      from: "messages.ts of the SDK; 400 for another value",
      sure: "memory",
    },
    { of: "no retry-after on a 529", parts: ["retryAfter"], from: "none seen", sure: "ours" },
    {
      of: "usage.service_tier in the body: the tier that was assigned",
      parts: ["served"],
      from: "platform.claude.com/docs/en/api/service-tiers",
      sure: "excerpted",
    },
    {
      of: "x-served-tier, x-served-pool",
      parts: ["served"],
      from: "it has no header for them",
      sure: "ours",
    },
  ],
});
