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
import type { RequestFacts } from "../request-facts.js";
import type { PoolSignals } from "../signals.js";
import { OVERLOADED_CAPACITY, type Verdict } from "../verdict.js";
import { checkServed, definePolicy, lowestOf, type PathOfPool, type PolicySurroundings } from "./policy.js";
import { BOUNDED_QUEUE_DEFAULTS, boundedQueue, TailDrop, type TailDropOptions } from "./tail-drop.js";

export interface SaturationOptions extends TailDropOptions {
  /** By path index. */
  readonly sheddable: readonly boolean[];
  /** Waiting requests per replica that are as many as there should be. */
  readonly queueDepth: number;
  /** Likewise the share of KV that is taken. */
  readonly kvShare: number;
  readonly staleAfter: Duration;
}

export class Saturation extends TailDrop {
  override readonly watchesKv: boolean = true;
  readonly #own: SaturationOptions;

  constructor(options: SaturationOptions) {
    super(options);
    this.#own = options;
  }

  override decide(facts: RequestFacts, signals: PoolSignals, now: Instant): Verdict {
    const isClosed = this.#own.sheddable[facts.path] === true && this.refuses(signals, now);
    // One of a lower rank that waits is shed before it (LAW-9).
    const comesBefore = this.displaceLower && signals.queuedBelow(facts.rank) > 0;
    return isClosed && !comesBefore ? OVERLOADED_CAPACITY : super.decide(facts, signals, now);
  }

  /** Whether what is sheddable is refused. */
  protected refuses(signals: PoolSignals, now: Instant): boolean {
    return this.saturation(signals, now) >= 1;
  }

  /** How full the pool is, 1 and more for full. */
  saturation({ asOf, queued, replicas, kvUsed, kvTokens }: PoolSignals, now: Instant): number {
    const { queueDepth, kvShare, staleAfter } = this.#own;
    if (replicas === 0 || since(now, asOf) > staleAfter) return Number.POSITIVE_INFINITY;
    return Math.max(queued / (replicas * queueDepth), kvUsed / (kvTokens * kvShare));
  }
}

/** The options of every policy that goes by how saturated the pool is. */
export const saturationOptions = {
  sheddable: z
    .array(name)
    .exactOptional()
    .describe("Paths that are refused while the pool is saturated. Default: those of the lowest rank."),
  queueDepth: count(1, 1_000_000)
    .prefault(5)
    .describe("Waiting requests per replica from which the pool is saturated."),
  kvShare: share({ above: 0 })
    .prefault("80%")
    .describe("Share of KV in use from which the pool is saturated."),
  staleAfter: duration().prefault("200ms").describe("A copy older than this counts as saturated."),
};

/** Where those defaults come from. */
const SATURATION_DEFAULTS = {
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

/** Reports paths that are called sheddable and that another pool serves, or that are not there. */
export function checkSheddable(
  { sheddable }: Raw,
  at: Path,
  around: PolicySurroundings,
  report: Report,
): void {
  if (!Array.isArray(sheddable)) return;
  for (const [index, path] of sheddable.entries()) {
    checkServed(path, around, [...at, "sheddable", index], report);
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
