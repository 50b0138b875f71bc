// What profiles say of the machine that one replica of them runs on, as far as a scenario may leave it out. Reads raw
// and checked replicas alike, since the inventory is checked before anything is filled in. Knows no step times.

import { asMap } from "../../../document/raw.js";
import type { PROFILE_NAMES } from "./profile-names.js";

export interface ProfileMachine {
  readonly gpus: number;
  /** Undefined where the profile does not say. */
  readonly maxSequences: number | undefined;
  readonly maxBatchedTokens: number;
  /** Rows of a decoding sequence in a step: more than one where drafts are verified. */
  readonly tokensPerSequence: number;
  /** Whether it says how many sequences and how much KV it has. */
  readonly isWhole: boolean;
}

const DEFAULT_BATCHED_TOKENS = 2048;

const node = (
  gpus: number,
  maxSequences: number,
  maxBatchedTokens: number,
  tokensPerSequence = 1,
): ProfileMachine => ({ gpus, maxSequences, maxBatchedTokens, tokensPerSequence, isWhole: true });

export const PROFILE_NODES: Readonly<Record<(typeof PROFILE_NAMES)[number], ProfileMachine>> = {
  "llama-3.1-8b-h100": node(1, 256, 2048),
  "llama-3.1-70b-tp8-h100": node(8, 256, 2048),
  "llama-3.1-8b-fast-h100": node(1, 32, 2048, 4),
  "qwen3-30b-a3b-h100": node(1, 256, 2048),
  "llama-3.1-8b-h200": node(1, 256, 2048),
  "llama-3.1-8b-b200": node(1, 256, 2048),
  "kimi-k2.6-h100x16": node(16, 256, 8192),
  "kimi-k2.6-fast-h100x16": node(16, 12, 2048, 4),
  "kimi-k2.6-h200x8": node(8, 256, 8192),
  "kimi-k2.6-fast-h200x8": node(8, 12, 2048, 4),
  "kimi-k2.6-b200x8": node(8, 256, 8192),
  "kimi-k2.6-fast-b200x8": node(8, 32, 2048, 4),
  "glm-5.1-h100x8": node(8, 256, 8192),
  "glm-5.1-fast-h100x8": node(8, 8, 2048, 4),
  "glm-5.1-h200x8": node(8, 256, 8192),
  "glm-5.1-fast-h200x8": node(8, 4, 2048, 4),
  "glm-5.1-b200x8": node(8, 256, 8192),
  "glm-5.1-fast-b200x8": node(8, 16, 2048, 4),
  "deepseek-v4-pro-h100x16": node(16, 256, 8192),
  "deepseek-v4-pro-fast-h100x16": node(16, 12, 2048, 4),
  "deepseek-v4-pro-h200x8": node(8, 256, 8192),
  "deepseek-v4-pro-fast-h200x8": node(8, 12, 2048, 4),
  "deepseek-v4-pro-b200x8": node(8, 256, 8192),
  "deepseek-v4-pro-fast-b200x8": node(8, 32, 2048, 4),
};

const BY_NAME: Readonly<Record<string, ProfileMachine>> = PROFILE_NODES;

/** The machine of a replica's profile, by name, written out, or four numbers. */
export function machineOf(replica: unknown): ProfileMachine {
  const { profile } = asMap(replica);
  const shipped = typeof profile === "string" ? BY_NAME[profile] : undefined;
  if (shipped !== undefined) return shipped;
  const { gpus: ofModel, node: own, speculative } = asMap(profile);
  const { gpus, maxSequences, maxBatchedTokens } = asMap(own);
  const drafted = asMap(speculative)["tokens"];
  return {
    gpus: numberOr(ofModel, numberOr(gpus, 1)),
    maxSequences: typeof maxSequences === "number" ? maxSequences : undefined,
    maxBatchedTokens: numberOr(maxBatchedTokens, DEFAULT_BATCHED_TOKENS),
    tokensPerSequence: 1 + numberOr(drafted, 0),
    isWhole: own !== undefined,
  };
}

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === "number" ? value : otherwise;
}
