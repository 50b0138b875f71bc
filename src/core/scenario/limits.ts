// The part of a scenario that describes what an account may do: its limits, and the retry-after that refusals
// carry. Knows the shape and the presets of limits; meters and clocks are the gateway's.
import * as z from "zod";
import { nameOf } from "../document/definition.js";
import { amount, count, duration, MINUTE, name, rate, share } from "../document/units.js";
import { expected } from "../document/words.js";
import { OUTPUT_ACCOUNTINGS } from "../server/gateway/accounts/output-accounting.js";
import { METERS } from "../server/gateway/accounts/registry.js";
import {
  adaptiveSchema,
  concurrencySchema,
  pathQuotasSchema,
  quotasSchema,
  ramp,
  startsAtSchema,
} from "./limit-kinds.js";
import { LIMIT_PRESETS } from "./limit-presets.js";

const limited = {
  rate: rate().describe("What comes back in the long run."),
  burst: amount({ from: 1, to: 1e15 })
    .exactOptional()
    .describe(
      "Size of the bucket; default: the rate times the common burst duration, at least 1. Only with window: bucket.",
    ),
  window: nameOf(METERS).exactOptional().describe("How it is kept; default: as the limits are."),
  soft: share({ above: 0 })
    .exactOptional()
    .describe("Share of it beyond which a request is let in, but demoted where its path says how."),
};

const scope = z.enum(["account", "model"]);

const tokenLimit = z.union([rate().transform((value) => ({ rate: value })), z.strictObject(limited)], {
  error: expected("a rate like 900k/min, or {rate: 900k/min, burst: 50k}"),
});

const requestLimit = z.union(
  [
    rate().transform((value) => ({ rate: value })),
    z.strictObject({
      ...limited,
      scope: scope
        .exactOptional()
        .describe("Whether all models of an account share the limit; default account."),
    }),
  ],
  { error: expected("a rate like 6000/min, or {rate: 6000/min, burst: 100, scope: model}") },
);

const dimensions = {
  promptTokens: tokenLimit.exactOptional().describe("Prompt tokens, cached ones included."),
  uncachedPromptTokens: tokenLimit
    .exactOptional()
    .describe("Prompt tokens that are not in the prefix cache."),
  generatedTokens: tokenLimit.exactOptional().describe("Generated tokens."),
};

const pathLimits = z.strictObject({
  requests: tokenLimit.exactOptional().describe("Requests of an account on the path."),
  ...dimensions,
  quotas: pathQuotasSchema
    .exactOptional()
    .describe("So much of an account on the path in each hour, day or month."),
});

export const limits = z.strictObject({
  preset: nameOf(LIMIT_PRESETS).exactOptional().describe("Limits by name; the keys beside it go first."),
  window: nameOf(METERS).prefault("bucket").describe("How limits are kept that do not say it themselves."),
  requests: requestLimit.exactOptional().describe("Requests of an account."),
  ...dimensions,
  quotas: quotasSchema
    .exactOptional()
    .describe("So much of an account in each hour, day or month, beside the other limits. They do not grow."),
  startsAt: startsAtSchema.describe("When the run begins by the calendar, in UTC; for quotas."),
  concurrency: concurrencySchema
    .exactOptional()
    .describe("Attempts of an account that may be under way at once."),
  ramp: z
    .strictObject(ramp.options)
    .exactOptional()
    .describe("How fast prompt tokens may grow; left out: as fast as they like."),
  adaptive: adaptiveSchema
    .exactOptional()
    .describe(
      "Limits grow with sustained use and shrink without it; left out: they stay. Not those of paths.",
    ),
  paths: z
    .record(name, pathLimits)
    .exactOptional()
    .describe("Limits of an account on one path, by path, beside those of all."),
  burst: duration({ above: 0, to: 24 * 60 * MINUTE })
    .exactOptional()
    .describe("How long a full bucket lasts at its rate; default 60s."),
  outputAccounting: nameOf(OUTPUT_ACCOUNTINGS)
    .prefault("post-charge")
    .describe("When generated tokens are charged: at admission as stated or as expected, or at the end."),
  expectedOutput: count(1, 10_000_000)
    .exactOptional()
    .describe("Tokens charged at admission; only with reserve-expected."),
  chargeShed: z.boolean().prefault(false).describe("Whether a shed request keeps its charge."),
});

const shortWait = () => duration({ above: 0, below: MINUTE });

export const retryAfter = z.strictObject({
  overloaded: z
    .union([z.literal("none"), shortWait()], { error: expected('"none" or a duration') })
    .exactOptional()
    .describe(
      "The retry-after where there is no room: none, or a duration shorter than 60s. Default: the provider's.",
    ),
  rateLimited: z
    .union([z.enum(["none", "estimate"]), shortWait()], {
      error: expected('"none", "estimate" or a duration'),
    })
    .exactOptional()
    .describe(
      "The retry-after over an account limit: none, the time until the limit has enough, however long that is, or a " +
        "duration below 60s. Default: the provider's.",
    ),
  shouldRetry: z
    .strictObject({
      overloaded: z
        .boolean()
        .exactOptional()
        .describe("Sent where there is no room; left out: the provider's, which most do not send."),
      rateLimited: z
        .boolean()
        .exactOptional()
        .describe("Sent over an account limit; left out: the provider's, which none sends."),
    })
    .prefault({})
    .describe("The x-should-retry header of a refusal, which some clients obey whatever the status."),
  jitter: share().prefault(0).describe("Random share by which a retry-after is made longer or shorter."),
});
