// A bounded queue with a deadline, closed to some paths while the pool is saturated: as many wait for each replica, or
// as much KV is taken, as the policy calls full. Such a request is refused before there is a queue to speak of, so
// that what is left is there for the others. This is the saturation detector of llm-d's inference scheduler with its
// defaults. There it is the mean over the replicas of the larger of the two shares, here that of the pool, which has
// one queue; a copy that is too old counts as full there, too. Who is sheddable by default is ours.
import * as z from "zod";
import { type Duration, type Instant, since } from "../../../base/units.js";
import type { Raw, Report } from "../../../document/raw.js";
import type { Path } from "../../../document/tree.js";
import { count, duration, name, share } from "../../../document/units.js";
import { quote } from "../../../document/words.js";
import type { RequestFacts } from "../request-facts.js";
import type { PoolSignals } from "../signals.js";
import { OVERLOADED_CAPACITY } from "../verdict.js";
import { Gate } from "./gate.js";
import { checkServed, definePolicy, lowestOf, type PathOfPool, type PolicySurroundings } from "./policy.js";
import { BOUNDED_QUEUE_DEFAULTS, boundedQueue, type TailDropOptions } from "./tail-drop.js";

/** When a pool is full. */
export interface Fullness {
  /** Waiting requests per replica that are as many as there should be. */
  readonly queueDepth: number;
  /** Likewise the share of KV that is taken. */
  readonly kvShare: number;
}

/**
 * How full the pool is as the copy has it, 1 and more for full: the larger of the shares of places in the queue and of
 * KV that are taken. Infinite without replicas.
 */
export function saturationOf(
  { queued, replicas, kvUsed, kvTokens }: PoolSignals,
  { queueDepth, kvShare }: Fullness,
): number {
  if (replicas === 0) return Number.POSITIVE_INFINITY;
  return Math.max(queued / (replicas * queueDepth), kvUsed / (kvTokens * kvShare));
}

export interface SaturationOptions extends TailDropOptions, Fullness {
  /** By path index. */
  readonly sheddable: readonly boolean[];
  readonly staleAfter: Duration;
}

export class Saturation extends Gate {
  override readonly watchesKv: boolean = true;
  readonly #own: SaturationOptions;

  constructor(options: SaturationOptions) {
    super(options, OVERLOADED_CAPACITY);
    this.#own = options;
  }

  protected isClosedTo(facts: RequestFacts, signals: PoolSignals, now: Instant): boolean {
    return this.#own.sheddable[facts.path] === true && this.refuses(signals, now);
  }

  /** Whether what is sheddable is refused. */
  protected refuses(signals: PoolSignals, now: Instant): boolean {
    return this.saturation(signals, now) >= 1;
  }

  /** How full the pool is, 1 and more for full; infinite where the copy is too old, or without replicas. */
  saturation(signals: PoolSignals, now: Instant): number {
    const isStale = since(now, signals.asOf) > this.#own.staleAfter;
    return isStale ? Number.POSITIVE_INFINITY : saturationOf(signals, this.#own);
  }
}

/** The options of every policy that goes by how full the pool is. */
export const fullness = {
  queueDepth: count(1, 1_000_000)
    .prefault(5)
    .describe("Waiting requests per replica from which the pool is saturated."),
  kvShare: share({ above: 0 })
    .prefault("80%")
    .describe("Share of KV in use from which the pool is saturated."),
};

/** The options of every policy that refuses some paths by it. */
export const saturationOptions = {
  sheddable: z
    .array(name)
    .min(1)
    .exactOptional()
    .describe("Paths that are refused while the pool is saturated. Default: those of the lowest rank."),
  ...fullness,
  staleAfter: duration().prefault("200ms").describe("A copy older than this counts as saturated."),
};

/** Where those defaults come from. */
export const SATURATION_DEFAULTS = {
  sheddable: "ours",
  queueDepth: "read",
  kvShare: "read",
  staleAfter: "read",
} as const;

/** The detector that they are of. */
const LLM_D_SATURATION = {
  text: "llm-d/llm-d-inference-scheduler @520af47 pkg/epp/flowcontrol, utilization-detector",
  date: "2026-11",
} as const;

/** Reports paths that are called sheddable and that another pool serves, that are not there, or stand there twice. */
export function checkSheddable(
  { sheddable }: Raw,
  at: Path,
  around: PolicySurroundings,
  report: Report,
): void {
  if (!Array.isArray(sheddable)) return;
  for (const [index, path] of sheddable.entries()) {
    const place = [...at, "sheddable", index];
    checkServed(path, around, place, report);
    if (sheddable.indexOf(path) < index) report(place, `${quote(path)} stands here twice`);
  }
}

/** By path index: those that are named, or of the lowest rank. */
export function sheddablePaths(
  named: readonly string[] | undefined,
  paths: readonly PathOfPool[],
): readonly boolean[] {
  return named === undefined ? lowestOf(paths) : paths.map((path) => named.includes(path.name));
}

export const saturation = definePolicy({
  name: "saturation",
  summary: "As tail-drop, and refuses some while the pool is saturated.",
  ordersByPriority: true,
  options: { ...saturationOptions, ...boundedQueue },
  sources: [LLM_D_SATURATION],
  defaults: { ...SATURATION_DEFAULTS, ...BOUNDED_QUEUE_DEFAULTS },
  check: checkSheddable,
  create: ({ sheddable, ...options }, { paths }) =>
    new Saturation({ ...options, sheddable: sheddablePaths(sheddable, paths) }),
});
