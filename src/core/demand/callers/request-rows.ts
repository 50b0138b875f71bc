// The row of a request: what it is, what has happened to the attempt under way, and what its calls say. Three cache
// lines of 64 bytes: what is looked at whenever anything happens, the times, and the rest of the call. Knows rows,
// and nothing of which of them are in use.

import { type Call, NO_HANDLE } from "../../api/wire.js";
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

/** Whole numbers of a row, and doubles: the same memory seen twice. */
const ROW = 48;
const DOUBLES = ROW / 2;

const STATE = 0;
const ROLE = 1;
const SOURCE = 2;
const ACCOUNT = 3;
const TICKET = 4;
const TIER = 5;
const HOME = 6;
const ROUTE = 7;
const TWIN = 8;
const CLIENT_TIMER = 9;
const HEDGE_TIMER = 10;
const ATTEMPT = 11;
const ATTEMPTS = 12;
const FALLBACKS = 13;
const CACHED_TOKENS = 14;
const INPUT_TOKENS = 15;
// In doubles.
const OFFERED_AT = 8;
const ARRIVED_AT = 9;
const STARTED_AT = 10;
const FIRST_TOKEN_AT = 11;
const GONE_AT = 12;
const TRIES = 13;
const HANDLE = 14;
const NUMBER = 15;
const KNOWN_CACHED_TOKENS = 32;
const PREFIX = 33;
const PREFIX_TOKENS = 34;
const SESSION = 35;
const SHARED_TOKENS = 36;
const OUTPUT_TOKENS = 37;
const MAX_TOKENS = 38;

export class RequestRows {
  #numbers = new Int32Array(0);
  #doubles = new Float64Array(0);

  /** Room for so many rows; those that there are stay as they are. */
  protected growTo(capacity: number): void {
    this.#numbers = grown(this.#numbers, capacity * ROW);
    this.#doubles = new Float64Array(this.#numbers.buffer);
  }

  state(slot: number): number {
    return this.#numbers[slot * ROW + STATE]!;
  }

  role(slot: number): number {
    return this.#numbers[slot * ROW + ROLE]!;
  }

  source(slot: number): number {
    return this.#numbers[slot * ROW + SOURCE]!;
  }

  account(slot: number): number {
    return this.#numbers[slot * ROW + ACCOUNT]!;
  }

  /** What its source calls it; NONE where the source does not ask what becomes of it. */
  ticket(slot: number): number {
    return this.#numbers[slot * ROW + TICKET]!;
  }

  /** Row of the books: index of the path, or one beyond the last for a request that no path takes. */
  tier(slot: number): number {
    return this.#numbers[slot * ROW + TIER]!;
  }

  /** The tier that it was first meant for: it counts there, whatever its client falls back to. */
  home(slot: number): number {
    return this.#numbers[slot * ROW + HOME]!;
  }

  /** What the catalogue says of its model and service tier: a path, or why there is none. */
  route(slot: number): number {
    return this.#numbers[slot * ROW + ROUTE]!;
  }

  /** Slot of the other attempt while there are two, NONE otherwise. */
  twin(slot: number): number {
    return this.#numbers[slot * ROW + TWIN]!;
  }

  clientTimer(slot: number): number {
    return this.#numbers[slot * ROW + CLIENT_TIMER]!;
  }

  hedgeTimer(slot: number): number {
    return this.#numbers[slot * ROW + HEDGE_TIMER]!;
  }

  /** Number of the attempt in this slot, from 1. */
  attempt(slot: number): number {
    return this.#numbers[slot * ROW + ATTEMPT]!;
  }

  /** Attempts of the request so far. */
  attempts(slot: number): number {
    return this.#numbers[slot * ROW + ATTEMPTS]!;
  }

  /** Fallbacks that its client has made use of. */
  fallbacks(slot: number): number {
    return this.#numbers[slot * ROW + FALLBACKS]!;
  }

  /** Cached part of the prompt, as the attempt under way found it. */
  cachedTokens(slot: number): number {
    return this.#numbers[slot * ROW + CACHED_TOKENS]!;
  }

  inputTokens(slot: number): number {
    return this.#numbers[slot * ROW + INPUT_TOKENS]!;
  }

