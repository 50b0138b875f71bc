// Which replica of a pool takes a sequence. Knows how full replicas are and what they have cached, and nothing of
// accounts or paths. Whatever the rule, a sequence that fits somewhere is placed (LAW-8).
import type { Instant } from "../../base/units.js";
import type { Stream } from "../../random/stream.js";
import type { StatedPrompt } from "../attempts/stated/prompt.js";
import type { Replica } from "../replica/replica.js";
import { type LoadIndex, NOWHERE } from "./load-index.js";
import { createRule, type PlacementSpec } from "./placement/registry.js";
import type { DatedSignals, PlacementRule } from "./placement/rule.js";

export type PlacementOptions = PlacementSpec & {
  /** For rules that draw. */
  readonly chance: Stream;
  /** For rules that see copies, of which some get lost. */
  readonly lossChance: () => number;
};

/** The replicas of a pool as placement sees them, kept up to date by who has them. */
export interface Placeable {
  /** By leaf. */
  readonly replicas: readonly Replica[];
  /** Leaves whose replicas take sequences, in order. */
  readonly ready: readonly number[];
  /** Another number whenever that list has changed. */
  membership(): number;
  /** By leaf: how loaded they are; closed where they take none. */
  readonly loads: LoadIndex;
}

export class Placement {
  readonly #rule: PlacementRule;
  /** Whether the rule is to be told where sequences go. */
  readonly #isTold: boolean;
  readonly #replicas: readonly Replica[];
  readonly #loads: LoadIndex;
  /** Whether memory has ever been short: until then the rooms of replicas need not be kept up to date. */
  #isShort = false;

  /** `make`: where another rule than a registered one is to place. */
  constructor(
    { chance, lossChance, ...spec }: PlacementOptions,
    { replicas, ready, membership, loads }: Placeable,
    make: typeof createRule = createRule,
  ) {
    this.#rule = make(spec, { ready, membership, loads, replicas, chance, lossChance });
    this.#isTold = this.#rule.placed !== undefined;
    this.#replicas = replicas;
    this.#loads = loads;
  }

  /** What its rule knows by copy; undefined where it sees the replicas as they are. */
  get signals(): DatedSignals | undefined {
    return this.#rule.signals;
  }

  /** Leaf of the replica that takes the sequence, which goes there; NOWHERE if it fits nowhere. */
  choose(work: StatedPrompt, now: Instant): number {
    const least = this.#loads.least;
    if (least === NOWHERE) return NOWHERE;
    const wish = this.#rule.wish(work, least, now);
    if (wish !== NOWHERE && this.#fits(wish, work, now)) return this.#told(wish, work);
    if (this.#fits(least, work, now)) return this.#told(least, work);
    return this.#told(this.#leastThatFits(work, now), work);
  }

  /** A replica may have room that it did not have before. */
  changed(replica: number): void {
    if (this.#isShort) this.#loads.limitRoom(replica, Number.POSITIVE_INFINITY);
  }

  /** The least loaded of some replicas that takes the sequence, which goes there; NOWHERE if none does. */
  chooseAmong(replicas: readonly number[], work: StatedPrompt, now: Instant): number {
    let best = NOWHERE;
    for (const replica of replicas) {
      const load = this.#loads.loadOf(replica);
      const isBetter =
        best === NOWHERE ||
        load < this.#loads.loadOf(best) ||
        (load === this.#loads.loadOf(best) && replica < best);
      if (isBetter && this.#fits(replica, work, now)) best = replica;
    }
    return this.#told(best, work);
  }

  #told(replica: number, work: StatedPrompt): number {
    if (this.#isTold && replica !== NOWHERE) this.#rule.placed!(work, replica);
    return replica;
  }

  #fits(replica: number, work: StatedPrompt, now: Instant): boolean {
    return this.#loads.loadOf(replica) < Number.POSITIVE_INFINITY && this.#replicas[replica]!.fits(work, now);
  }

  /**
   * The least loaded has places but no memory for this sequence, so memory is short. A replica that turns a sequence
   * down has no more room until it changes: others that need as much need not ask it again.
   */
  #leastThatFits(work: StatedPrompt, now: Instant): number {
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
