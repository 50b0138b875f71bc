// The pending events of a simulation in one total order: (time, phase, sequence). Events with equal time and
// phase come out first in, first out. Knows times, phases and integers, and nothing about fleets.
//
// A four-ary heap over typed arrays: no object is made per event. An event is named by an integer handle that
// stays valid until it is popped or cancelled and is reused after that, so owners drop a handle at that moment.
import { assert } from "../base/assert.js";
import { grown } from "../base/grown.js";
import { type Instant, NEVER } from "../base/units.js";
import type { Phase } from "./phase.js";

export type EventHandle = number;
/** The handle of no event. */
export const NO_EVENT: EventHandle = -1;

/** Phase and sequence share one double: phases fit above 2^48 sequences, and the sum stays below 2^53. */
const SEQUENCES = 2 ** 48;
const FREE = -1;

/**
 * The clock's pending events, by (time, phase, sequence). `pop()` takes the next one out and shows it in `time`, in
 * whole microseconds, `kind` and `subject`; false when there is none.
 */
export class EventQueue {
  #capacity: number;
  #size = 0;
  /** Whether the first place is empty: what was there was taken out, and nearly always another one comes at once. */
  #hasHole = false;
  #sequence = 0;
  // Heap order: time and rank of the event at a heap position, and whose handle it is.
  #times: Float64Array;
  #ranks: Float64Array;
  #handles: Int32Array;
  // By handle: where it stands in the heap (FREE when nowhere), and what it carries.
  #positions: Int32Array;
  #kinds: Int32Array;
  #subjects: Int32Array;
  #freeHandles: Int32Array;
  #freeCount: number;
  /** What the last `pop` took out. */
  time: Instant = 0 as Instant;
  kind = 0;
  subject = 0;

  constructor(capacity = 1024) {
    assert(Number.isInteger(capacity) && capacity > 0, "capacity is a positive integer");
    this.#capacity = capacity;
    this.#times = new Float64Array(capacity);
    this.#ranks = new Float64Array(capacity);
    this.#handles = new Int32Array(capacity);
    this.#positions = new Int32Array(capacity).fill(FREE);
    this.#kinds = new Int32Array(capacity);
    this.#subjects = new Int32Array(capacity);
    this.#freeHandles = Int32Array.from({ length: capacity }, (_, index) => capacity - 1 - index);
    this.#freeCount = capacity;
  }

  get size(): number {
    return this.#hasHole ? this.#size - 1 : this.#size;
  }

