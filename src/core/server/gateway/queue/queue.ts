// The queue in front of a pool, in lanes, each with its shed rank, first in, first out, with exits from anywhere (a
// deadline, a displacement). Lanes come in rows of one per path: a rule that keeps accounts apart has a row of them for
// each. Linked lists through typed arrays that are indexed by the request itself, so that joining and leaving allocate
// nothing. Knows requests as small integers.
import { assert } from "../../../base/assert.js";
import { grown } from "../../../base/grown.js";

export const NO_REQUEST = -1;
const OUTSIDE = -2;

export class RequestQueue {
  /** Rank of each lane of a row, which is one per path: 0 is shed last. */
  readonly ranks: readonly number[];
  // By lane.
  #heads: Int32Array;
  #tails: Int32Array;
  #counts: Int32Array;
  readonly #countsByRank: Int32Array;
  #length = 0;
  #joined = 0;
  // By request; `previous` is OUTSIDE for a request that does not wait here.
  #next: Int32Array = new Int32Array(0);
  #previous: Int32Array = new Int32Array(0);
  #lanes: Int32Array = new Int32Array(0);
  #tickets: Float64Array = new Float64Array(0);

  /** `rows` as far as that is known: the lanes of a later one are there once a request has joined it. */
  constructor(ranks: readonly number[], rows = 1) {
    const lanes = rows * ranks.length;
    this.ranks = ranks;
    this.#heads = new Int32Array(lanes).fill(NO_REQUEST);
    this.#tails = new Int32Array(lanes).fill(NO_REQUEST);
    this.#counts = new Int32Array(lanes);
    this.#countsByRank = new Int32Array(Math.max(0, ...ranks) + 1);
  }

  get length(): number {
    return this.#length;
  }

  /** Different ranks that requests may have here. */
  get rankCount(): number {
    return this.#countsByRank.length;
  }

  countOf(lane: number): number {
    return this.#counts[lane]!;
  }

  countOfRank(rank: number): number {
    return this.#countsByRank[rank]!;
  }

  headOf(lane: number): number {
    return this.#heads[lane]!;
  }

  /** The last to join. */
  tailOf(lane: number): number {
    return this.#tails[lane]!;
  }

  rankOf(lane: number): number {
    const width = this.ranks.length;
    return this.ranks[lane < width ? lane : lane % width]!;
  }

  /** Where a request waits, or has waited last. */
  laneOf(request: number): number {
    return this.#lanes[request]!;
  }

  /**
   * In a queue of one row: of the lowest rank below `rank` that has any, the last to join, of those that `counts` where
   * that is given; NO_REQUEST for none.
   */
  lastBelow(rank: number, counts?: (request: number) => boolean): number {
    let last = NO_REQUEST;
    let lowest = rank;
    for (let lane = 0; lane < this.ranks.length; lane++) {
      let tail = this.#tails[lane]!;
      const laneRank = this.ranks[lane]!;
      if (tail === NO_REQUEST || laneRank <= rank || laneRank < lowest) continue;
      if (counts !== undefined) {
        while (tail !== NO_REQUEST && !counts(tail)) tail = this.#previous[tail]!;
        if (tail === NO_REQUEST) continue;
      }
      if (laneRank === lowest && last !== NO_REQUEST && this.#tickets[tail]! < this.#tickets[last]!) continue;
      last = tail;
      lowest = laneRank;
    }
    return last;
  }

  /** When a waiting request joined, as a number that only orders. */
  ticketOf(request: number): number {
    return this.#tickets[request]!;
  }

  has(request: number): boolean {
    return request < this.#previous.length && this.#previous[request] !== OUTSIDE;
  }

  /** A request that never waits has its lane, too. */
  pass(request: number, lane: number): void {
    if (request >= this.#previous.length) this.#grow(request);
    this.#lanes[request] = lane;
  }

  join(request: number, lane: number): void {
    if (request >= this.#previous.length) this.#grow(request);
    if (lane >= this.#heads.length) this.#growLanes(lane);
    assert(this.#previous[request] === OUTSIDE, "a request waits once");
    const tail = this.#tails[lane]!;
    this.#previous[request] = tail;
    this.#next[request] = NO_REQUEST;
    this.#lanes[request] = lane;
    this.#tickets[request] = this.#joined++;
    if (tail === NO_REQUEST) this.#heads[lane] = request;
    else this.#next[tail] = request;
    this.#tails[lane] = request;
    this.#counts[lane]!++;
    this.#countsByRank[this.rankOf(lane)]!++;
    this.#length++;
  }

  leave(request: number): void {
    assert(this.has(request), "only a request that waits can leave the queue");
    const lane = this.#lanes[request]!;
    const previous = this.#previous[request]!;
    const next = this.#next[request]!;
    if (previous === NO_REQUEST) this.#heads[lane] = next;
    else this.#next[previous] = next;
    if (next === NO_REQUEST) this.#tails[lane] = previous;
    else this.#previous[next] = previous;
    this.#previous[request] = OUTSIDE;
    this.#counts[lane]!--;
    this.#countsByRank[this.rankOf(lane)]!--;
    this.#length--;
  }

  #grow(request: number): void {
    const before = this.#previous.length;
    const size = Math.max(request + 1, before * 2, 64);
    this.#next = grown(this.#next, size);
    this.#previous = grown(this.#previous, size).fill(OUTSIDE, before);
    this.#lanes = grown(this.#lanes, size);
    this.#tickets = grown(this.#tickets, size);
  }

  #growLanes(lane: number): void {
    const before = this.#heads.length;
    const width = this.ranks.length;
    // Whole rows, so that a lane is there once another of its row is.
    const size = Math.max((Math.floor(lane / width) + 1) * width, before * 2);
    this.#heads = grown(this.#heads, size).fill(NO_REQUEST, before);
    this.#tails = grown(this.#tails, size).fill(NO_REQUEST, before);
    this.#counts = grown(this.#counts, size);
  }
}
