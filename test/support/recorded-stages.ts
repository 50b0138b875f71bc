// The engines of the recorded load stages of docs/validation.md: vLLM 0.15.1 on H100, four models in 16 bits. What is
// simulated hangs on these profiles, the shipped factors behind them, and the settings below, and on nothing else.
import type { ScenarioInput } from "../../src/core/index.js";
import { parseProfile } from "../../src/core/internal.js";

type Replica = ScenarioInput["pools"][string]["replica"];
type Profile = Extract<Replica, { engine: "batching" }>["profile"];
type Roofline = Extract<Profile, { kind: "roofline" }>;

/** Sizes of captured graphs, to 256: vLLM pads decode and mixed steps to them. */
const SIZES = [1, 2, 4, ...Array.from({ length: 32 }, (_, index) => 8 * (index + 1))];

/** Milliseconds: `step` is fitted to the first codegen stage of each model, as in stages-at-rest.ts. */
const HOST = { step: 0.2, prefill: 0.15, perSequence: 0.001 };

const common = {
  schemaVersion: 1,
  kind: "roofline",
  estimate: true,
  gpu: "h100",
  host: HOST,
  rows: { decode: SIZES, mixed: SIZES },
  node: { maxSequences: 128, maxBatchedTokens: 2048 },
} as const;
const BF16 = { bytes: { weight: 2, cache: 2 }, precision: "bf16" } as const;
const sourceOf = (model: string) => ({
  source: `roofline estimate: public config.json of ${model} in 16 bits on H100; nothing of it was measured here`,
});

/** By the name of the model in the recording. */
const PROFILES: Readonly<Record<string, Roofline>> = {
  "meta-llama/Llama-2-7b-hf": {
    ...common,
    ...sourceOf("meta-llama/Llama-2-7b-hf"),
    name: "llama-2-7b-h100",
    gpus: 1,
    model: {
      ...BF16,
      source: "public config.json of meta-llama/Llama-2-7b-hf",
      layers: 32,
      hidden: 4096,
      vocabulary: 32_000,
      attention: { kind: "gqa", heads: 32, kvHeads: 32, headSize: 128 },
      intermediate: 11_008,
    },
  },
  "meta-llama/Llama-2-70b-hf": {
    ...common,
    ...sourceOf("meta-llama/Llama-2-70b-hf"),
    name: "llama-2-70b-h100x4",
    gpus: 4,
    model: {
      ...BF16,
      source: "public config.json of meta-llama/Llama-2-70b-hf",
      layers: 80,
      hidden: 8192,
      vocabulary: 32_000,
      attention: { kind: "gqa", heads: 64, kvHeads: 8, headSize: 128 },
      intermediate: 28_672,
    },
  },
  "mistralai/Mixtral-8x7B-v0.1": {
    ...common,
    ...sourceOf("mistralai/Mixtral-8x7B-v0.1"),
    name: "mixtral-8x7b-h100x2",
    gpus: 2,
    model: {
      ...BF16,
      source: "public config.json of mistralai/Mixtral-8x7B-v0.1",
      layers: 32,
      hidden: 4096,
      vocabulary: 32_000,
      attention: { kind: "gqa", heads: 32, kvHeads: 8, headSize: 128 },
      experts: { count: 8, active: 2, intermediate: 14_336 },
    },
  },
  "codellama/CodeLlama-34b-Instruct-hf": {
    ...common,
    ...sourceOf("codellama/CodeLlama-34b-Instruct-hf"),
    name: "codellama-34b-h100x2",
    gpus: 2,
    model: {
      ...BF16,
      source: "public config.json of codellama/CodeLlama-34b-Instruct-hf",
      layers: 48,
      hidden: 8192,
      vocabulary: 32_000,
      attention: { kind: "gqa", heads: 64, kvHeads: 8, headSize: 128 },
      intermediate: 22_016,
    },
  },
};

export const MODELS: readonly string[] = Object.keys(PROFILES);

export function profileOf(model: string) {
  return parseProfile(JSON.stringify(PROFILES[model]), model);
}

/** Seconds after which the client of the recording gave up. */
export const TIMEOUT = 300;

/** Time outside the engine, as paths below the replica and values as --set writes them: that of its version. */
const OUTSIDE: Readonly<Record<string, string>> = { engineVersion: "vllm-0.15" };

export const overrides = () =>
  Object.entries(OUTSIDE).map(([key, value]) => ({
    path: `pools.engine.replica.${key}`,
    value,
    origin: "recorded stages",
  }));
