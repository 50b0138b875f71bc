// What a prefix cache without bounds would find of a trace: the most that any cache can save. It knows block ids,
// and nothing of replicas or of time.

/**
 * Counts the blocks of prompts that were seen before. Block ids name a block together with all before it, as in
 * published traces, so a block is a hit if it was ever seen. Memory grows with the number of different blocks.
 */
export class InfiniteBlockCache {
  readonly #seen = new Set<number>();
  #blocks = 0;
  #hits = 0;

  /** Takes the blocks of one prompt; returns how many of them were there before. */
  add(blocks: readonly number[]): number {
    let hits = 0;
    for (const block of blocks) {
      if (this.#seen.has(block)) hits++;
      else this.#seen.add(block);
    }
    this.#blocks += blocks.length;
    this.#hits += hits;
    return hits;
  }

  get blocks(): number {
    return this.#blocks;
  }

  get hits(): number {
    return this.#hits;
  }

  get uniqueBlocks(): number {
    return this.#seen.size;
  }

  /** Share of all blocks that were hits, in [0, 1]; undefined before the first block. */
  get hitRate(): number | undefined {
    return this.#blocks === 0 ? undefined : this.#hits / this.#blocks;
  }
}
