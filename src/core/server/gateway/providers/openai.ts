// OpenAI: 429 for account limits and for growing too fast, each with a code; 503 for overload; Flex is refused for lack
// of room with a 429.
import {
  RETRY_AFTER,
  RETRY_AFTER_MS,
  rateLimitHeaders,
  SERVED_POOL,
  SERVED_TIER,
  SHOULD_RETRY,
  TIER_IN_BODY,
} from "./families.js";
import { type Answer, defineProvider } from "./provider.js";

const tokens: Answer = { status: 429, type: "tokens", code: "rate_limit_exceeded" };

export const openai = defineProvider({
  name: "openai",
  summary: "429 with a code by cause, 503 server_is_overloaded; Flex without room is a 429.",
  answers: {
    rate_limited: { status: 429, type: "requests", code: "rate_limit_exceeded" },
    overloaded: { status: 503, type: "service_unavailable_error", code: "server_is_overloaded" },
    unavailable: { status: 500, type: "server_error", code: "server_error" },
    invalid: { status: 400, type: "invalid_request_error", code: "invalid_request" },
  },
  byReason: {
    prompt_tokens: tokens,
    uncached_prompt_tokens: tokens,
    generated_tokens: tokens,
    ramp: { status: 429, type: "rate_limit_error", code: "slow_down" },
    unknown_model: { status: 404, type: "invalid_request_error", code: "model_not_found" },
    tier_not_offered: { status: 400, type: "invalid_request_error", code: "invalid_service_tier" },
    context_length: { status: 400, type: "invalid_request_error", code: "context_length_exceeded" },
  },
  byTier: { flex: { overloaded: { status: 429, type: "rate_limit_error", code: "resource_unavailable" } } },
  retryAfter: { rateLimited: "estimate", overloaded: "none", shouldRetry: {} },
  serviceTiers: {
    known: ["auto", "default", "flex", "scale", "priority", "fast"],
    ofDefault: ["auto", "default"],
    told: "default",
    toldAs: { fast: "priority" },
    unknown: "reject",
  },
  verbs: [
    {
      verb: "demote",
      what: "Priority to Standard while the account grows too fast (from 1 M tokens a minute by half in 15 min)",
      on: ["limit"],
    },
  ],
  headers: [
    ...rateLimitHeaders("clock"),
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
      of: "429 rate_limit_exceeded and slow_down, 503 server_is_overloaded",
      parts: ["rate_limited", "overloaded"],
      from: "developers.openai.com/api/docs/guides/error-codes",
      sure: "excerpted",
    },
    {
      of: "types requests and tokens, 500, 404, context_length",
      parts: ["rate_limited", "unavailable", "invalid"],
      from: "the API's answers",
      sure: "memory",
    },
    {
      of: "Flex without room: 429, and not charged",
      parts: ["overloaded"],
      from: "developers.openai.com/api/docs/guides/flex-processing",
      sure: "excerpted",
    },
    {
      of: "service tiers",
      parts: ["serviceTiers", "invalid"],
      from: "openai-node 7.5.0 @7b7d6ca, completions.ts; 400 for one that is not allowed: error-codes, its code ours",
      sure: "read",
    },
    {
      of: "x-ratelimit-*",
      parts: ["limits"],
      from: "aimock @c9af8c3, rate-limit-headers.test.ts",
      sure: "read",
    },
    {
      of: "retry-after",
      parts: ["retryAfter", "shouldRetry"],
      from: "sent when present, says the guide; that it is the true wait is ours",
      sure: "ours",
    },
    {
      of: "ramp-rate downgrade of Priority",
      parts: ["serviceTiers"],
      from: "the guide on priority processing",
      sure: "memory",
    },
    { of: "the code of Flex without room", parts: ["overloaded"], from: "the API's answers", sure: "memory" },
    {
      of: "service_tier in the body: the tier that was used",
      parts: ["served"],
      from: "openai-node 7.5.0 @7b7d6ca, completions.ts",
      sure: "read",
    },
    {
      of: "x-served-tier, x-served-pool",
      parts: ["served"],
      from: "it has no header for them",
      sure: "ours",
    },
  ],
});
