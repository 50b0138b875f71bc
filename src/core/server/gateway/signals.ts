// What a policy sees of a pool when it decides: a dated copy, never the pool itself (LAW-7). With a period it is a
// copy that was taken then, and has travelled since (dated-copies.ts); without, it is made at the moment of the
// decision. Nothing in it depends on outputs that are still to come (LAW-6).
import { type Instant, START } from "../../base/units.js";

/** Numbers of a pool as they were at `asOf`: sequences, slots, tokens of KV cache, requests in the queue. */
export class PoolSignals {
  /** When the values below were true. */
  asOf: Instant = START;
  /** How many replicas are there to take requests. */
  replicas = 0;
  /** Sequences that prefill or generate, and how many may. */
  slotsBusy = 0;
  slots = 0;
  /** Sequences that replicas could take at once, memory apart: a replica prefills only a few at a time. */
  openings = 0;
  /** Tokens of KV cache that prompts and what they generated so far take (see `watchesKv`), and how many there are. */
  kvUsed = 0;
  kvTokens = 0;
  /** Waiting requests: all, and by rank. */
  queued = 0;
  readonly queuedByRank: Int32Array;

  constructor(ranks: number) {
    this.queuedByRank = new Int32Array(ranks);
  }

  /** Waiting requests that are shed before one of `rank`. */
  queuedBelow(rank: number): number {
    let count = 0;
    if (this.queued === 0) return count;
    for (let lower = rank + 1; lower < this.queuedByRank.length; lower++) count += this.queuedByRank[lower]!;
    return count;
  }

  /** Waiting requests that a new one of `rank` may not overtake. */
  queuedAhead(rank: number): number {
    return this.queued - this.queuedBelow(rank);
  }
}

/** Gives the dated copy of pool `pool` for a decision at `now`. */
export type SignalSource = (pool: number, now: Instant) => PoolSignals;
