// A stage of a load test as its summary tells it: what was sent, and how it came out in counts and percentiles, without
// single requests. Knows no file and no engine.
import type { EngineSettings } from "./settings.js";

/** Seconds, or whatever the measure is in; null where the summary does not say. */
export interface Percentiles {
  readonly mean: number | null;
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p99: number | null;
}

export interface StageRecord {
  readonly sent: number | null;
  readonly succeeded: number | null;
  readonly failed: number | null;
  /** Of those that succeeded, as all that follows. */
  readonly ttft: Percentiles;
  readonly tpot: Percentiles;
  readonly e2e: Percentiles;
  readonly outputTokensPerSecond: number | null;
}

export type StageArrivals =
  | { readonly kind: "constant" | "poisson"; readonly rate: number }
  | { readonly kind: "gamma"; readonly rate: number; readonly cv: number }
  /** So many callers, each sending its next request when the last one is answered. */
  | { readonly kind: "closed"; readonly callers: number };

/** The part of each prompt that the engine had cached, or one end of what it may have been. */
export interface CachedPart {
  readonly label: string;
  /** Tokens of the prompt, from its beginning. */
  readonly tokens: number;
  /** How many different beginnings there are, each shared by all prompts that have it; undefined: none is shared. */
  readonly applications: number | undefined;
}

export interface Stage {
  readonly name: string;
  /** "" where the summary does not say. */
  readonly model: string;
  readonly arrivals: StageArrivals;
  /** For how long requests are sent. */
  readonly seconds: number;
  /** Means; every request is simulated with these lengths. */
  readonly promptTokens: number;
  readonly outputTokens: number;
  /** One where the summary tells it, else both ends of what it leaves open. */
  readonly cached: readonly CachedPart[];
  /** As far as the summary tells. */
  readonly settings: Partial<EngineSettings>;
  readonly recorded: StageRecord;
  /** What was assumed in reading it, a sentence each. */
  readonly notes: readonly string[];
}

export const NOTHING: Percentiles = { mean: null, p50: null, p90: null, p99: null };

/** What may have been cached of prompts of which nothing is known. */
export function openCache(promptTokens: number): CachedPart[] {
  return [
    { label: "nothing cached", tokens: 0, applications: undefined },
    { label: "all cached", tokens: promptTokens, applications: undefined },
  ];
}
