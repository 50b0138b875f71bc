// Which replica of a pool takes a sequence. Knows how full replicas are and what they have cached, and nothing of who
// asks. Whatever the strategy, a sequence that fits somewhere is placed (LAW-8).

import { NONE } from "../../base/none.js";
import type { Instant } from "../../base/units.js";
import type { Stream } from "../../random/stream.js";
import type { Replica, SequenceWork } from "../replica/replica.js";
import { type LoadIndex, NOWHERE } from "./load-index.js";

/**
 * `least-loaded`: the fewest busy slots, the first of equals. `power-of-two`: the less loaded of two at random
 * (Mitzenmacher, "The power of two choices in randomized load balancing", 2001). `affinity`: a session goes home, to
 * the one replica that is derived from its number, so that it finds its context there; while that one is much busier
 * than the least loaded, or full, it goes to the least loaded.
 */
export type PlacementStrategy = "least-loaded" | "power-of-two" | "affinity";

export interface PlacementOptions {
  readonly strategy: PlacementStrategy;
  /** How much busier, as a share of its slots, a session's home may be than the least loaded replica. */
  readonly affinitySlack: number;
  /** Decides which two are compared. */
  readonly chance: Stream;
}

export class Placement {
  readonly #options: PlacementOptions;
  readonly #replicas: readonly Replica[];
  readonly #loads: LoadIndex;
  /** Whether memory has ever been short: until then nobody need keep up who has room. */
  #isShort = false;

  constructor(options: PlacementOptions, replicas: readonly Replica[], loads: LoadIndex) {
    this.#options = options;
    this.#replicas = replicas;
    this.#loads = loads;
  }

  /** Index of the replica that takes the sequence; NOWHERE if it fits nowhere. */
  choose(work: SequenceWork, now: Instant): number {
    const least = this.#loads.least;
    if (least === NOWHERE) return NOWHERE;
    const wish = this.#wish(work, least);
    if (wish !== NOWHERE && this.#fits(wish, work, now)) return wish;
    if (this.#fits(least, work, now)) return least;
    return this.#leastThatFits(work, now);
  }

  /** A replica may have room that it did not have before. */
  changed(replica: number): void {
    if (this.#isShort) this.#loads.limitRoom(replica, Number.POSITIVE_INFINITY);
  }

  /** The least loaded of some replicas that takes the sequence; NOWHERE if none does. */
  chooseAmong(replicas: readonly number[], work: SequenceWork, now: Instant): number {
    let best = NOWHERE;
    for (const replica of replicas) {
      const load = this.#loads.loadOf(replica);
      const isBetter =
        best === NOWHERE ||
        load < this.#loads.loadOf(best) ||
        (load === this.#loads.loadOf(best) && replica < best);
      if (isBetter && this.#fits(replica, work, now)) best = replica;
    }
    return best;
  }

  #fits(replica: number, work: SequenceWork, now: Instant): boolean {
    return this.#loads.loadOf(replica) < Number.POSITIVE_INFINITY && this.#replicas[replica]!.fits(work, now);
  }

  #wish(work: SequenceWork, least: number): number {
    switch (this.#options.strategy) {
      case "least-loaded":
        return NOWHERE;
      case "power-of-two":
        return this.#lessLoadedOfTwo();
      case "affinity": {
        if (work.session === NONE) return NOWHERE;
        const home = homeOf(work.session, this.#replicas.length);
        const isFar = this.#loads.loadOf(home) > this.#loads.loadOf(least) + this.#options.affinitySlack;
        return isFar ? NOWHERE : home;
      }
    }
  }

  #lessLoadedOfTwo(): number {
    const one = this.#options.chance.below(this.#replicas.length);
    const other = this.#options.chance.below(this.#replicas.length);
    return this.#loads.loadOf(other) < this.#loads.loadOf(one) ? other : one;
  }

  /**
   * The least loaded has places but no memory for this sequence, so memory is short. Who turns a sequence down has no
   * more room until it changes: others that need as much need not ask it again.
   */
  #leastThatFits(work: SequenceWork, now: Instant): number {
    this.#isShort = true;
    // What a cache might save is not worth knowing here: at least the rest has to fit.
    const need = work.inputTokens - Math.max(work.prefixTokens, work.sharedTokens);
    return this.#loads.leastWith(need, (replica) => {
      if (this.#fits(replica, work, now)) return true;
      const isForRoom = work.rank <= this.#replicas[replica]!.rankLimit;
      if (isForRoom) this.#loads.limitRoom(replica, work.inputTokens - 1);
      return false;
    });
  }
}

/** Spreads sessions evenly whatever their numbers: multiplicative hashing by the golden ratio (Knuth, TAOCP 3, 6.4). */
function homeOf(session: number, replicas: number): number {
  const hash = Math.imul(session + 1, 0x9e3779b1) >>> 0;
  return Math.floor((hash / 2 ** 32) * replicas);
}
