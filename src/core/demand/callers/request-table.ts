// The requests that callers have under way, as parallel arrays indexed by a slot that is reused when a request ends:
// memory is bounded by how many are alive at once, and nothing is allocated per request. A request is what the caller
// wants; it has at most one attempt under way at a time in a slot, and a second slot for a hedge or for an attempt
// that was abandoned. Holds facts, and the one order in which a slot may go through its states; changes none by
// itself.
import { type Call, NO_HANDLE } from "../../api/wire.js";
import { assert } from "../../base/assert.js";
import { NONE } from "../../base/none.js";
import { type Instant, NEVER } from "../../base/units.js";
import { NO_EVENT } from "../../kernel/event-queue.js";
import type { Arrival } from "../traffic/source.js";

export const RequestState = {
  /** The slot belongs to no request. */
  free: 0,
  /** Before, between and after attempts. */
  resting: 1,
  /** The server has its attempt. */
  underWay: 2,
} as const;
export type RequestState = (typeof RequestState)[keyof typeof RequestState];

const { free, resting, underWay } = RequestState;

/** What the attempt in a slot is to its request. */
export const Role = {
  /** The one by which the request stands or falls: the slot is the request's own. */
  main: 0,
  /** Sent beside the main one, in case it is answered sooner. */
  hedge: 1,
  /** Its caller has stopped waiting and counts it as timed out; the server works on. */
  abandoned: 2,
} as const;

const FIRST_CAPACITY = 1024;

const INTEGERS = [
  "source",
  "account",
  "ticket",
  "route",
  "tier",
  "home",
  "inputTokens",
  "knownCachedTokens",
  "cachedTokens",
  "prefix",
  "prefixTokens",
  "session",
  "sharedTokens",
  "outputTokens",
  "maxTokens",
  "attempt",
  "attempts",
  "fallbacks",
  "twin",
  "clientTimer",
  "hedgeTimer",
] as const;
const DOUBLES = [
  "number",
  "handle",
  "offeredAt",
  "arrivedAt",
  "startedAt",
  "firstTokenAt",
  "goneAt",
  "tries",
] as const;
const BYTES = ["state", "role"] as const;

export class RequestTable {
  #capacity = 0;
  #free: Int32Array = new Int32Array(0);
  #freeCount = 0;
  #opened = 0;

  state: Uint8Array = new Uint8Array(0);
  role: Uint8Array = new Uint8Array(0);
  /** Number of the request, from 1 in the order in which requests came up. */
  number: Float64Array = new Float64Array(0);
  /** What the server calls the attempt under way. */
  handle: Float64Array = new Float64Array(0);
  source: Int32Array = new Int32Array(0);
  account: Int32Array = new Int32Array(0);
  /** What its source calls it; NONE where the source does not ask what becomes of it. */
  ticket: Int32Array = new Int32Array(0);
  /** What the catalogue says of its model and service tier: a path, or why there is none. */
  route: Int32Array = new Int32Array(0);
  /** Row of the books: index of the path, or one beyond the last for a request that no path takes. */
  tier: Int32Array = new Int32Array(0);
  /** The tier that it was first meant for: it counts there, whatever its client falls back to. */
  home: Int32Array = new Int32Array(0);
  inputTokens: Int32Array = new Int32Array(0);
  /** Cached part of the prompt as the arrival tells it, and what the attempt under way found. */
  knownCachedTokens: Int32Array = new Int32Array(0);
  cachedTokens: Int32Array = new Int32Array(0);
  /** What the prompt begins with: see Call. */
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
  /** When its caller goes away unless a first token has come; Infinity for a caller that never does. */
  goneAt: Float64Array = new Float64Array(0);
  /** Number of the attempt in this slot, from 1, and attempts of the request so far. */
  attempt: Int32Array = new Int32Array(0);
  attempts: Int32Array = new Int32Array(0);
  /** How far its client has come with retrying, as the client keeps it; see clients/client.ts. */
  tries: Float64Array = new Float64Array(0);
  /** Fallbacks that its client has made use of. */
  fallbacks: Int32Array = new Int32Array(0);
  /** Slot of the other attempt while there are two, NONE otherwise. */
  twin: Int32Array = new Int32Array(0);
  clientTimer: Int32Array = new Int32Array(0);
  hedgeTimer: Int32Array = new Int32Array(0);

