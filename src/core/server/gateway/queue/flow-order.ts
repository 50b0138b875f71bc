// Queue rules that are fair between flows: the requests of one rank are parted into flows, each flow has a number, and
// by rank the flow with the least goes first, within it the request that came first. What a flow is, and what its
// number counts, is the rule's own. The flows of a rank that have a request waiting stand in a heap, so that who starts
// is at its top, whatever waits; all of them are looked through only where the policy does not let that one start.
import { grown } from "../../../base/grown.js";
import type { Instant } from "../../../base/units.js";
import type { AdmissionPolicy, Occupancy } from "../policies/policy.js";
import { NO_REQUEST, RequestQueue } from "./queue.js";
import type { QueueRule, WaitingView } from "./rule.js";

/** Of whole numbers below 2^31, without a detour through fractions. */
const quotient = (one: number, other: number): number => (one / other) | 0;

export abstract class FlowOrder implements QueueRule {
  readonly queue: RequestQueue;
  readonly seesAll = true;
  readonly isBounded: boolean = false;
  readonly dropsLate = false;
  // By flow: the requests of one row of lanes in one rank, whatever their paths.
  protected numbers: Float64Array = new Float64Array(0);
  protected waiting: Int32Array = new Int32Array(0);
  /** The ticket of its oldest request, and its place in the heap, of those that have a request waiting. */
  #tickets: Float64Array = new Float64Array(0);
  #placeOf: Int32Array = new Int32Array(0);
  // By rank: a heap of flows, and how many are in it.
  readonly #heaps: Int32Array[];
  readonly #sizes: Int32Array;

  constructor(ranks: readonly number[], rows = 1) {
    this.queue = new RequestQueue(ranks, rows);
    const { rankCount } = this.queue;
    this.#heaps = Array.from({ length: rankCount }, () => new Int32Array(16));
    this.#sizes = new Int32Array(rankCount);
  }

  abstract join(request: number, lane: number, account: number, now: Instant): void;
  abstract passed(request: number, lane: number, account: number, inputTokens: number, now: Instant): void;
  abstract started(request: number, inputTokens: number, now: Instant): void;
  abstract settled(request: number, outputTokens: number, now: Instant): void;

  /** For one that is displaced: the greater, the later the last of a flow starts. */
  protected abstract lastNumberOf(flow: number): number;

  hasPlace(_rank: number, _account: number): boolean {
    return true;
  }

  isLate(): boolean {
    return false;
  }

  protected flowOf(lane: number): number {
    const width = this.queue.ranks.length;
    return quotient(lane, width) * this.queue.rankCount + this.queue.rankOf(lane);
  }

  /** Makes room for what is kept of a flow. */
  protected makeRoom(flow: number): void {
    if (flow < this.numbers.length) return;
    const flows = Math.max(flow + 1, 2 * this.numbers.length);
    this.numbers = grown(this.numbers, flows);
    this.waiting = grown(this.waiting, flows);
    this.#tickets = grown(this.#tickets, flows);
    this.#placeOf = grown(this.#placeOf, flows);
  }

  /** The only way to give a flow another number: it may stand elsewhere in the order then. */
  protected setNumber(flow: number, number: number): void {
    this.numbers[flow] = number;
    if (this.waiting[flow]! > 0) this.#move(flow % this.queue.rankCount, this.#placeOf[flow]!, flow);
  }

  protected enter(request: number, lane: number, flow: number): void {
    const { queue } = this;
    queue.join(request, lane);
    if (this.waiting[flow]!++ > 0) return;
    const rank = queue.rankOf(lane);
    const size = this.#sizes[rank]!++;
    const heap = this.#heaps[rank]!;
    if (size === heap.length) this.#heaps[rank] = grown(heap, 2 * size);
    this.#tickets[flow] = queue.ticketOf(request);
    this.#move(rank, size, flow);
  }

  leave(request: number): void {
    const { queue } = this;
    queue.leave(request);
    const lane = queue.laneOf(request);
    const flow = this.flowOf(lane);
    const rank = queue.rankOf(lane);
    const place = this.#placeOf[flow]!;
    if (--this.waiting[flow]! > 0) {
      this.#tickets[flow] = queue.ticketOf(queue.headOf(this.#oldestLane(flow)));
      this.#move(rank, place, flow);
      return;
    }
    const size = --this.#sizes[rank]!;
    if (place < size) this.#move(rank, place, this.#heaps[rank]![size]!);
  }

