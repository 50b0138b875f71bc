// The decoding sequences of a replica, the next to complete first: a binary heap by the count of steps at which each
// completes, then by the order of joining. The counts stand in an array of their own, and no sequence knows its place:
// sequences are spread over memory, and looking at those that only move up or down is what would take the time.
import type { Sequence } from "./sequence.js";

export class CompletionHeap {
  /** In heap order: fit for visiting all of them, in no order that means anything. */
  readonly sequences: Sequence[] = [];
  /** As many, kept by itself: at most boundaries nothing else of the heap is looked at. */
  size = 0;
  /** The count of steps at which the next completes; Infinity when there is none. */
  firstFinish = Number.POSITIVE_INFINITY;
  /** By place: the sequence's `finish`. */
  readonly #finishes: number[] = [];
  #joins = 0;

  add(sequence: Sequence): void {
    const { finish } = sequence;
    sequence.ticket = this.#joins++;
    this.sequences.push(sequence);
    this.#finishes.push(finish);
    this.#rise(this.size++, sequence, finish);
    if (finish < this.firstFinish) this.firstFinish = finish;
  }

  /** Takes out the next to complete. Ask only when there is one. */
  takeFirst(): Sequence {
    const first = this.sequences[0]!;
    this.#removeAt(0);
    return first;
  }

  /** Takes out any sequence; slower, and seldom needed. */
  remove(sequence: Sequence): void {
    this.#removeAt(this.sequences.indexOf(sequence));
  }

  #removeAt(place: number): void {
    const last = this.sequences.pop()!;
    const finish = this.#finishes.pop()!;
    this.size--;
    if (place < this.size) {
      if (place > 0 && this.#isBefore(last, finish, (place - 1) >> 1)) this.#rise(place, last, finish);
      else this.#sink(place, last, finish);
    }
    if (place === 0) this.firstFinish = this.size === 0 ? Number.POSITIVE_INFINITY : this.#finishes[0]!;
  }

  #isBefore(sequence: Sequence, finish: number, place: number): boolean {
    const other = this.#finishes[place]!;
    return finish < other || (finish === other && sequence.ticket < this.sequences[place]!.ticket);
  }

  #rise(start: number, sequence: Sequence, finish: number): void {
    let place = start;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!this.#isBefore(sequence, finish, parent)) break;
      this.#put(place, this.sequences[parent]!, this.#finishes[parent]!);
      place = parent;
    }
    this.#put(place, sequence, finish);
  }

  #sink(start: number, sequence: Sequence, finish: number): void {
    const { sequences, size } = this;
    const finishes = this.#finishes;
    let place = start;
    for (let child = 2 * place + 1; child < size; child = 2 * place + 1) {
      const other = child + 1;
      if (other < size && this.#isBefore(sequences[other]!, finishes[other]!, child)) child = other;
      if (this.#isBefore(sequence, finish, child)) break;
      this.#put(place, sequences[child]!, finishes[child]!);
      place = child;
    }
    this.#put(place, sequence, finish);
  }

  #put(place: number, sequence: Sequence, finish: number): void {
    this.sequences[place] = sequence;
    this.#finishes[place] = finish;
  }
}
