// The names a scenario may use for things that come with surgefleet: client presets, trace formats, populations. Only
// names: what a client does is not known here.

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
