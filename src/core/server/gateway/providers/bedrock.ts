// Amazon Bedrock: ThrottlingException for an account's quotas, ServiceUnavailableException for a lack of room.
import { SERVED_POOL } from "./families.js";
import { type Answer, defineProvider, SILENT } from "./provider.js";

const exception = (status: number, type: string): Answer => ({ status, type, code: type });

export const bedrock = defineProvider({
  name: "bedrock",
  summary: "429 ThrottlingException for quotas, 503 ServiceUnavailableException for a lack of room.",
  answers: {
    rate_limited: exception(429, "ThrottlingException"),
    overloaded: exception(503, "ServiceUnavailableException"),
    unavailable: exception(500, "InternalServerException"),
    invalid: exception(400, "ValidationException"),
  },
  byReason: { unknown_model: exception(404, "ResourceNotFoundException") },
  byTier: {},
  retryAfter: SILENT,
  serviceTiers: {
    known: ["reserved", "priority", "default", "flex"],
    ofDefault: ["default"],
    told: "default",
    unknown: "reject",
  },
  verbs: [
    {
      verb: "demote",
      what: "Reserved to Standard beyond what is reserved, by itself",
      on: ["limit"],
    },
  ],
  headers: [{ name: "X-Amzn-Bedrock-Service-Tier", shows: "served-tier" }, SERVED_POOL],
  body: [{ name: "serviceTier.type", shows: "served-tier" }],
  date: "2026-11",
  sources: [
    {
      of: "429 ThrottlingException for account quotas, 503 ServiceUnavailableException for high demand alone",
      parts: ["rate_limited", "overloaded"],
      from: "docs.aws.amazon.com/bedrock troubleshooting-api-error-codes",
      sure: "excerpted",
    },
    {
      of: "500, 404, ValidationException",
      parts: ["unavailable", "invalid"],
      from: "the same page",
      sure: "memory",
    },
    {
      of: "service tiers, overflow of Reserved",
      parts: ["serviceTiers", "invalid"],
      from: "docs.aws.amazon.com/bedrock service-tiers-inference; 400 for another value is ours",
      sure: "excerpted",
    },
    {
      of: "no headers of limits, no retry-after",
      parts: ["limits", "retryAfter", "shouldRetry"],
      from: "none documented",
      sure: "ours",
    },
    {
      of: "serviceTier.type in the body: the tier that served it",
      parts: ["served"],
      from: "docs.aws.amazon.com/bedrock API_runtime_ServiceTier",
      sure: "excerpted",
    },
    {
      of: "X-Amzn-Bedrock-Service-Tier on answers of InvokeModel",
      parts: ["served"],
      from: "tests of clients of AWS's SDK",
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
