// Formats whose records have parts in parts, by the test that has samples of them; those of plain records are the rest.
export const IN_PARTS = {
  nested: ["otel-genai", "tracelab", "weka"],
  recorded: ["aiperf-records", "chat-text", "guidellm", "inference-perf", "sglang-bench", "vllm-bench"],
} as const;
