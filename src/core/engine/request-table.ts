// The requests that are alive, as parallel arrays indexed by a slot that is reused when a request ends: memory is
// bounded by how many are alive at once, and nothing is allocated per request. A request is what the caller wants; it
// has at most one attempt under way at a time. Holds facts and changes none by itself.
import { assert } from "../base/assert.js";
import { NO_EVENT } from "../kernel/event-queue.js";

export const RequestState = {
  /** The slot belongs to nobody. */
  free: 0,
  /** Between a failed attempt and the next. */
  resting: 1,
  /** In front of a pool. */
  queued: 2,
  /** In a replica. */
  running: 3,
} as const;

const FIRST_CAPACITY = 1024;

export class RequestTable {
  #capacity = 0;
  #free: Int32Array = new Int32Array(0);
  #freeCount = 0;
  #opened = 0;

  state: Uint8Array = new Uint8Array(0);
  /** Number of the request, from 1 in the order in which requests came up. */
  number: Float64Array = new Float64Array(0);
  source: Int32Array = new Int32Array(0);
  account: Int32Array = new Int32Array(0);
  /** Ledger row: index of the path, or one beyond the last for a request that no path takes. */
  tier: Int32Array = new Int32Array(0);
  /** Why no path takes it; 0 where one does. */
  refusal: Int32Array = new Int32Array(0);
  inputTokens: Int32Array = new Int32Array(0);
  /** Cached part of the prompt as the arrival tells it, and what the attempt under way found. */
  knownCachedTokens: Int32Array = new Int32Array(0);
  cachedTokens: Int32Array = new Int32Array(0);
  /** What the prompt begins with: see SequenceWork. */
  prefix: Int32Array = new Int32Array(0);
  prefixTokens: Int32Array = new Int32Array(0);
  session: Int32Array = new Int32Array(0);
  sharedTokens: Int32Array = new Int32Array(0);
  outputTokens: Int32Array = new Int32Array(0);
  maxTokens: Int32Array = new Int32Array(0);
  /** First arrival, then times of the attempt under way; Infinity for what has not happened. */
  offeredAt: Float64Array = new Float64Array(0);
  arrivedAt: Float64Array = new Float64Array(0);
  startedAt: Float64Array = new Float64Array(0);
  firstTokenAt: Float64Array = new Float64Array(0);
  /** Attempts made, the one under way included. */
  attempts: Int32Array = new Int32Array(0);
  /** Index of the replica over all pools, while running. */
  replica: Int32Array = new Int32Array(0);
  queueTimer: Int32Array = new Int32Array(0);
  clientTimer: Int32Array = new Int32Array(0);

  /** Requests alive. */
  get alive(): number {
    return this.#capacity - this.#freeCount;
  }

  /** Requests that ever came up. */
  get opened(): number {
    return this.#opened;
  }

  /** Slots to look through when visiting everyone alive. */
  get capacity(): number {
    return this.#capacity;
  }

  /** Slots of attempts that wait or run, in the order in which their requests came up. */
  underWay(): number[] {
    const slots: number[] = [];
    for (let slot = 0; slot < this.#capacity; slot++) {
      if (this.state[slot] === RequestState.queued || this.state[slot] === RequestState.running)
        slots.push(slot);
    }
    return slots.sort((one, other) => this.number[one]! - this.number[other]!);
  }

  open(): number {
    if (this.#freeCount === 0) this.#grow();
    const slot = this.#free[--this.#freeCount]!;
    this.state[slot] = RequestState.resting;
    this.number[slot] = ++this.#opened;
    this.attempts[slot] = 0;
    this.queueTimer[slot] = NO_EVENT;
    this.clientTimer[slot] = NO_EVENT;
    return slot;
  }

  close(slot: number): void {
    assert(
      this.state[slot] === RequestState.resting,
      "LAW-1: a request ends once, and not in the middle of an attempt",
    );
    this.state[slot] = RequestState.free;
    this.#free[this.#freeCount++] = slot;
  }

  #grow(): void {
    const before = this.#capacity;
    const capacity = Math.max(FIRST_CAPACITY, before * 2);
    const doubles = (old: Float64Array) => extended(old, new Float64Array(capacity));
    const integers = (old: Int32Array) => extended(old, new Int32Array(capacity));
    this.state = extended(this.state, new Uint8Array(capacity));
    this.number = doubles(this.number);
    this.source = integers(this.source);
    this.account = integers(this.account);
    this.tier = integers(this.tier);
    this.refusal = integers(this.refusal);
    this.inputTokens = integers(this.inputTokens);
    this.knownCachedTokens = integers(this.knownCachedTokens);
    this.cachedTokens = integers(this.cachedTokens);
    this.prefix = integers(this.prefix);
    this.prefixTokens = integers(this.prefixTokens);
    this.session = integers(this.session);
    this.sharedTokens = integers(this.sharedTokens);
    this.outputTokens = integers(this.outputTokens);
    this.maxTokens = integers(this.maxTokens);
    this.offeredAt = doubles(this.offeredAt);
    this.arrivedAt = doubles(this.arrivedAt);
    this.startedAt = doubles(this.startedAt);
    this.firstTokenAt = doubles(this.firstTokenAt);
    this.attempts = integers(this.attempts);
    this.replica = integers(this.replica);
    this.queueTimer = integers(this.queueTimer);
    this.clientTimer = integers(this.clientTimer);
    this.#free = integers(this.#free);
    for (let slot = capacity - 1; slot >= before; slot--) this.#free[this.#freeCount++] = slot;
    this.#capacity = capacity;
  }
}

function extended<Numbers extends Uint8Array | Int32Array | Float64Array>(
  old: Numbers,
  larger: Numbers,
): Numbers {
  larger.set(old);
  return larger;
}
