// The line in front of a pool: first in, first out per rank, with exits from anywhere (a deadline, a displacement).
// Linked lists through typed arrays that are indexed by the request itself, so that joining and leaving allocate
// nothing. Knows requests as small integers.
import { assert } from "../base/assert.js";

export const NOBODY = -1;
const OUTSIDE = -2;

export class WaitingLine {
  readonly #heads: Int32Array;
  readonly #tails: Int32Array;
  readonly #counts: Int32Array;
  #length = 0;
  #joined = 0;
  // By request; `previous` is OUTSIDE for whoever does not wait here.
  #next: Int32Array = new Int32Array(0);
  #previous: Int32Array = new Int32Array(0);
  #ranks: Int32Array = new Int32Array(0);
  #tickets: Float64Array = new Float64Array(0);

  constructor(ranks: number) {
    this.#heads = new Int32Array(ranks).fill(NOBODY);
    this.#tails = new Int32Array(ranks).fill(NOBODY);
    this.#counts = new Int32Array(ranks);
  }

  get length(): number {
    return this.#length;
  }

  get ranks(): number {
    return this.#heads.length;
  }

  countOf(rank: number): number {
    return this.#counts[rank]!;
  }

  headOf(rank: number): number {
    return this.#heads[rank]!;
  }

  /** When a waiting request joined, as a number that only orders. */
  ticketOf(request: number): number {
    return this.#tickets[request]!;
  }

  has(request: number): boolean {
    return request < this.#previous.length && this.#previous[request] !== OUTSIDE;
  }

  join(request: number, rank: number): void {
    if (request >= this.#previous.length) this.#grow(request);
    assert(this.#previous[request] === OUTSIDE, "a request waits once");
    const tail = this.#tails[rank]!;
    this.#previous[request] = tail;
    this.#next[request] = NOBODY;
    this.#ranks[request] = rank;
    this.#tickets[request] = this.#joined++;
    if (tail === NOBODY) this.#heads[rank] = request;
    else this.#next[tail] = request;
    this.#tails[rank] = request;
    this.#counts[rank]!++;
    this.#length++;
  }

  leave(request: number): void {
    assert(this.has(request), "only who waits can leave the line");
    const rank = this.#ranks[request]!;
    const previous = this.#previous[request]!;
    const next = this.#next[request]!;
    if (previous === NOBODY) this.#heads[rank] = next;
    else this.#next[previous] = next;
    if (next === NOBODY) this.#tails[rank] = previous;
    else this.#previous[next] = previous;
    this.#previous[request] = OUTSIDE;
    this.#counts[rank]!--;
    this.#length--;
  }

  /** The last to join among the lowest rank below `rank` that has someone; NOBODY if none has. */
  youngestBelow(rank: number): number {
    for (let lower = this.ranks - 1; lower > rank; lower--) {
      if (this.#tails[lower] !== NOBODY) return this.#tails[lower]!;
    }
    return NOBODY;
  }

  #grow(request: number): void {
    const before = this.#previous.length;
    const size = Math.max(request + 1, before * 2, 64);
    this.#next = resized(this.#next, new Int32Array(size));
    this.#previous = resized(this.#previous, new Int32Array(size)).fill(OUTSIDE, before);
    this.#ranks = resized(this.#ranks, new Int32Array(size));
    this.#tickets = resized(this.#tickets, new Float64Array(size));
  }
}

function resized<Numbers extends Int32Array | Float64Array>(old: Numbers, larger: Numbers): Numbers {
  larger.set(old);
  return larger;
}