  /** Cached part of the prompt as the arrival tells it. */
  knownCachedTokens(slot: number): number {
    return this.#numbers[slot * ROW + KNOWN_CACHED_TOKENS]!;
  }

  /** What the prompt begins with: see Call. */
  prefix(slot: number): number {
    return this.#numbers[slot * ROW + PREFIX]!;
  }

  prefixTokens(slot: number): number {
    return this.#numbers[slot * ROW + PREFIX_TOKENS]!;
  }

  session(slot: number): number {
    return this.#numbers[slot * ROW + SESSION]!;
  }

  sharedTokens(slot: number): number {
    return this.#numbers[slot * ROW + SHARED_TOKENS]!;
  }

  outputTokens(slot: number): number {
    return this.#numbers[slot * ROW + OUTPUT_TOKENS]!;
  }

  maxTokens(slot: number): number {
    return this.#numbers[slot * ROW + MAX_TOKENS]!;
  }

  /** First arrival; the times after it are those of the attempt under way, Infinity for what has not happened. */
  offeredAt(slot: number): Instant {
    return this.#doubles[slot * DOUBLES + OFFERED_AT]! as Instant;
  }

  arrivedAt(slot: number): Instant {
    return this.#doubles[slot * DOUBLES + ARRIVED_AT]! as Instant;
  }

  startedAt(slot: number): Instant {
    return this.#doubles[slot * DOUBLES + STARTED_AT]! as Instant;
  }

  firstTokenAt(slot: number): Instant {
    return this.#doubles[slot * DOUBLES + FIRST_TOKEN_AT]! as Instant;
  }

  /** When its caller goes away unless a first token has come; Infinity for a caller that never does. */
  goneAt(slot: number): Instant {
    return this.#doubles[slot * DOUBLES + GONE_AT]! as Instant;
  }

  /** How far its client has come with retrying, as the client keeps it; see clients/client.ts. */
  tries(slot: number): number {
    return this.#doubles[slot * DOUBLES + TRIES]!;
  }

  /** What the server calls the attempt under way. */
  handle(slot: number): number {
    return this.#doubles[slot * DOUBLES + HANDLE]!;
  }

  /** Number of the request, from 1 in the order in which requests came up. */
  number(slot: number): number {
    return this.#doubles[slot * DOUBLES + NUMBER]!;
  }

  setRole(slot: number, role: Role): void {
    this.#numbers[slot * ROW + ROLE] = role;
  }

  setTwin(slot: number, twin: number): void {
    this.#numbers[slot * ROW + TWIN] = twin;
  }

  setClientTimer(slot: number, timer: number): void {
    this.#numbers[slot * ROW + CLIENT_TIMER] = timer;
  }

  setHedgeTimer(slot: number, timer: number): void {
    this.#numbers[slot * ROW + HEDGE_TIMER] = timer;
  }

  setAttempts(slot: number, attempts: number): void {
    this.#numbers[slot * ROW + ATTEMPTS] = attempts;
  }

  setCachedTokens(slot: number, tokens: number): void {
    this.#numbers[slot * ROW + CACHED_TOKENS] = tokens;
  }

  setHome(slot: number, tier: number): void {
    this.#numbers[slot * ROW + HOME] = tier;
  }

  setStartedAt(slot: number, at: Instant): void {
    this.#doubles[slot * DOUBLES + STARTED_AT] = at;
  }

  setFirstTokenAt(slot: number, at: Instant): void {
    this.#doubles[slot * DOUBLES + FIRST_TOKEN_AT] = at;
  }

  setGoneAt(slot: number, at: Instant): void {
    this.#doubles[slot * DOUBLES + GONE_AT] = at;
  }

  setTries(slot: number, tries: number): void {
    this.#doubles[slot * DOUBLES + TRIES] = tries;
  }

  setHandle(slot: number, handle: number): void {
    this.#doubles[slot * DOUBLES + HANDLE] = handle;
  }

  takeRoute(slot: number, route: number, tier: number): void {
    this.#numbers[slot * ROW + ROUTE] = route;
    this.#numbers[slot * ROW + TIER] = tier;
  }

