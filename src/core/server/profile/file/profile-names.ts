// The names a scenario may use for step-time profiles, and those that an estimate may use for models and GPUs. Only
// names: what a profile says is not known here.

export const PROFILE_NAMES = [
  "llama-3.1-8b-h100",
  "llama-3.1-70b-tp8-h100",
  "llama-3.1-8b-fast-h100",
  "qwen3-30b-a3b-h100",
  "llama-3.1-8b-h200",
  "llama-3.1-8b-b200",
  "kimi-k2.6-h100x16",
  "kimi-k2.6-fast-h100x16",
  "kimi-k2.6-h200x8",
  "kimi-k2.6-fast-h200x8",
  "kimi-k2.6-b200x8",
  "kimi-k2.6-fast-b200x8",
  "glm-5.1-h100x8",
  "glm-5.1-fast-h100x8",
  "glm-5.1-h200x8",
  "glm-5.1-fast-h200x8",
  "glm-5.1-b200x8",
  "glm-5.1-fast-b200x8",
  "deepseek-v4-pro-h100x16",
  "deepseek-v4-pro-fast-h100x16",
  "deepseek-v4-pro-h200x8",
  "deepseek-v4-pro-fast-h200x8",
  "deepseek-v4-pro-b200x8",
  "deepseek-v4-pro-fast-b200x8",
] as const;

/** Models and GPUs whose shapes and datasheets estimates may name. */
export const MODEL_NAMES: readonly string[] = [
  "llama-3.2-1b",
  "llama-3.1-8b",
  "llama-3.1-70b",
  "qwen3-30b-a3b",
  "kimi-k2.6",
  "glm-5.1",
  "glm-5.1-int4",
  "deepseek-v4-pro",
];

export const GPU_NAMES: readonly string[] = ["h100", "h100-two-nodes", "h200", "b200"];
