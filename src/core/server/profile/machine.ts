// What profiles say of the machine that one replica of them runs on, as far as a scenario may leave it out. Reads raw
// and checked replicas alike, since the inventory is checked before anything is filled in. Knows no step times.

import { asMap, type Raw } from "../../document/raw.js";
import { type EngineVersion, engineVersion } from "./engine-versions.js";
import type { ProfileFile } from "./kinds.js";
import type { LinearProfileSpec } from "./linear.js";
import { SHIPPED } from "./registry.js";

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

/** The machine of a replica's profile, by name, written out, or four numbers. */
export function machineOf(replica: unknown): ProfileMachine {
  const { profile: given } = asMap(replica);
  const profile = typeof given === "string" ? SHIPPED.get(given) : given;
  const { gpus: ofModel, parallel, node: own, speculative } = asMap(profile);
  const { gpus, maxSequences, maxBatchedTokens } = asMap(own);
  const drafted = asMap(speculative)["tokens"];
  return {
    gpus: numberOr(ofModel, parallel === undefined ? numberOr(gpus, 1) : gpusOfLayout(asMap(parallel))),
    maxSequences: typeof maxSequences === "number" ? maxSequences : undefined,
    maxBatchedTokens: numberOr(maxBatchedTokens, DEFAULT_BATCHED_TOKENS),
    tokensPerSequence: 1 + numberOr(drafted, 0),
    isWhole: own !== undefined,
  };
}

function gpusOfLayout({ tensor, pipeline, data }: Raw): number {
  return numberOr(tensor, 1) * numberOr(pipeline, 1) * numberOr(data, 1);
}

interface Served {
  readonly profile: string | LinearProfileSpec | ProfileFile;
  readonly engineVersion?: string;
}

/** The version of the engine that a replica runs: its own word, or its profile's. */
export function engineVersionOf({ profile: given, engineVersion: own }: Served): EngineVersion {
  const profile = typeof given === "string" ? SHIPPED.get(given) : given;
  const ofProfile = profile !== undefined && "kind" in profile ? profile.engine : undefined;
  return engineVersion(own ?? ofProfile ?? "none");
}

/** Its name, undefined where nothing names one: `none` is what a replica then has. */
export function namedVersionOf(replica: Served): string | undefined {
  const { name } = engineVersionOf(replica);
  return name === "none" ? undefined : name;
}

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === "number" ? value : otherwise;
}
