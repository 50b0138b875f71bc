// A bounded queue with a deadline, from which each path is kept with a probability that rises with the cube of how far
// the pool is on the way from the path's own threshold to full: p = ((s - from) / (1 - from))^3. Slightly overloaded
// it sheds next to none, and those of the lowest rank; only near the end does it shed what matters. The cube is that
// of Netflix's gateway, where the threshold of a score from 1 to 100 falls like that, here told apart by path; the
// saturation is that of llm-d's detector, where Netflix goes by processors. Where the thresholds begin is ours.
import * as z from "zod";
import { name, share } from "../../../document/units.js";
import type { RequestFacts } from "../request-facts.js";
import type { PoolSignals } from "../signals.js";
import { OVERLOADED_CAPACITY } from "../verdict.js";
import { Gate } from "./gate.js";
import { checkPaths, definePolicy, type PathOfPool, type PolicyContext, ranksOf } from "./policy.js";
import { type Fullness, fullness, SATURATION_DEFAULTS, saturationOf } from "./saturation.js";
import { BOUNDED_QUEUE_DEFAULTS, boundedQueue, type TailDropOptions } from "./tail-drop.js";

export interface RampOptions extends TailDropOptions, Fullness {
  /** By path index: the saturation, below 1, from which some are refused. */
  readonly from: readonly number[];
}

export class Ramp extends Gate {
  override readonly watchesKv: boolean = true;
  readonly #own: RampOptions;
  readonly #chance: PolicyContext["chance"];

  constructor(options: RampOptions, chance: PolicyContext["chance"]) {
    super(options, OVERLOADED_CAPACITY);
    this.#own = options;
    this.#chance = chance;
  }

  /** Draws once for each arrival, refused or not. */
  protected isClosedTo({ path }: RequestFacts, signals: PoolSignals): boolean {
    return this.#chance() < this.probability(path, signals);
  }

  /** That an arrival of a path is refused; 0 without any replica, where it waits for one. */
  probability(path: number, signals: PoolSignals): number {
    if (signals.replicas === 0) return 0;
    const from = this.#own.from[path]!;
    const way = Math.max(0, Math.min(1, (saturationOf(signals, this.#own) - from) / (1 - from)));
    return way * way * way;
  }
}

/** Where the lowest rank begins unless told; the ranks above it share what is left to 1. */
const LOWEST_FROM = 0.5;

/** By path index. */
function thresholdsOf(
  given: Readonly<Record<string, number>> | undefined,
  paths: readonly PathOfPool[],
): number[] {
  const ranks = ranksOf(paths);
  const byRank = (rank: number) => LOWEST_FROM + ((1 - LOWEST_FROM) * Math.max(0, ranks - 1 - rank)) / ranks;
  return paths.map((path) => given?.[path.name] ?? byRank(path.rank));
}

export const ramp = definePolicy({
  name: "ramp",
  summary: "As tail-drop, and refuses each path with the cube of how far the pool is past its threshold.",
  ordersByPriority: true,
  options: {
    from: z
      .record(name, share({ below: 1 }))
      .exactOptional()
      .describe(
        "Per path: the saturation from which some are refused; all are where the pool is saturated. " +
          "Default: 50% for the lowest rank, and evenly up to 100% above it.",
      ),
    ...fullness,
    ...boundedQueue,
  },
  sources: [
    {
      text: "Netflix, Keeping Netflix reliable using prioritized load shedding (2020): the cubic threshold, as retold",
      date: "2026-11",
    },
  ],
  defaults: {
    from: "ours",
    queueDepth: SATURATION_DEFAULTS.queueDepth,
    kvShare: SATURATION_DEFAULTS.kvShare,
    ...BOUNDED_QUEUE_DEFAULTS,
  },
  check({ from }, at, around, report) {
    checkPaths(from, around, [...at, "from"], report);
  },
  create: ({ from, ...options }, { paths, chance }) =>
    new Ramp({ ...options, from: thresholdsOf(from, paths) }, chance),
});
