// Cuts the measured window of a run into stretches of equal length and counts each by itself, so that one long run says
// how far it varies. At most 64 of them: where the length of the run is not known, they start short, and whenever all
// are in use neighbours are taken together. Knows instants and columns.
import { type Instant, MICROS_PER_SECOND, NEVER } from "../../base/units.js";
import { TierColumns } from "./tier-columns.js";

const MOST_BATCHES = 64;
const SHORTEST = MICROS_PER_SECOND;
/** What 64 batches of a few tiers keep must stay in the tens of megabytes. */
const SKETCHES = { exactLimit: 512, coarse: true } as const;

export class RunBatches {
  readonly #tiers: number;
  readonly #from: Instant;
  #length: number;
  #batches: TierColumns[][] = [];
  /** The batch last asked for, and the instants it holds: nearly always the next one asked for, too. */
  #current: readonly TierColumns[] = [];
  #currentFrom = 0;
  #currentUntil = 0;

  constructor(tiers: number, from: Instant, until: Instant) {
    this.#tiers = tiers;
    this.#from = from;
    this.#length = until === NEVER ? SHORTEST : Math.max(1, Math.ceil((until - from) / MOST_BATCHES));
  }

  /** From the first on, up to the last one in which anything arrived; each by tier. */
  get all(): readonly (readonly TierColumns[])[] {
    return this.#batches;
  }

  /** Where a tier's attempt or request counts that arrived at that instant of the window. */
  columns(tier: number, at: Instant): TierColumns {
    if (at < this.#currentFrom || at >= this.#currentUntil) this.#goTo(at);
    return this.#current[tier]!;
  }

  #goTo(at: Instant): void {
    while (at - this.#from >= this.#length * MOST_BATCHES) this.#fold();
    const index = Math.floor((at - this.#from) / this.#length);
    while (this.#batches.length <= index) {
      this.#batches.push(Array.from({ length: this.#tiers }, () => new TierColumns(SKETCHES)));
    }
    this.#current = this.#batches[index]!;
    this.#currentFrom = this.#from + index * this.#length;
    this.#currentUntil = this.#currentFrom + this.#length;
  }

  #fold(): void {
    this.#length *= 2;
    for (const [index, batch] of this.#batches.entries()) {
      if (index % 2 === 0) continue;
      for (const [tier, columns] of batch.entries()) this.#batches[index - 1]![tier]!.merge(columns);
    }
    this.#batches = this.#batches.filter((_, index) => index % 2 === 0);
  }
}
