// Settings around what decides: limits of accounts, what refusals carry, how old signals are. Where each of their
// defaults comes from, for those who ask; the keys are those of the scenario.
import { signalOptions } from "../server/gateway/signal-timing.js";
import { limits, retryAfter } from "./limits.js";

export const SETTINGS = [
  {
    name: "limits",
    summary: "What an account may do: amounts by dimension, and how they are kept and charged.",
    options: limits.shape,
    defaults: {
      preset: "ours",
      window: "ours",
      requests: "ours",
      promptTokens: "ours",
      uncachedPromptTokens: "ours",
      generatedTokens: "ours",
      quotas: "ours",
      startsAt: "ours",
      concurrency: "ours",
      ramp: "ours",
      adaptive: "ours",
      paths: "ours",
      burst: "ours",
      outputAccounting: "ours",
      expectedOutput: "ours",
      chargeShed: "ours",
    },
  },
  {
    name: "retryAfter",
    summary: "When to come back, as a refusal says it; what is left out is the provider's.",
    options: retryAfter.shape,
    defaults: {
      overloaded: "provider",
      rateLimited: "provider",
      shouldRetry: "provider",
      jitter: "ours",
    },
  },
  {
    name: "signals",
    summary: "How old what an admission policy sees is.",
    written: "pools.POOL.signals: {KEY: VALUE}",
    options: signalOptions("the pool"),
    defaults: { period: "ours", age: "ours", loss: "ours" },
  },
] as const;
