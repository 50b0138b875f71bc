// Cuts the measured window of a run into stretches of equal length and counts each by itself, so that one long run says
// how far it varies. At most 64 of them: where the length of the run is not known, they start short, and whenever all
// are in use neighbours are taken together. Knows instants and columns.
import { type Instant, MICROS_PER_SECOND, NEVER } from "../../base/units.js";
import { CrossTable } from "./cross-table.js";
import type { TierColumns } from "./tier-columns.js";

const MOST_BATCHES = 64;
const SHORTEST = MICROS_PER_SECOND;
/** What 64 batches of a few tiers keep must stay in the tens of megabytes. */
const SKETCHES = { exactLimit: 512, coarse: true } as const;

export class RunBatches {
  readonly #tiers: number;
  readonly #sources: number;
  readonly #from: Instant;
  #length: number;
  #batches: CrossTable[] = [];
  /** The batch last asked for, and the instants it holds: nearly always the next one asked for, too. */
  #current: CrossTable;
  #currentFrom = 0;
  #currentUntil = 0;

  constructor(tiers: number, sources: number, from: Instant, until: Instant) {
    this.#tiers = tiers;
    this.#sources = sources;
    this.#current = this.#empty();
    this.#from = from;
    this.#length = until === NEVER ? SHORTEST : Math.max(1, Math.ceil((until - from) / MOST_BATCHES));
  }

  /** From the first on, up to the last one in which anything arrived: by tier and by source. */
  get all(): readonly CrossTable[] {
    return this.#batches;
  }

  /** Where an attempt or request of a tier and source counts that arrived at that instant of the window. */
  columns(tier: number, source: number, at: Instant): TierColumns {
    if (at < this.#currentFrom || at >= this.#currentUntil) this.#goTo(at);
    return this.#current.at(tier, source);
  }

  #goTo(at: Instant): void {
    while (at - this.#from >= this.#length * MOST_BATCHES) this.#fold();
    const index = Math.floor((at - this.#from) / this.#length);
    while (this.#batches.length <= index) this.#batches.push(this.#empty());
    this.#current = this.#batches[index]!;
    this.#currentFrom = this.#from + index * this.#length;
    this.#currentUntil = this.#currentFrom + this.#length;
  }

  #fold(): void {
    this.#length *= 2;
    for (const [index, batch] of this.#batches.entries()) {
      if (index % 2 === 1) this.#batches[index - 1]!.absorb(batch);
    }
    this.#batches = this.#batches.filter((_, index) => index % 2 === 0);
  }

  #empty(): CrossTable {
    return new CrossTable(this.#tiers, this.#sources, SKETCHES);
  }
}
