// Load stages of other people's engines (reality/vllm-0.15.1-h100.csv), which are not part of the repository, and what a
// profile makes of their time per token, as a fixed point: arrivals, time per token and batch hold one another. Knows no
// queue: what a caller waits for before its first token is not looked at.
import { readFileSync } from "node:fs";
import { csvParse } from "d3-dsv";
import { buildProfile } from "../../src/core/server/profile/build.js";
import type { ModelShape } from "../../src/core/server/profile/file/hardware-keys.js";
import type { RooflineFile } from "../../src/core/server/profile/file/roofline-keys.js";
import type { StepProfile } from "../../src/core/server/profile/step-profile.js";

export interface RecordedStage {
  readonly model: string;
  readonly gpus: number;
  /** `codegen` or `reasoning`, and which of them. */
  readonly load: string;
  readonly rate: number;
  readonly prompt: number;
  readonly systemPrompt: number;
  readonly output: number;
  readonly maxSequences: number;
  readonly maxBatchedTokens: number;
  /** Different prompts, and different system prompts among them. */
  readonly prompts: number;
  readonly systemPrompts: number;
  /** Milliseconds of a token. */
  readonly perToken: number;
}

export function readStages(path: string): RecordedStage[] {
  return csvParse(readFileSync(path, "utf8"), (row) => ({
    model: row["model"] ?? "",
    gpus: Number(row["gpus"]),
    load: `${row["load"]} ${row["stage"]}`,
    rate: Number(row["rate_per_s"]),
    prompt: Math.round(Number(row["prompt_tokens_mean"])),
    systemPrompt: Number(row["system_prompt_tokens"]),
    output: Number(row["output_tokens"]),
    maxSequences: Number(row["max_num_seqs"]),
    maxBatchedTokens: Number(row["max_num_batched_tokens"]),
    prompts: Number(row["system_prompts"]) * Number(row["users_per_prompt"]),
    systemPrompts: Number(row["system_prompts"]),
    perToken: 1000 * Number(row["tpot_mean_s"]),
  }));
}

const grouped = (heads: number, kvHeads: number): ModelShape["attention"] => {
  return { kind: "gqa", heads, kvHeads, headSize: 128 };
};
const BASICS = {
  source: "public config.json",
  vocabulary: 32_000,
  bytes: { weight: 2, cache: 2 },
  precision: "bf16",
} as const;
const SHAPES: Readonly<Record<string, ModelShape>> = {
  "meta-llama/Llama-2-7b-hf": {
    ...BASICS,
    ...{ layers: 32, hidden: 4096, attention: grouped(32, 32), intermediate: 11_008 },
  },
  "meta-llama/Llama-2-70b-hf": {
    ...BASICS,
    ...{ layers: 80, hidden: 8192, attention: grouped(64, 8), intermediate: 28_672 },
  },
  "codellama/CodeLlama-34b-Instruct-hf": {
    ...BASICS,
    ...{ layers: 48, hidden: 8192, attention: grouped(64, 8), intermediate: 22_016 },
  },
  "mistralai/Mixtral-8x7B-v0.1": {
    ...BASICS,
    ...{ layers: 32, hidden: 4096, attention: grouped(32, 8) },
    experts: { count: 8, active: 2, intermediate: 14_336 },
  },
};

/** vLLM captures graphs at 1, 2, 4 and every 8 rows, here up to 256; what lies beyond is as good as not padded. */
const EVERY_EIGHT = Array.from({ length: 32 }, (_, index) => 8 * (index + 1));
/** Milliseconds: `step` is fitted to the first codegen stage of each model. */
const HOST = { step: 0.2, prefill: 0.15, perSequence: 0.001 };

export function profileOf(stage: RecordedStage, more: Partial<RooflineFile> = {}): StepProfile {
  const { model, gpus, maxSequences, maxBatchedTokens } = stage;
  return buildProfile({
    schemaVersion: 1,
    name: "recorded",
    source: "public shape and datasheet",
    kind: "roofline",
    estimate: true,
    model: SHAPES[model]!,
    gpu: "h100",
    parallel: { tensor: gpus },
    rows: { decode: [1, 2, 4, ...EVERY_EIGHT], mixed: EVERY_EIGHT },
    host: HOST,
    node: { maxSequences, maxBatchedTokens },
    ...more,
  });
}

/** Tokens of a block: a prompt that was seen before is found but for the rest after its last whole one. */
const BLOCK = 16;

/**
 * Milliseconds of a token at the stage's rate, or at its full batch where that is less: a step of all decoding, longer
 * by what each prompt that begins meanwhile adds to one of them. `all`: each prompt has been seen before, and so lies in
 * memory once for all that have it; else its system prompt alone.
 */
export function perTokenOf(stage: RecordedStage, profile: StepProfile, all: boolean): number {
  const { rate, prompt, output } = stage;
  const found = Math.floor((all ? prompt - 1 : stage.systemPrompt) / BLOCK) * BLOCK;
  const shared = found * (all ? stage.prompts : stage.systemPrompts);
  const inMemory = (profile.node!.kvTokens - shared) / (prompt - found + output / 2);
  const most = Math.min(stage.maxSequences, inMemory);
  const context = prompt + output / 2;
  const rest = prompt - found;
  const added = (batch: number) =>
    profile.base(batch, rest) -
    profile.base(batch, 0) +
    profile.prefill(rest * (found + (rest + 1) / 2), found);
  let micros = 0;
  for (let batch = 1, rounds = 0; rounds < 200; rounds++) {
    const step = profile.base(Math.round(batch), 0) + profile.slope(Math.round(batch)) * batch * context;
    // Of `output` steps of each sequence, the batch's as many prompts begin.
    micros = step + (batch / output) * added(Math.round(batch));
    const next = Math.min(most, (rate * output * micros) / 1e6);
    batch = (batch + next) / 2;
  }
  return micros / 1000;
}
