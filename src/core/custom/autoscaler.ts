// The autoscaler of one pool as users write it: how many replicas, by a sample of the pool and rates over a window. How
// often it is asked, its bounds, tolerance, windows and rate limits are keys of the scenario, as for every autoscaler.
import type { CustomOptions, ValuesOf } from "./options.js";

/** The newest sample that may be seen: levels at `asOf`, and counts since the start of the run. Microseconds. */
export interface PoolSample {
  readonly asOf: number;
  /** Replicas that were wanted, that take requests, and that start or wait for GPUs. */
  readonly wanted: number;
  readonly ready: number;
  readonly starting: number;
  /** Requests in the queue, sequences inside, and as many as fit. */
  readonly queued: number;
  readonly running: number;
  readonly slots: number;
  /** Tokens of KV cache: in use where `watchesKv`, and all. */
  readonly kvUsed: number;
  readonly kvTokens: number;
  readonly arrived: number;
  readonly promptTokens: number;
  readonly shed: number;
  readonly completed: number;
  readonly outputTokens: number;
}

export interface ScalerPool {
  /** Of one replica: sequences, and tokens of KV cache (Infinity: no bound). */
  readonly slots: number;
  readonly kvTokens: number;
  /** About how long it takes from wanting a replica to having it, in microseconds. */
  readonly coldStart: number;
}

export interface CustomAutoscaler {
  /** Whether it looks at `kvUsed`. */
  readonly watchesKv?: boolean;
  /**
   * Replicas that it wants, a number from 0 that is rounded up; undefined: no opinion now. `wanted` is its last word.
   */
  recommend(latest: PoolSample, wanted: number, now: number): number | undefined;
}

/** What `defineAutoscaler` is given. */
export interface AutoscalerGiven<Options extends CustomOptions> {
  /** What it does, in one sentence. */
  readonly summary: string;
  readonly options?: Options;
  /** Makes the autoscaler of one pool, for one run. */
  create(options: ValuesOf<Options>, pool: ScalerPool): CustomAutoscaler;
}

export interface AutoscalerModule<Options extends CustomOptions> extends AutoscalerGiven<Options> {
  readonly kind: "autoscaler";
}

/** An autoscaler of your own: the default export of its module. docs/own-policy.md */
export function defineAutoscaler<const Options extends CustomOptions = Record<never, never>>(
  given: AutoscalerGiven<Options>,
): AutoscalerModule<Options> {
  return { ...given, kind: "autoscaler" };
}
