// The names a scenario may use for things that come with surgefleet: client presets, trace formats, populations, price
// lists, limit presets. Only names and prices: what a client does is not known here.

export const CLIENT_NAMES = [
  "none",
  "openai-node-6",
  "openai-node-7",
  "anthropic-sdk",
  "stainless-python",
  "vercel-ai",
  "litellm-router",
  "claude-code",
  "portkey",
  "aws-standard",
  "aws-adaptive",
  "sre-throttle",
  "fixed",
  "naive",
  "exponential",
  "full-jitter",
  "decorrelated",
] as const;

/** Formats of trace files. */
export const TRACE_FORMAT_NAMES = [
  "azure-llm",
  "azure-lmm",
  "bailian",
  "burstgpt",
  "chutes",
  "generic",
  "mooncake",
  "mooncake-session",
  "multi-round",
  "otel-genai",
  "ragpulse",
  "tracelab",
  "weka",
] as const;

/** Kinds of callers. */
export const POPULATION_NAMES = [
  "steady",
  "conv",
  "agentic",
  "code-bursty",
  "long-context",
  "fan-out",
] as const;

export const LIMIT_PRESET_NAMES = ["fireworks-start"] as const;

/** Dollars per million tokens. */
export interface Price {
  readonly input: number;
  readonly cached: number;
  readonly output: number;
}

export const PRICE_NAMES = [
  "kimi-k2p6",
  "kimi-k2p6-turbo",
  "glm-5p1",
  "glm-5p1-fast",
  "deepseek-v4-pro",
  "gpt-oss-120b",
  "llama-3.1-8b",
] as const;
export type PriceName = (typeof PRICE_NAMES)[number];

const price = (input: number, cached: number, output: number): Price => ({ input, cached, output });

/** Source: Fireworks' public price page, serverless list prices; `llama-3.1-8b` is illustrative. */
export const PRICES: Readonly<Record<PriceName, Price>> = {
  "kimi-k2p6": price(0.95, 0.16, 4),
  "kimi-k2p6-turbo": price(2, 0.3, 8),
  "glm-5p1": price(1.4, 0.26, 4.4),
  "glm-5p1-fast": price(2.8, 0.52, 8.8),
  "deepseek-v4-pro": price(1.74, 0.145, 3.48),
  "gpt-oss-120b": price(0.15, 0.015, 0.6),
  "llama-3.1-8b": price(0.2, 0.1, 0.2),
};

/** What a service tier costs over the same model's plain path, where the scenario gives it no price. */
export const TIER_PRICE_FACTOR = 1.5;