  /** Slots in use: requests alive, and attempts beside them. */
  get alive(): number {
    return this.#capacity - this.#freeCount;
  }

  /** Requests that ever came up. */
  get opened(): number {
    return this.#opened;
  }

  /** Slots to look through when visiting all live requests. */
  get capacity(): number {
    return this.#capacity;
  }

  /** Slots whose attempt the server has, in the order in which their requests came up. */
  underWay(): number[] {
    const slots: number[] = [];
    for (let slot = 0; slot < this.#capacity; slot++) {
      if (this.state[slot] === underWay) slots.push(slot);
    }
    return slots.sort((one, other) => this.number[one]! - this.number[other]!);
  }

  open(): number {
    const slot = this.#take();
    this.number[slot] = ++this.#opened;
    this.role[slot] = Role.main;
    this.attempts[slot] = 0;
    this.tries[slot] = 0;
    this.fallbacks[slot] = 0;
    this.goneAt[slot] = NEVER;
    this.twin[slot] = NONE;
    this.handle[slot] = NO_HANDLE;
    this.clientTimer[slot] = NO_EVENT;
    this.hedgeTimer[slot] = NO_EVENT;
    return slot;
  }

  /** What an arrival says of the request in a slot. */
  describe(slot: number, arrival: Arrival, source: number, now: Instant): void {
    this.source[slot] = source;
    this.ticket[slot] = arrival.ticket;
    this.account[slot] = arrival.account;
    this.inputTokens[slot] = arrival.inputTokens;
    this.knownCachedTokens[slot] = arrival.cachedTokens;
    this.prefix[slot] = arrival.prefix;
    this.prefixTokens[slot] = arrival.prefixTokens;
    this.session[slot] = arrival.session;
    this.sharedTokens[slot] = arrival.sharedTokens;
    this.outputTokens[slot] = arrival.outputTokens;
    this.maxTokens[slot] = arrival.maxTokens;
    this.offeredAt[slot] = now;
  }

  /** Fills in the call of an attempt at the request in a slot. */
  fill(call: Call, slot: number): void {
    call.reference = slot;
    call.account = this.account[slot]!;
    call.route = this.route[slot]!;
    call.inputTokens = this.inputTokens[slot]!;
    call.cachedTokens = this.knownCachedTokens[slot]!;
    call.prefix = this.prefix[slot]!;
    call.prefixTokens = this.prefixTokens[slot]!;
    call.session = this.session[slot]!;
    call.sharedTokens = this.sharedTokens[slot]!;
    call.maxTokens = this.maxTokens[slot]!;
    call.outputTokens = this.outputTokens[slot]!;
  }

  /** A second slot for the same request, in a state of its own. */
  openBeside(slot: number, state: typeof resting | typeof underWay): number {
    const other = this.#take();
    if (state === underWay) this.move(other, underWay);
    for (const name of INTEGERS) this[name][other] = this[name][slot]!;
    for (const name of DOUBLES) this[name][other] = this[name][slot]!;
    this.role[other] = this.role[slot]!;
    this.twin[other] = NONE;
    this.handle[other] = NO_HANDLE;
    this.clientTimer[other] = NO_EVENT;
    this.hedgeTimer[other] = NO_EVENT;
    return other;
  }

  /** A slot rests, has an attempt under way, rests again and is free: nothing else follows anything. */
  move(slot: number, to: RequestState): void {
    const from = this.state[slot]!;
    const isLegal = from === resting ? to !== resting : to === resting;
    assert(isLegal, "LAW-1: a request ends once, and has one attempt at a time");
    this.state[slot] = to;
  }

  close(slot: number): void {
    this.move(slot, free);
    this.#free[this.#freeCount++] = slot;
  }

  #take(): number {
    if (this.#freeCount === 0) this.#grow();
    const slot = this.#free[--this.#freeCount]!;
    this.move(slot, resting);
    return slot;
  }

  #grow(): void {
    const before = this.#capacity;
    const capacity = Math.max(FIRST_CAPACITY, before * 2);
    for (const name of BYTES) this[name] = extended(this[name], new Uint8Array(capacity));
    for (const name of INTEGERS) this[name] = extended(this[name], new Int32Array(capacity));
    for (const name of DOUBLES) this[name] = extended(this[name], new Float64Array(capacity));
    this.#free = extended(this.#free, new Int32Array(capacity));
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
