// llm-d (and the Gateway API Inference Extension): 429 for a saturated pool, 503 for a wait in the queue that ran out -
// the opposite of the split at hosted APIs. It has no account limits of its own: those are a proxy's before it.
import { RETRY_AFTER, SERVED_POOL, SERVED_TIER, SHOULD_RETRY, TIER_IN_BODY } from "./families.js";
import { type Answer, defineProvider, SILENT } from "./provider.js";

const error = (status: number, code: string): Answer => ({ status, type: code, code });

export const llmD = defineProvider({
  name: "llm-d",
  summary: "429 for a saturated pool, 503 for a queue's time-out; a header says why.",
  answers: {
    rate_limited: { status: 429, type: "rate_limit_error", code: "rate_limit_exceeded" },
    overloaded: error(429, "ResourceExhausted"),
    unavailable: error(503, "ServiceUnavailable"),
    invalid: error(400, "BadRequest"),
  },
  byReason: {
    queue_timeout: error(503, "ServiceUnavailable"),
    unknown_model: error(404, "NotFound"),
  },
  byTier: {},
  retryAfter: SILENT,
  serviceTiers: { known: [], ofDefault: [], told: "default", unknown: "default" },
  verbs: [
    {
      verb: "demote",
      what: "over a soft cap to a best-effort priority, by a proxy before it (LiteLLM)",
      on: ["soft-limit"],
    },
  ],
  headers: [
    {
      name: "x-llm-d-request-dropped-reason",
      shows: "dropped",
      words: {
        overloaded_capacity: "rejected-saturated",
        overloaded_delay: "rejected-saturated",
        overloaded_predicted: "rejected-saturated",
        queue_timeout: "rejected-ttl-expired",
        displaced: "rejected-saturated",
        evicted: "evicted-priority",
      },
    },
    RETRY_AFTER,
    SHOULD_RETRY,
    SERVED_TIER,
    SERVED_POOL,
  ],
  body: [TIER_IN_BODY],
  date: "2026-11",
  sources: [
    {
      of: "codes, statuses and the words of the header",
      parts: ["overloaded", "unavailable", "invalid"],
      from: "llm-d-router pkg/common/error/error.go; llm-d-inference-scheduler @520af47",
      sure: "read",
    },
    {
      of: "account limits",
      parts: ["rate_limited", "limits"],
      from: "it has none; what a proxy before it answers",
      sure: "ours",
    },
    {
      of: "rejected-saturated for what is displaced from the queue",
      parts: ["overloaded"],
      from: "the nearest word it has",
      sure: "ours",
    },
    {
      of: "service_tier is not read; priority is a header's",
      parts: ["serviceTiers"],
      from: "x-llm-d-inference-objective",
      sure: "read",
    },
    {
      of: "demotion over a soft cap",
      parts: ["serviceTiers"],
      from: "BerriAI/litellm PR 39569 (open)",
      sure: "excerpted",
    },
    { of: "no retry-after", parts: ["retryAfter", "shouldRetry"], from: "none documented", sure: "ours" },
    {
      of: "service_tier in the body, x-served-tier, x-served-pool",
      parts: ["served"],
      from: "no text seen",
      sure: "ours",
    },
  ],
});
