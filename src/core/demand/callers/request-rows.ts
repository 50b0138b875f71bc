// The row of a request: what it is, what has happened to the attempt under way, and what its calls say. Here is what is
// asked when a call is made and when one has failed; what is touched whenever anything happens is in request-lines.ts.
// Knows rows, and nothing of which of them are in use.
import { type Call, NO_HANDLE, type Served } from "../../api/wire.js";
import { grown } from "../../base/grown.js";
import { type Instant, NEVER } from "../../base/units.js";
import type { Arrival } from "../traffic/source.js";
import { RequestLines } from "./request-lines.js";

/** Whole numbers of a row, and doubles: the same memory seen twice. */
const ROW = 24;
const DOUBLES = ROW / 2;

const ROUTE = 0;
const ATTEMPT = 1;
const ATTEMPTS = 2;
const FALLBACKS = 3;
const KNOWN_CACHED_TOKENS = 4;
const PREFIX = 5;
const PREFIX_TOKENS = 6;
const SESSION = 7;
const SHARED_TOKENS = 8;
const OUTPUT_TOKENS = 9;
const MAX_TOKENS = 10;
const SERVED_PATH = 11;
const SERVED_POOL = 22;
// In doubles.
const STARTED_AT = 6;
const GONE_AT = 7;
const TRIES = 8;
const HANDLE = 9;
const NUMBER = 10;

export class RequestRows extends RequestLines {
  #numbers = new Int32Array(0);
  #doubles = new Float64Array(0);

  protected override growTo(capacity: number): void {
    super.growTo(capacity);
    this.#numbers = grown(this.#numbers, capacity * ROW);
    this.#doubles = new Float64Array(this.#numbers.buffer);
  }

  /** What the catalogue says of its model and service tier: a path, or why there is none. */
  route(slot: number): number {
    return this.#numbers[slot * ROW + ROUTE]!;
  }

  /** Number of the attempt in this slot, from 1. */
  attempt(slot: number): number {
    return this.#numbers[slot * ROW + ATTEMPT]!;
  }

  /** Attempts of the request so far. */
  attempts(slot: number): number {
    return this.#numbers[slot * ROW + ATTEMPTS]!;
  }

  /** Fallbacks that are behind it: made use of, or passed over. */
  fallbacks(slot: number): number {
    return this.#numbers[slot * ROW + FALLBACKS]!;
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

  startedAt(slot: number): Instant {
    return this.#doubles[slot * DOUBLES + STARTED_AT]! as Instant;
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

  setAttempts(slot: number, attempts: number): void {
    this.#numbers[slot * ROW + ATTEMPTS] = attempts;
  }

  /** The path of the catalogue as which the attempt is served, and the pool, once it has started. */
  servedPath(slot: number): number {
    return this.#numbers[slot * ROW + SERVED_PATH]!;
  }

  servedPool(slot: number): number {
    return this.#numbers[slot * ROW + SERVED_POOL]!;
  }

  setServed(slot: number, { path, pool }: Served): void {
    this.#numbers[slot * ROW + SERVED_PATH] = path;
    this.#numbers[slot * ROW + SERVED_POOL] = pool;
  }

  setStartedAt(slot: number, at: Instant): void {
    this.#doubles[slot * DOUBLES + STARTED_AT] = at;
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
    this.setTier(slot, tier);
  }

  /** Its client turns to the path of the fallback at that place, where it begins anew. */
  fallBack(slot: number, place: number, path: number): void {
    this.takeRoute(slot, path, path);
    this.#numbers[slot * ROW + FALLBACKS] = place + 1;
    this.setTries(slot, 0);
  }

  /** A new request, as its arrival tells it. */
  protected write(slot: number, number: number, arrival: Arrival, source: number, now: Instant): void {
    this.beginLine(slot, arrival, source, now);
    const numbers = this.#numbers;
    const row = slot * ROW;
    numbers[row + ATTEMPTS] = 0;
    numbers[row + FALLBACKS] = 0;
    numbers[row + KNOWN_CACHED_TOKENS] = arrival.cachedTokens;
    numbers[row + PREFIX] = arrival.prefix;
    numbers[row + PREFIX_TOKENS] = arrival.prefixTokens;
    numbers[row + SESSION] = arrival.session;
    numbers[row + SHARED_TOKENS] = arrival.sharedTokens;
    numbers[row + OUTPUT_TOKENS] = arrival.outputTokens;
    numbers[row + MAX_TOKENS] = arrival.maxTokens;
    const doubles = this.#doubles;
    const times = slot * DOUBLES;
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
    this.sendLine(slot, numbers[row + KNOWN_CACHED_TOKENS]!, now);
    this.#doubles[slot * DOUBLES + STARTED_AT] = NEVER;
    this.#doubles[slot * DOUBLES + HANDLE] = NO_HANDLE;
  }

  /** Fills in the call of an attempt at the request in a slot. */
  fill(call: Call, slot: number): void {
    call.reference = slot;
    call.account = this.account(slot);
    call.inputTokens = this.inputTokens(slot);
    const numbers = this.#numbers;
    const row = slot * ROW;
    call.route = numbers[row + ROUTE]!;
    call.cachedTokens = numbers[row + KNOWN_CACHED_TOKENS]!;
    call.prefix = numbers[row + PREFIX]!;
    call.prefixTokens = numbers[row + PREFIX_TOKENS]!;
    call.session = numbers[row + SESSION]!;
    call.sharedTokens = numbers[row + SHARED_TOKENS]!;
    call.maxTokens = numbers[row + MAX_TOKENS]!;
    call.outputTokens = numbers[row + OUTPUT_TOKENS]!;
  }

  protected override copy(slot: number, other: number): void {
    super.copy(slot, other);
    this.#numbers.copyWithin(other * ROW, slot * ROW, (slot + 1) * ROW);
    this.setHandle(other, NO_HANDLE);
  }
}
