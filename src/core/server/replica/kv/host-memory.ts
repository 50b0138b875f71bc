// The memory of the host as a place for the KV of sequences that were preempted: they come back by a copy over PCIe and
// not by computing everything again. In whole blocks, of a sequence all or nothing, first come, first kept. Writing is
// free: copies out run beside the steps. What bringing back costs is mixed-step.ts's business; which sequence is
// preempted, and when it comes back, are the replica's.
// Source: Kwon et al., "Efficient memory management for large language model serving with PagedAttention" (2023),
// section 4.5, swapping.

export interface KvOffload {
  /** Tokens of context that fit into the memory of the host. */
  readonly tokens: number;
  /** Microseconds that a step takes longer for each token that comes back in it. */
  readonly loadPerToken: number;
}

/** What a sequence knows of its memory. */
export interface HostUse {
  prefilled: number;
  found: number;
  /** Tokens that the host keeps, and tokens that come back with its next chunk. */
  offloaded: number;
  loading: number;
}

export class HostMemory {
  /** In tokens of whole blocks. */
  used = 0;
  readonly #capacity: number;
  readonly #blockTokens: number;

  constructor(tokens: number, blockTokens: number) {
    this.#capacity = tokens;
    this.#blockTokens = blockTokens;
  }

  /** Returns how many of its tokens are kept: those in whole blocks but for the last one, or none. */
  keep(sequence: HostUse, all: number): number {
    // The last token always has to be computed: it yields the next one.
    const tokens = Math.floor(Math.max(0, all - 1) / this.#blockTokens) * this.#blockTokens;
    sequence.loading = 0;
    if (this.used + tokens > this.#capacity) return 0;
    this.used += tokens;
    sequence.offloaded = tokens;
    return tokens;
  }

  /** What was kept, and is not there yet, comes back with the first chunk that the sequence computes. */
  bringBack(sequence: HostUse): void {
    sequence.loading = Math.max(0, sequence.offloaded - sequence.prefilled);
    sequence.prefilled += sequence.loading;
    sequence.found = sequence.prefilled;
    this.drop(sequence);
  }

  drop(sequence: HostUse): void {
    this.used -= sequence.offloaded;
    sequence.offloaded = 0;
  }
}
