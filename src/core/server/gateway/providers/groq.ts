// Groq: 429 for account limits, 503 for what is down or overloaded, and for Flex without room a status of its own, 498.
import { RETRY_AFTER, rateLimitHeaders, SERVED_POOL, SERVED_TIER, TIER_IN_BODY } from "./families.js";
import { defineProvider } from "./provider.js";

export const groq = defineProvider({
  name: "groq",
  summary: "429 for account limits, 503 for the rest; Flex without room is a 498 capacity_exceeded.",
  answers: {
    rate_limited: { status: 429, type: "tokens", code: "rate_limit_exceeded" },
    overloaded: { status: 503, type: "service_unavailable", code: "service_unavailable" },
    unavailable: { status: 503, type: "service_unavailable", code: "service_unavailable" },
    invalid: { status: 400, type: "invalid_request_error", code: "invalid_request" },
  },
  byReason: {
    requests: { status: 429, type: "requests", code: "rate_limit_exceeded" },
    unknown_model: { status: 404, type: "invalid_request_error", code: "model_not_found" },
    context_length: { status: 400, type: "invalid_request_error", code: "context_length_exceeded" },
  },
  byTier: { flex: { overloaded: { status: 498, type: "capacity_exceeded", code: "capacity_exceeded" } } },
  retryAfter: { rateLimited: "estimate", overloaded: "none", shouldRetry: {} },
  serviceTiers: {
    known: ["auto", "on_demand", "flex", "performance"],
    ofDefault: ["auto", "on_demand"],
    told: "on_demand",
    unknown: "reject",
  },
  verbs: [],
  headers: [...rateLimitHeaders("clock"), RETRY_AFTER, SERVED_TIER, SERVED_POOL],
  body: [TIER_IN_BODY],
  date: "2026-11",
  sources: [
    {
      of: "498 capacity_exceeded of Flex",
      parts: ["overloaded"],
      from: "console.groq.com/docs/flex-processing",
      sure: "excerpted",
    },
    {
      of: "429, 503, 400 and 404",
      parts: ["rate_limited", "overloaded", "unavailable", "invalid"],
      from: "console.groq.com/docs/errors",
      sure: "excerpted",
    },
    {
      of: "type and code of a 429",
      parts: ["rate_limited"],
      from: "quoted bodies (groq-common-errors)",
      sure: "excerpted",
    },
    {
      of: "one code for overload and outage",
      parts: ["overloaded", "unavailable"],
      from: "the page has one 503",
      sure: "ours",
    },
    {
      of: "service tiers, 400 for another value",
      parts: ["serviceTiers", "invalid"],
      from: "the API reference",
      sure: "memory",
    },
    {
      of: "x-ratelimit-*, retry-after on a 429 alone",
      parts: ["limits", "retryAfter"],
      from: "console.groq.com/docs/rate-limits",
      sure: "memory",
    },
    { of: "x-should-retry is not sent", parts: ["shouldRetry"], from: "none documented", sure: "ours" },
    {
      of: "service_tier in the body",
      parts: ["served"],
      from: "the API reference",
      sure: "memory",
    },
    {
      of: "x-served-tier, x-served-pool",
      parts: ["served"],
      from: "it has no header for them",
      sure: "ours",
    },
  ],
});