  next(policy: AdmissionPolicy, waiting: WaitingView, occupancy: Occupancy): number {
    const { queue } = this;
    for (let rank = 0; rank < this.#heaps.length; rank++) {
      if (this.#sizes[rank] === 0) continue;
      const first = queue.headOf(this.#oldestLane(this.#heaps[rank]![0]!));
      if (policy.mayStart(waiting.pathOf(first), waiting.inputTokensOf(first), occupancy)) return first;
      const other = this.#firstThatMay(rank, policy, waiting, occupancy);
      if (other !== NO_REQUEST) return other;
    }
    return NO_REQUEST;
  }

  /** Of a rank, where the first may not start: looks at all lanes that have a request waiting. */
  #firstThatMay(rank: number, policy: AdmissionPolicy, waiting: WaitingView, occupancy: Occupancy): number {
    const { queue } = this;
    const { ranks } = queue;
    const heap = this.#heaps[rank]!;
    let next = NO_REQUEST;
    let nextNumber = 0;
    for (let place = 0; place < this.#sizes[rank]!; place++) {
      const flow = heap[place]!;
      const number = this.numbers[flow]!;
      if (next !== NO_REQUEST && number > nextNumber) continue;
      const row = this.rowOf(flow);
      for (let path = 0; path < ranks.length; path++) {
        if (ranks[path] !== rank || queue.countOf(row + path) === 0) continue;
        const head = queue.headOf(row + path);
        const isLevel = next !== NO_REQUEST && number === nextNumber;
        if (isLevel && queue.ticketOf(head) > queue.ticketOf(next)) continue;
        if (!policy.mayStart(waiting.pathOf(head), waiting.inputTokensOf(head), occupancy)) continue;
        next = head;
        nextNumber = number;
      }
    }
    return next;
  }

  lastBelow(rank: number): number {
    const { queue } = this;
    const { ranks } = queue;
    let lowest = this.#heaps.length - 1;
    while (lowest > rank && this.#sizes[lowest] === 0) lowest--;
    if (lowest <= rank) return NO_REQUEST;
    let last = NO_REQUEST;
    let most = 0;
    for (let place = 0; place < this.#sizes[lowest]!; place++) {
      const flow = this.#heaps[lowest]![place]!;
      const number = this.lastNumberOf(flow);
      if (last !== NO_REQUEST && number < most) continue;
      const row = this.rowOf(flow);
      for (let path = 0; path < ranks.length; path++) {
        if (ranks[path] !== lowest || queue.countOf(row + path) === 0) continue;
        const tail = queue.tailOf(row + path);
        const isLevel = last !== NO_REQUEST && number === most;
        if (isLevel && queue.ticketOf(tail) < queue.ticketOf(last)) continue;
        last = tail;
        most = number;
      }
    }
    return last;
  }

  /** The least number of the flows of a rank that have a request waiting; infinity for none. */
  protected leastOf(rank: number): number {
    if (this.#sizes[rank] === 0) return Number.POSITIVE_INFINITY;
    return this.numbers[this.#heaps[rank]![0]!]!;
  }

  /** The first lane of the row that a flow is of. */
  protected rowOf(flow: number): number {
    return quotient(flow, this.queue.rankCount) * this.queue.ranks.length;
  }

  /** Of a flow that has a request waiting: the lane of that which came first. */
  #oldestLane(flow: number): number {
    const { queue } = this;
    const { ranks, rankCount } = queue;
    const rank = flow % rankCount;
    const row = this.rowOf(flow);
    let oldest = row;
    let first = Number.POSITIVE_INFINITY;
    for (let path = 0; path < ranks.length; path++) {
      if (ranks[path] !== rank || queue.countOf(row + path) === 0) continue;
      const ticket = queue.ticketOf(queue.headOf(row + path));
      if (ticket >= first) continue;
      oldest = row + path;
      first = ticket;
    }
    return oldest;
  }

  #goesBefore(flow: number, other: number): boolean {
    const number = this.numbers[flow]!;
    const otherNumber = this.numbers[other]!;
    return number === otherNumber ? this.#tickets[flow]! < this.#tickets[other]! : number < otherNumber;
  }

  /** Puts a flow where it belongs in a heap that is in order but for its place, which is free. */
  #move(rank: number, from: number, flow: number): void {
    const heap = this.#heaps[rank]!;
    const size = this.#sizes[rank]!;
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      if (!this.#goesBefore(flow, heap[above]!)) break;
      this.#put(heap, place, heap[above]!);
      place = above;
    }
    for (;;) {
      let below = 2 * place + 1;
      if (below >= size) break;
      if (below + 1 < size && this.#goesBefore(heap[below + 1]!, heap[below]!)) below++;
      if (!this.#goesBefore(heap[below]!, flow)) break;
      this.#put(heap, place, heap[below]!);
      place = below;
    }
    this.#put(heap, place, flow);
  }

  #put(heap: Int32Array, place: number, flow: number): void {
    heap[place] = flow;
    this.#placeOf[flow] = place;
  }
}
