// Fireworks, after it split its refusals: 429 for an account's own limits, 503 for a full fleet, and another 503 for an
// outage, told apart by the code of the body. The simulator's default.
import {
  RETRY_AFTER,
  RETRY_AFTER_MS,
  SERVED_POOL,
  SERVED_TIER,
  SHOULD_RETRY,
  TIER_IN_BODY,
} from "./families.js";
import { defineProvider, SILENT } from "./provider.js";

export const fireworks = defineProvider({
  name: "fireworks",
  summary: "429 for account limits, 503 overloaded and 503 unavailable told apart by the code.",
  answers: {
    rate_limited: { status: 429, type: "rate_limit_error", code: "rate_limit_exceeded" },
    overloaded: { status: 503, type: "service_overloaded_error", code: "service_overloaded" },
    unavailable: { status: 503, type: "service_unavailable_error", code: "service_unavailable" },
    invalid: { status: 400, type: "invalid_request_error", code: "invalid_request" },
  },
  byReason: {
    unknown_model: { status: 404, type: "invalid_request_error", code: "model_not_found" },
    tier_not_offered: { status: 400, type: "invalid_request_error", code: "invalid_service_tier" },
    context_length: { status: 400, type: "invalid_request_error", code: "context_length_exceeded" },
  },
  byTier: {},
  retryAfter: SILENT,
  serviceTiers: { known: ["priority"], ofDefault: [], told: "default", unknown: "default" },
  verbs: [],
  headers: [
    {
      name: "X-Ratelimit-Limit-Tokens-Prompt",
      shows: "limit",
      of: ["promptTokens"],
      as: "per second",
    },
    {
      name: "X-Ratelimit-Limit-Tokens-Cache-Adjusted-Prompt",
      shows: "limit",
      of: ["uncachedPromptTokens"],
      as: "per second",
    },
    {
      name: "X-Ratelimit-Limit-Tokens-Generated",
      shows: "limit",
      of: ["generatedTokens"],
      as: "per second",
    },
    { name: "x-ratelimit-limit-requests", shows: "limit", of: ["requests"], as: "per minute" },
    { name: "x-ratelimit-remaining-requests", shows: "remaining", of: ["requests"], as: "per minute" },
    RETRY_AFTER_MS,
    RETRY_AFTER,
    SHOULD_RETRY,
    SERVED_TIER,
    SERVED_POOL,
  ],
  body: [TIER_IN_BODY],
  date: "2026-11",
  sources: [
    {
      of: "statuses",
      parts: ["rate_limited", "overloaded", "unavailable", "invalid"],
      from: "docs.fireworks.ai/serverless/rate-limits, guides/inference-error-codes",
      sure: "read",
    },
    {
      of: "types and codes",
      parts: ["rate_limited", "overloaded", "unavailable", "invalid"],
      from: "the bodies of 429 and 503 are not documented",
      sure: "ours",
    },
    {
      of: "limits of tokens in headers, per second",
      parts: ["limits"],
      from: "docs.fireworks.ai/serverless/rate-limits; those of requests: older pages",
      sure: "read",
    },
    {
      of: "an unknown service tier is the default",
      parts: ["serviceTiers"],
      from: "docs.fireworks.ai, API reference",
      sure: "read",
    },
    {
      of: "retry-after",
      parts: ["retryAfter", "shouldRetry"],
      from: "none documented; what a scenario sets goes out in both forms",
      sure: "ours",
    },
    {
      of: "service_tier in the body, x-served-tier, x-served-pool",
      parts: ["served"],
      from: "no text seen",
      sure: "ours",
    },
  ],
});
