// The waiting requests of a pool by a number that each has, the least first: a heap for each lane. What has left is
// taken out when it comes up, known by its ticket, which no other request has. Knows requests as small integers.
import { NO_REQUEST, type RequestQueue } from "./queue.js";

interface Entry {
  readonly request: number;
  readonly ticket: number;
  readonly score: number;
}

const isSooner = (one: Entry, other: Entry): boolean =>
  one.score < other.score || (one.score === other.score && one.ticket < other.ticket);

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
    const entry = { request, ticket: this.#queue.ticketOf(request), score };
    const heap = this.#heaps[this.#queue.laneOf(request)]!;
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
