// Azure OpenAI: one 429 for a deployment's quota, for a full shared pool and for full provisioned throughput; only the
// words of the message differ. Provisioned throughput spills to a standard deployment where that is set up.

import { seconds } from "../../../base/units.js";
import { RETRY_AFTER, RETRY_AFTER_MS, rateLimitHeaders } from "./families.js";
import { defineProvider } from "./provider.js";

export const azure = defineProvider({
  name: "azure",
  summary: "One 429 for quota and capacity, with retry-after-ms; provisioned throughput spills over.",
  answers: {
    rate_limited: { status: 429, type: "too_many_requests", code: "429" },
    overloaded: { status: 429, type: "too_many_requests", code: "429" },
    unavailable: { status: 503, type: "service_unavailable", code: "503" },
    invalid: { status: 400, type: "invalid_request_error", code: "invalid_request" },
  },
  byReason: {
    unknown_model: { status: 404, type: "invalid_request_error", code: "DeploymentNotFound" },
    context_length: { status: 400, type: "invalid_request_error", code: "context_length_exceeded" },
  },
  byTier: {},
  retryAfter: { rateLimited: "estimate", overloaded: seconds(6), shouldRetry: {} },
  serviceTiers: { known: ["auto", "default", "priority"], ofDefault: ["auto", "default"], unknown: "reject" },
  verbs: [
    {
      verb: "spill",
      what: "full provisioned throughput to a standard deployment; where that refuses, too, the first answer stands",
      on: ["overload", "outage"],
    },
  ],
  headers: [
    ...rateLimitHeaders("seconds"),
    RETRY_AFTER_MS,
    RETRY_AFTER,
    { name: "x-ms-spillover-from-deployment", shows: "spilled-from" },
    { name: "x-ms-deployment-name", shows: "served-by" },
  ],
  date: "2026-11",
  sources: [
    {
      of: "one 429 for four causes, retry-after-ms",
      from: "learn.microsoft.com dev-proxy/concepts/azure-openai-429-token-rate-limit; answers/a/12567967",
      sure: "excerpted",
    },
    { of: "6 s for a full pool", from: "one message quoted in answers/a/12567967", sure: "excerpted" },
    { of: "codes and types of bodies", from: "the API's answers", sure: "memory" },
    {
      of: "spillover on 429, 400, 500 and 503, x-ms-*",
      from: "azure-ai-docs spillover-traffic-management.md @01cbaee",
      sure: "read",
    },
    {
      of: "service tiers default and priority",
      from: "azure-ai-docs priority-processing.md @0174abc; auto from memory, 400 for another ours",
      sure: "read",
    },
    { of: "x-ratelimit-*, reset in seconds", from: "learn.microsoft.com answers 5625878", sure: "excerpted" },
  ],
});
