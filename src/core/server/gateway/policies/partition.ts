// A bounded queue with a deadline, in which each path has a share of the slots that counts only while the pool is
// full: then a path that has as many in it as its share, or more, is refused, and one below its share waits and is
// next. While there is room every path takes what it likes, so that a burst of the lesser ones costs nothing until it
// meets the others. These are the partitions of Netflix's concurrency-limits as its playback API uses them, users 100
// % and prefetch 0 %: share_i = max(1, ceil(percent_i x limit)), enforced where the whole is at the limit. There none
// waits; here what a path has in the pool is what waits and what is inside. A path at a share of its own is refused
// beside one of a lower rank that is below its own: it keeps no order of ranks.
import * as z from "zod";
import type { Instant } from "../../../base/units.js";
import { name, share } from "../../../document/units.js";
import type { RequestFacts } from "../request-facts.js";
import type { PoolSignals } from "../signals.js";
import { OVERLOADED_CAPACITY, type Verdict } from "../verdict.js";
import { Gate } from "./gate.js";
import { checkPaths, definePolicy, lowestOf, type PathOfPool, type Settlement } from "./policy.js";
import { BOUNDED_QUEUE_DEFAULTS, boundedQueue, type TailDropOptions } from "./tail-drop.js";

export interface PartitionOptions extends TailDropOptions {
  /** By path index: the share of slots that it may take while the pool is full. */
  readonly shares: readonly number[];
}

export class Partition extends Gate {
  readonly #shares: readonly number[];
  /** By path: requests that were let in and have not left. */
  readonly #counts: Int32Array;

  constructor(options: PartitionOptions) {
    super(options, OVERLOADED_CAPACITY);
    this.#shares = options.shares;
    this.#counts = new Int32Array(options.shares.length);
  }

  override decide(facts: RequestFacts, signals: PoolSignals, now: Instant): Verdict {
    const verdict = super.decide(facts, signals, now);
    if (verdict.kind !== "reject") this.#counts[facts.path]!++;
    return verdict;
  }

  override settle(path: number, _settlement: Settlement, _now: Instant): void {
    this.#counts[path]!--;
  }

  protected isClosedTo({ path }: RequestFacts, { openings, queued, replicas, slots }: PoolSignals): boolean {
    const isFull = replicas > 0 && (openings === 0 || queued > 0);
    return isFull && this.#counts[path]! >= Math.max(1, Math.ceil(this.#shares[path]! * slots));
  }
}

/** By path index: of those that are not told, the lowest rank has none and the others all. */
function sharesOf(
  given: Readonly<Record<string, number>> | undefined,
  paths: readonly PathOfPool[],
): number[] {
  const lowest = lowestOf(paths);
  return paths.map((path, index) => given?.[path.name] ?? (lowest[index] ? 0 : 1));
}

export const partition = definePolicy({
  name: "partition",
  summary: "As tail-drop, and while the pool is full refuses paths that have their share of it.",
  ordersByPriority: false,
  options: {
    shares: z
      .record(name, share())
      .exactOptional()
      .describe(
        "Per path: the share of slots that it may have while the pool is full, at least one slot. " +
          "Default: 0% for the lowest rank, 100% for the others.",
      ),
    ...boundedQueue,
  },
  sources: [
    {
      text: "Netflix/concurrency-limits @78a74b9 core/src/main, AbstractPartitionedLimiter",
      date: "2026-11",
    },
    {
      text: "Netflix, Enhancing Netflix reliability with service-level prioritized load shedding, 2024",
      date: "2026-11",
    },
  ],
  defaults: { shares: "excerpted", ...BOUNDED_QUEUE_DEFAULTS },
  check({ shares }, at, around, report) {
    checkPaths(shares, around, [...at, "shares"], report);
  },
  create: ({ shares, ...options }, { paths }) =>
    new Partition({ ...options, shares: sharesOf(shares, paths) }),
});
