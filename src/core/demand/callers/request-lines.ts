// The part of a request's row that is looked at whenever anything happens to it: one cache line of 64 bytes. With
// thousands of requests alive it is memory that takes the time, line by line. The rest is in request-rows.ts.
import { grown } from "../../base/grown.js";
import { NONE } from "../../base/none.js";
import { type Instant, NEVER } from "../../base/units.js";
import { NO_EVENT } from "../../kernel/event-queue.js";
import type { Arrival } from "../traffic/source.js";

/** What the attempt in a slot is to its request. */
export const Role = {
  /** The one by which the request stands or falls: the slot is the request's own. */
  main: 0,
  /** Sent beside the main one, in case it is answered sooner. */
  hedge: 1,
  /** Its caller has stopped waiting and counts it as timed out; the server works on. */
  abandoned: 2,
} as const;
export type Role = (typeof Role)[keyof typeof Role];

/** The same memory is seen as bytes, halves, whole numbers and doubles; small numbers share a place. */
const LINE = 16;
const BYTES = 4 * LINE;
const HALVES = 2 * LINE;
const DOUBLES = LINE / 2;
// In bytes.
const STATE = 0;
const ROLE = 1;
// In halves of a whole number.
const COHORT = 1;
const TIER = 2;
const HOME = 3;
// In whole numbers.
const TWIN = 2;
const SOURCE = 3;
const ACCOUNT = 4;
const CLIENT_TIMER = 5;
const HEDGE_TIMER = 6;
const INPUT_TOKENS = 7;
const CACHED_TOKENS = 12;
const TICKET = 13;
// In doubles.
const ARRIVED_AT = 4;
const FIRST_TOKEN_AT = 5;
const OFFERED_AT = 7;

/** Tiers that can be told apart, and cohorts. */
export const MOST_TIERS: number = 2 ** 16;
export const MOST_COHORTS: number = 2 ** 16;

export class RequestLines {
  #numbers = new Int32Array(0);
  #bytes = new Uint8Array(0);
  #halves = new Uint16Array(0);
  #doubles = new Float64Array(0);

  /** Room for so many; those that there are stay as they are. */
  protected growTo(capacity: number): void {
    this.#numbers = grown(this.#numbers, capacity * LINE);
    const { buffer } = this.#numbers;
    this.#bytes = new Uint8Array(buffer);
    this.#halves = new Uint16Array(buffer);
    this.#doubles = new Float64Array(buffer);
  }

  state(slot: number): number {
    return this.#bytes[slot * BYTES + STATE]!;
  }

  role(slot: number): number {
    return this.#bytes[slot * BYTES + ROLE]!;
  }

  source(slot: number): number {
    return this.#numbers[slot * LINE + SOURCE]!;
  }

  /** Of its source and account: see Cohorts. */
  cohort(slot: number): number {
    return this.#halves[slot * HALVES + COHORT]!;
  }

  account(slot: number): number {
    return this.#numbers[slot * LINE + ACCOUNT]!;
  }

  /** What its source calls it; NONE where the source does not ask what becomes of it. */
  ticket(slot: number): number {
    return this.#numbers[slot * LINE + TICKET]!;
  }

  /** Row of the books: index of the path, or one beyond the last for a request that no path takes. */
  tier(slot: number): number {
    return this.#halves[slot * HALVES + TIER]!;
  }

  /** The tier that it was first meant for: it counts there, whatever its client falls back to. */
  home(slot: number): number {
    return this.#halves[slot * HALVES + HOME]!;
  }

  /** Slot of the other attempt while there are two, NONE otherwise. */
  twin(slot: number): number {
    return this.#numbers[slot * LINE + TWIN]!;
  }

  clientTimer(slot: number): number {
    return this.#numbers[slot * LINE + CLIENT_TIMER]!;
  }

  hedgeTimer(slot: number): number {
    return this.#numbers[slot * LINE + HEDGE_TIMER]!;
  }

  /** Cached part of the prompt, as the attempt under way found it. */
  cachedTokens(slot: number): number {
    return this.#numbers[slot * LINE + CACHED_TOKENS]!;
  }

  inputTokens(slot: number): number {
    return this.#numbers[slot * LINE + INPUT_TOKENS]!;
  }

  /** First arrival; the times after it are those of the attempt under way, Infinity for what has not happened. */
  offeredAt(slot: number): Instant {
    return this.#doubles[slot * DOUBLES + OFFERED_AT]! as Instant;
  }

  arrivedAt(slot: number): Instant {
    return this.#doubles[slot * DOUBLES + ARRIVED_AT]! as Instant;
  }

  firstTokenAt(slot: number): Instant {
    return this.#doubles[slot * DOUBLES + FIRST_TOKEN_AT]! as Instant;
  }

  setRole(slot: number, role: Role): void {
    this.#bytes[slot * BYTES + ROLE] = role;
  }

  setTwin(slot: number, twin: number): void {
    this.#numbers[slot * LINE + TWIN] = twin;
  }

  setClientTimer(slot: number, timer: number): void {
    this.#numbers[slot * LINE + CLIENT_TIMER] = timer;
  }

  setHedgeTimer(slot: number, timer: number): void {
    this.#numbers[slot * LINE + HEDGE_TIMER] = timer;
  }

  setCachedTokens(slot: number, tokens: number): void {
    this.#numbers[slot * LINE + CACHED_TOKENS] = tokens;
  }

  setCohort(slot: number, cohort: number): void {
    this.#halves[slot * HALVES + COHORT] = cohort;
  }

  setHome(slot: number, tier: number): void {
    this.#halves[slot * HALVES + HOME] = tier;
  }

  setFirstTokenAt(slot: number, at: Instant): void {
    this.#doubles[slot * DOUBLES + FIRST_TOKEN_AT] = at;
  }

  protected setTier(slot: number, tier: number): void {
    this.#halves[slot * HALVES + TIER] = tier;
  }

  protected enter(slot: number, state: number): void {
    this.#bytes[slot * BYTES + STATE] = state;
  }

  /** A new request, as its arrival tells it. */
  protected beginLine(slot: number, arrival: Arrival, source: number, now: Instant): void {
    this.setRole(slot, Role.main);
    const numbers = this.#numbers;
    const line = slot * LINE;
    numbers[line + TWIN] = NONE;
    numbers[line + SOURCE] = source;
    numbers[line + ACCOUNT] = arrival.account;
    numbers[line + CLIENT_TIMER] = NO_EVENT;
    numbers[line + HEDGE_TIMER] = NO_EVENT;
    numbers[line + INPUT_TOKENS] = arrival.inputTokens;
    numbers[line + TICKET] = arrival.ticket;
    this.#doubles[slot * DOUBLES + OFFERED_AT] = now;
  }

  /** The next attempt leaves, of whose prompt so much is known to be cached. */
  protected sendLine(slot: number, cachedTokens: number, now: Instant): void {
    this.#numbers[slot * LINE + CACHED_TOKENS] = cachedTokens;
    this.#doubles[slot * DOUBLES + ARRIVED_AT] = now;
    this.#doubles[slot * DOUBLES + FIRST_TOKEN_AT] = NEVER;
  }

  /** All of a line but for what belongs to the attempt in it. */
  protected copy(slot: number, other: number): void {
    const state = this.state(other);
    this.#numbers.copyWithin(other * LINE, slot * LINE, (slot + 1) * LINE);
    this.enter(other, state);
    this.setTwin(other, NONE);
    this.setClientTimer(other, NO_EVENT);
    this.setHedgeTimer(other, NO_EVENT);
  }
}