  /** Its client turns to another path, where it begins anew. */
  fallBack(slot: number, path: number): void {
    this.takeRoute(slot, path, path);
    this.#numbers[slot * ROW + FALLBACKS]!++;
    this.setTries(slot, 0);
  }

  /** A new request, as its arrival tells it. */
  protected write(slot: number, number: number, arrival: Arrival, source: number, now: Instant): void {
    const numbers = this.#numbers;
    const row = slot * ROW;
    numbers[row + ROLE] = Role.main;
    numbers[row + SOURCE] = source;
    numbers[row + ACCOUNT] = arrival.account;
    numbers[row + TICKET] = arrival.ticket;
    numbers[row + TWIN] = NONE;
    numbers[row + CLIENT_TIMER] = NO_EVENT;
    numbers[row + HEDGE_TIMER] = NO_EVENT;
    numbers[row + ATTEMPTS] = 0;
    numbers[row + FALLBACKS] = 0;
    numbers[row + INPUT_TOKENS] = arrival.inputTokens;
    numbers[row + KNOWN_CACHED_TOKENS] = arrival.cachedTokens;
    numbers[row + PREFIX] = arrival.prefix;
    numbers[row + PREFIX_TOKENS] = arrival.prefixTokens;
    numbers[row + SESSION] = arrival.session;
    numbers[row + SHARED_TOKENS] = arrival.sharedTokens;
    numbers[row + OUTPUT_TOKENS] = arrival.outputTokens;
    numbers[row + MAX_TOKENS] = arrival.maxTokens;
    const doubles = this.#doubles;
    const times = slot * DOUBLES;
    doubles[times + OFFERED_AT] = now;
    doubles[times + GONE_AT] = NEVER;
    doubles[times + TRIES] = 0;
    doubles[times + HANDLE] = NO_HANDLE;
    doubles[times + NUMBER] = number;
  }

  /** The next attempt of a request leaves. */
  protected writeAttempt(slot: number, now: Instant): void {
    const numbers = this.#numbers;
    const row = slot * ROW;
    numbers[row + ATTEMPT] = ++numbers[row + ATTEMPTS]!;
    numbers[row + CACHED_TOKENS] = numbers[row + KNOWN_CACHED_TOKENS]!;
    const doubles = this.#doubles;
    const times = slot * DOUBLES;
    doubles[times + HANDLE] = NO_HANDLE;
    doubles[times + ARRIVED_AT] = now;
    doubles[times + STARTED_AT] = NEVER;
    doubles[times + FIRST_TOKEN_AT] = NEVER;
  }

  /** Fills in the call of an attempt at the request in a slot. */
  fill(call: Call, slot: number): void {
    const numbers = this.#numbers;
    const row = slot * ROW;
    call.reference = slot;
    call.account = numbers[row + ACCOUNT]!;
    call.route = numbers[row + ROUTE]!;
    call.inputTokens = numbers[row + INPUT_TOKENS]!;
    call.cachedTokens = numbers[row + KNOWN_CACHED_TOKENS]!;
    call.prefix = numbers[row + PREFIX]!;
    call.prefixTokens = numbers[row + PREFIX_TOKENS]!;
    call.session = numbers[row + SESSION]!;
    call.sharedTokens = numbers[row + SHARED_TOKENS]!;
    call.maxTokens = numbers[row + MAX_TOKENS]!;
    call.outputTokens = numbers[row + OUTPUT_TOKENS]!;
  }

  /** All of a row but for what belongs to the attempt in it. */
  protected copy(slot: number, other: number): void {
    const state = this.state(other);
    this.#numbers.copyWithin(other * ROW, slot * ROW, (slot + 1) * ROW);
    const row = other * ROW;
    this.#numbers[row + STATE] = state;
    this.#numbers[row + TWIN] = NONE;
    this.#numbers[row + CLIENT_TIMER] = NO_EVENT;
    this.#numbers[row + HEDGE_TIMER] = NO_EVENT;
    this.setHandle(other, NO_HANDLE);
  }

  protected enter(slot: number, state: number): void {
    this.#numbers[slot * ROW + STATE] = state;
  }
}
