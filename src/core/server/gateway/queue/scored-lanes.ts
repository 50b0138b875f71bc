// The waiting requests of a pool by a number that each has, the least first: a heap for each lane. What has left is
// taken out when it comes up, known by its ticket, which no other request has; and all of it at once where there is
// more of that than of what waits, since what stands far back may never come up. Knows requests as small integers.
import { NO_REQUEST, type RequestQueue } from "./queue.js";

interface Entry {
  readonly request: number;
  readonly ticket: number;
  readonly score: number;
}

const isSooner = (one: Entry, other: Entry): boolean =>
  one.score < other.score || (one.score === other.score && one.ticket < other.ticket);

/** So many entries of what has left are let be, however few wait. */
const LEAST_STALE = 64;

export class ScoredLanes {
  readonly #queue: RequestQueue;
  readonly #heaps: readonly Entry[][];

  /** Of the lanes of one row. */
  constructor(queue: RequestQueue) {
    this.#queue = queue;
    this.#heaps = queue.ranks.map(() => []);
  }

  /** A request that waits in `queue`. */
  add(request: number, score: number): void {
    const queue = this.#queue;
    const entry = { request, ticket: queue.ticketOf(request), score };
    const lane = queue.laneOf(request);
    const heap = this.#heaps[lane]!;
    if (heap.length > LEAST_STALE + 2 * queue.countOf(lane)) this.#clean(heap);
    let place = heap.push(entry) - 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!isSooner(entry, heap[parent]!)) break;
      heap[place] = heap[parent]!;
      place = parent;
    }
    heap[place] = entry;
  }

  /** Of a lane, the request that goes first; NO_REQUEST for none. */
  headOf(lane: number): number {
    const heap = this.#heaps[lane]!;
    for (;;) {
      const head = heap[0];
      if (head === undefined) return NO_REQUEST;
      if (this.#waits(head)) return head.request;
      this.#removeHead(heap);
    }
  }

  /** Whether the head of one lane goes before that of another; both have one. */
  goesBefore(lane: number, other: number): boolean {
    return isSooner(this.#heaps[lane]![0]!, this.#heaps[other]![0]!);
  }

  /** Entries that are kept of a lane, those of what has left among them. */
  sizeOf(lane: number): number {
    return this.#heaps[lane]!.length;
  }

  #clean(heap: Entry[]): void {
    let kept = 0;
    for (const entry of heap) if (this.#waits(entry)) heap[kept++] = entry;
    heap.length = kept;
    // In order they are a heap.
    heap.sort((one, other) => (isSooner(one, other) ? -1 : 1));
  }

  #waits({ request, ticket }: Entry): boolean {
    return this.#queue.has(request) && this.#queue.ticketOf(request) === ticket;
  }

  #removeHead(heap: Entry[]): void {
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isSooner(heap[child + 1]!, heap[child]!)) child++;
      if (!isSooner(heap[child]!, last)) break;
      heap[place] = heap[child]!;
      place = child;
    }
    heap[place] = last;
  }
}
