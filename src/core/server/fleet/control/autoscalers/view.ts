// What an autoscaler sees of its pool: samples, taken every so often and shown only after a delay, and means and rates
// over windows of them. Never the pool itself (LAW-7), and nothing in it depends on outputs still to come (LAW-6).
import type { Instant } from "../../../../base/units.js";

/** A pool as it was at one instant: levels, and counts since the start of the run. */
export interface ScalingSample {
  readonly asOf: Instant;
  /** Replicas that were wanted, those that take requests, and those that start or wait for GPUs to serve. */
  readonly wanted: number;
  readonly ready: number;
  readonly starting: number;
  /** Requests in the queue, and sequences inside replicas that take requests. */
  readonly queued: number;
  readonly running: number;
  /** Sequences, and tokens of KV cache, that fit into replicas that take requests; tokens in use there. */
  readonly slots: number;
  readonly kvTokens: number;
  readonly kvUsed: number;
  /** By replica that takes requests: share of its KV cache in use; empty where the autoscaler does not watch it. */
  readonly kvShares: readonly number[];
  /** Attempts that arrived, with their prompt tokens, and those of them that were shed. */
  readonly arrived: number;
  readonly promptTokens: number;
  readonly shed: number;
  /** Attempts that completed, and the tokens that these generated. */
  readonly completed: number;
  readonly outputTokens: number;
}

type Levels = "wanted" | "ready" | "starting" | "queued" | "running" | "slots" | "kvTokens" | "kvUsed";
type Counts = "arrived" | "promptTokens" | "shed" | "completed" | "outputTokens";

export type ScalingLevel = Extract<keyof ScalingSample, Levels>;
export type ScalingCount = Extract<keyof ScalingSample, Counts>;

/** There is always one sample at least. */
export interface ScalingView {
  readonly now: Instant;
  /**
   * Replicas that are wanted now, as old as nothing: the autoscaler's own last word, less what its pool gave up for
   * others since then and has not got back.
   */
  readonly wanted: number;
  /** The newest that may be seen. */
  readonly latest: ScalingSample;
  /** Mean over the samples of a window, in microseconds, that ends with the latest; a window of 0 is the latest. */
  mean(level: ScalingLevel | ((sample: ScalingSample) => number), window: number): number;
  /** Counted a second over such a window, or over what there is of it; 0 while there is one sample only. */
  rate(count: ScalingCount, window: number): number;
  /** How long such a rate counts, in microseconds: 0 where there is none yet. */
  counted(window: number): number;
}