  /** Time of the next event, NEVER when there is none. */
  get nextAt(): Instant {
    if (this.#hasHole) this.#fillHole();
    return this.#size === 0 ? NEVER : (this.#times[0]! as Instant);
  }

  /** Phase of the next event. Ask only when there is one. */
  get nextPhase(): number {
    if (this.#hasHole) this.#fillHole();
    return Math.floor(this.#ranks[0]! / SEQUENCES);
  }

  /** Kind of the next event. Ask only when there is one. */
  get nextKind(): number {
    if (this.#hasHole) this.#fillHole();
    return this.#kinds[this.#handles[0]!]!;
  }

  /** Adds an event. `kind` and `subject` are the caller's own integers. */
  schedule(at: Instant, phase: Phase, kind: number, subject: number): EventHandle {
    return this.scheduleInPlace(at, phase, this.#sequence++, kind, subject);
  }

  /**
   * Adds an event that has a fixed place, a whole number below 2^48, among those of its time and phase. For owners that
   * may set one and the same alarm sooner or later, and must not change the order of events by that.
   */
  scheduleInPlace(at: Instant, phase: Phase, place: number, kind: number, subject: number): EventHandle {
    assert(at < NEVER, "an event has a time"); // also refuses NaN
    if (this.#freeCount === 0) this.#grow();
    const handle = this.#freeHandles[--this.#freeCount]!;
    this.#kinds[handle] = kind;
    this.#subjects[handle] = subject;
    const rank = phase * SEQUENCES + place;
    if (this.#hasHole) {
      this.#hasHole = false;
      this.#sink(0, at, rank, handle);
    } else this.#rise(this.#size++, at, rank, handle);
    return handle;
  }

  isPending(handle: EventHandle): boolean {
    return handle >= 0 && handle < this.#capacity && this.#positions[handle] !== FREE;
  }

  /** Takes a pending event out of the queue. */
  cancel(handle: EventHandle): void {
    assert(this.isPending(handle), "a cancelled event is pending");
    if (this.#hasHole) this.#fillHole();
    this.#removeAt(this.#positions[handle]!);
    this.#release(handle);
  }

  /** Moves a pending event to another time, same phase, as if it had been scheduled just now. */
  reschedule(handle: EventHandle, at: Instant): void {
    this.#move(handle, at, this.#phaseOf(handle) * SEQUENCES + this.#sequence++);
  }

  /** Moves a pending event to another time and phase; it stands there in the fixed place given. */
  rescheduleInPlace(handle: EventHandle, at: Instant, phase: Phase, place: number): void {
    this.#move(handle, at, phase * SEQUENCES + place);
  }

  #phaseOf(handle: EventHandle): number {
    return Math.floor(this.#ranks[this.#positions[handle]!]! / SEQUENCES);
  }

  #move(handle: EventHandle, at: Instant, rank: number): void {
    assert(this.isPending(handle), "a rescheduled event is pending");
    assert(at < NEVER, "an event has a time");
    if (this.#hasHole) this.#fillHole();
    this.#place(this.#positions[handle]!, at, rank, handle);
  }

  /** Takes the next event out and shows it in `time`, `kind` and `subject`; false when there is none. */
  pop(): boolean {
    if (this.#hasHole) this.#fillHole();
    if (this.#size === 0) return false;
    const handle = this.#handles[0]!;
    this.time = this.#times[0]! as Instant;
    this.kind = this.#kinds[handle]!;
    this.subject = this.#subjects[handle]!;
    this.#release(handle);
    this.#hasHole = true;
    return true;
  }

  #fillHole(): void {
    this.#hasHole = false;
    this.#removeAt(0);
  }

  #release(handle: number): void {
    this.#positions[handle] = FREE;
    this.#freeHandles[this.#freeCount++] = handle;
  }

  /** Fills the hole at `position` with the last event of the heap. */
  #removeAt(position: number): void {
    const last = --this.#size;
    if (position === last) return;
    this.#place(position, this.#times[last]!, this.#ranks[last]!, this.#handles[last]!);
  }

  /** Puts an event into the hole at `position`, then lets it rise or sink to where it belongs. */
  #place(position: number, time: number, rank: number, handle: number): void {
    const parent = (position - 1) >> 2;
    if (position > 0 && this.#isBefore(time, rank, parent)) this.#rise(position, time, rank, handle);
    else this.#sink(position, time, rank, handle);
  }

  #isBefore(time: number, rank: number, position: number): boolean {
    const other = this.#times[position]!;
    return time < other || (time === other && rank < this.#ranks[position]!);
  }

  #rise(start: number, time: number, rank: number, handle: number): void {
    const times = this.#times;
    const ranks = this.#ranks;
    let position = start;
    while (position > 0) {
      const parent = (position - 1) >> 2;
      const other = times[parent]!;
      if (other < time || (other === time && ranks[parent]! < rank)) break;
      this.#shift(parent, position);
      position = parent;
    }
    this.#settle(position, time, rank, handle);
  }

  #sink(start: number, time: number, rank: number, handle: number): void {
    const times = this.#times;
    const ranks = this.#ranks;
    const size = this.#size;
    let position = start;
    for (;;) {
      let child = position * 4 + 1;
      if (child >= size) break;
      let least = child;
      let leastTime = times[child]!;
      const end = Math.min(child + 4, size);
      for (child++; child < end; child++) {
        const childTime = times[child]!;
        if (childTime < leastTime || (childTime === leastTime && ranks[child]! < ranks[least]!)) {
          least = child;
          leastTime = childTime;
        }
      }
      if (time < leastTime || (time === leastTime && rank < ranks[least]!)) break;
      this.#shift(least, position);
      position = least;
    }
    this.#settle(position, time, rank, handle);
  }

  #shift(from: number, to: number): void {
    const handle = this.#handles[from]!;
    this.#times[to] = this.#times[from]!;
    this.#ranks[to] = this.#ranks[from]!;
    this.#handles[to] = handle;
    this.#positions[handle] = to;
  }

  #settle(position: number, time: number, rank: number, handle: number): void {
    this.#times[position] = time;
    this.#ranks[position] = rank;
    this.#handles[position] = handle;
    this.#positions[handle] = position;
  }

  #grow(): void {
    const before = this.#capacity;
    const capacity = before * 2;
    this.#times = grown(this.#times, capacity);
    this.#ranks = grown(this.#ranks, capacity);
    this.#handles = grown(this.#handles, capacity);
    this.#kinds = grown(this.#kinds, capacity);
    this.#subjects = grown(this.#subjects, capacity);
    this.#positions = grown(this.#positions, capacity).fill(FREE, before);
    this.#freeHandles = grown(this.#freeHandles, capacity);
    for (let handle = capacity - 1; handle >= before; handle--) this.#freeHandles[this.#freeCount++] = handle;
    this.#capacity = capacity;
  }
}
