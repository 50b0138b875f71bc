// Amazon Bedrock: ThrottlingException for an account's quotas, ServiceUnavailableException for a lack of room.
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
    unknown: "reject",
  },
  verbs: [
    {
      verb: "demote",
      what: "Reserved to Standard beyond what is reserved, by itself",
      on: ["limit"],
    },
  ],
  headers: [],
  date: "2026-11",
  sources: [
    {
      of: "429 ThrottlingException for account quotas, 503 ServiceUnavailableException for high demand alone",
      from: "docs.aws.amazon.com/bedrock troubleshooting-api-error-codes",
      sure: "excerpted",
    },
    { of: "500, 404, ValidationException", from: "the same page", sure: "memory" },
    {
      of: "service tiers, overflow of Reserved",
      from: "docs.aws.amazon.com/bedrock service-tiers-inference; 400 for another value is ours",
      sure: "excerpted",
    },
    { of: "no headers of limits, no retry-after", from: "none documented", sure: "ours" },
  ],
});
