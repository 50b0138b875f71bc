// Azure OpenAI: one 429 for a deployment's quota, for a full shared pool and for full provisioned throughput; only the
// words of the message differ. Provisioned throughput spills to a standard deployment where that is set up.

import { seconds } from "../../../base/units.js";
import {
  RETRY_AFTER,
  RETRY_AFTER_MS,
  rateLimitHeaders,
  SERVED_POOL,
  SERVED_TIER,
  TIER_IN_BODY,
} from "./families.js";
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
  serviceTiers: {
    known: ["auto", "default", "priority"],
    ofDefault: ["auto", "default"],
    told: "default",
    unknown: "reject",
  },
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
    { name: "x-ms-deployment-name", shows: "spilled-to" },
    SERVED_TIER,
    SERVED_POOL,
  ],
  body: [TIER_IN_BODY],
  date: "2026-11",
  sources: [
    {
      of: "one 429 for four causes, retry-after-ms",
      parts: ["rate_limited", "overloaded", "retryAfter"],
      from: "learn.microsoft.com dev-proxy/concepts/azure-openai-429-token-rate-limit; answers/a/12567967",
      sure: "excerpted",
    },
    {
      of: "6 s for a full pool",
      parts: ["retryAfter"],
      from: "one message quoted in answers/a/12567967",
      sure: "excerpted",
    },
    {
      of: "codes and types of bodies",
      parts: ["rate_limited", "overloaded", "unavailable", "invalid"],
      from: "the API's answers",
      sure: "memory",
    },
    {
      of: "spillover on 429, 400, 500 and 503, x-ms-*",
      parts: ["served"],
      from: "azure-ai-docs spillover-traffic-management.md @01cbaee",
      sure: "read",
    },
    {
      of: "service tiers default and priority",
      parts: ["serviceTiers", "invalid"],
      from: "azure-ai-docs priority-processing.md @0174abc; auto from memory, 400 for another ours",
      sure: "read",
    },
    {
      of: "x-ratelimit-*, reset in seconds",
      parts: ["limits"],
      from: "learn.microsoft.com answers 5625878",
      sure: "excerpted",
    },
    { of: "x-should-retry is not sent", parts: ["shouldRetry"], from: "none documented", sure: "ours" },
    {
      of: "service_tier in the body: the processing that was used",
      parts: ["served"],
      from: "learn.microsoft.com ai-projects ServiceTier",
      sure: "excerpted",
    },
    {
      of: "x-served-tier, x-served-pool",
      parts: ["served"],
      from: "beside x-ms-*, which is sent on a spill alone",
      sure: "ours",
    },
  ],
});
