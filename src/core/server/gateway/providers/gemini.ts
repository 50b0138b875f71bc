// Gemini: 429 RESOURCE_EXHAUSTED for quotas, 503 UNAVAILABLE for overload and outage alike. Priority beyond its own
// limit is served as Standard, and a header says so.
import { SERVED_POOL } from "./families.js";
import { type Answer, defineProvider, SILENT } from "./provider.js";

const answer = (status: number, code: string): Answer => ({ status, type: code, code });

export const gemini = defineProvider({
  name: "gemini",
  summary: "429 RESOURCE_EXHAUSTED, one 503 UNAVAILABLE; Priority over its limit is demoted.",
  answers: {
    rate_limited: answer(429, "RESOURCE_EXHAUSTED"),
    overloaded: answer(503, "UNAVAILABLE"),
    unavailable: answer(503, "UNAVAILABLE"),
    invalid: answer(400, "INVALID_ARGUMENT"),
  },
  byReason: {
    unknown_model: answer(404, "NOT_FOUND"),
  },
  byTier: {},
  retryAfter: SILENT,
  serviceTiers: {
    known: ["standard", "priority", "flex"],
    ofDefault: ["standard"],
    told: "standard",
    unknown: "reject",
  },
  verbs: [{ verb: "demote", what: "Priority to Standard past the limit of Priority", on: ["limit"] }],
  headers: [{ name: "x-gemini-service-tier", shows: "served-tier" }, SERVED_POOL],
  body: [{ name: "usageMetadata.serviceTier", shows: "served-tier" }],
  date: "2026-11",
  sources: [
    {
      of: "429 RESOURCE_EXHAUSTED, 503 UNAVAILABLE for overload and what is down for a while",
      parts: ["rate_limited", "overloaded", "unavailable"],
      from: "ai.google.dev/gemini-api/docs/troubleshooting; docs.llmgateway.io gemini-429-resource-exhausted",
      sure: "excerpted",
    },
    {
      of: "Priority is demoted, not refused; x-gemini-service-tier",
      parts: ["serviceTiers", "served"],
      from: "ai.google.dev/gemini-api/docs/priority-inference.md",
      sure: "excerpted",
    },
    {
      of: "400 for another service tier, 404",
      parts: ["serviceTiers", "invalid"],
      from: "no text seen",
      sure: "ours",
    },
    {
      of: "no headers of limits, no retry-after",
      parts: ["limits", "retryAfter", "shouldRetry"],
      from: "none documented",
      sure: "ours",
    },
    {
      of: "usageMetadata.serviceTier in the body",
      parts: ["served"],
      from: "notes of callers on what they were answered",
      sure: "excerpted",
    },
    {
      of: "x-served-pool",
      parts: ["served"],
      from: "no header for it seen",
      sure: "ours",
    },
  ],
});
