// What a caller states of an attempt, and where the catalogue's path leads: the half of the attempt's row for those who
// decide - gateway, policies, queue rules, placement. A row of whole numbers per slot, one cache line long and written
// once. How long the answer will be is not in it, and must never be (LAW-6): that is
// ../work.ts.

import type { Call } from "../../../api/wire.js";
import { grown } from "../../../base/grown.js";

/** By place in the row. */
export const STATED_COLUMNS = [
  "account",
  "path",
  "model",
  "pool",
  "rank",
  "lane",
  "inputTokens",
  "cachedTokens",
  "certainTokens",
  "maxTokens",
  "prefix",
  "prefixTokens",
  "session",
  "sharedTokens",
] as const;

const place = (column: (typeof STATED_COLUMNS)[number]) => STATED_COLUMNS.indexOf(column);
const ACCOUNT = place("account");
const PATH = place("path");
const MODEL = place("model");
const POOL = place("pool");
const RANK = place("rank");
const LANE = place("lane");
const INPUT = place("inputTokens");
const CACHED = place("cachedTokens");
const CERTAIN = place("certainTokens");
const MAX_TOKENS = place("maxTokens");
const PREFIX = place("prefix");
const PREFIX_TOKENS = place("prefixTokens");
const SESSION = place("session");
const SHARED = place("sharedTokens");

/** Rows are 16 numbers apart: 64 bytes. */
const SHIFT = 4;

/** How the server serves a path. */
export interface ServedPath {
  readonly name: string;
  /** Index of the pool that serves it. */
  readonly pool: number;
  /** Shed order among the paths of its pool, from 0, shed last, without gaps. */
  readonly rank: number;
  /** Its place among the paths of its pool: its lane in the queue. */
  readonly lane: number;
  /** Index of its model id: account limits are kept per model id. */
  readonly model: number;
}

export class StatedRows {
  #numbers = new Int32Array(0);

  grow(capacity: number): void {
    this.#numbers = grown(this.#numbers, capacity << SHIFT);
  }

  write(slot: number, call: Call, { pool, rank, lane, model }: ServedPath): void {
    const numbers = this.#numbers;
    const row = slot << SHIFT;
    numbers[row + ACCOUNT] = call.account;
    numbers[row + PATH] = call.route;
    numbers[row + MODEL] = model;
    numbers[row + POOL] = pool;
    numbers[row + RANK] = rank;
    numbers[row + LANE] = lane;
    numbers[row + INPUT] = call.inputTokens;
    numbers[row + CACHED] = call.cachedTokens;
    numbers[row + CERTAIN] = call.cachedTokens;
    numbers[row + MAX_TOKENS] = call.maxTokens;
    numbers[row + PREFIX] = call.prefix;
    numbers[row + PREFIX_TOKENS] = call.prefixTokens;
    numbers[row + SESSION] = call.session;
    numbers[row + SHARED] = call.sharedTokens;
  }

  account(slot: number): number {
    return this.#numbers[(slot << SHIFT) + ACCOUNT]!;
  }

  /** Index of the path in the catalogue. */
  path(slot: number): number {
    return this.#numbers[(slot << SHIFT) + PATH]!;
  }

  model(slot: number): number {
    return this.#numbers[(slot << SHIFT) + MODEL]!;
  }

  pool(slot: number): number {
    return this.#numbers[(slot << SHIFT) + POOL]!;
  }

  rank(slot: number): number {
    return this.#numbers[(slot << SHIFT) + RANK]!;
  }

  lane(slot: number): number {
    return this.#numbers[(slot << SHIFT) + LANE]!;
  }

  inputTokens(slot: number): number {
    return this.#numbers[(slot << SHIFT) + INPUT]!;
  }

  /** Prompt tokens known to be cached: as stated at first, as found once it has started. */
  cachedTokens(slot: number): number {
    return this.#numbers[(slot << SHIFT) + CACHED]!;
  }

  foundCached(slot: number, tokens: number): void {
    this.#numbers[(slot << SHIFT) + CACHED] = tokens;
  }

  /** Prompt tokens stated to be cached wherever it goes. */
  certainTokens(slot: number): number {
    return this.#numbers[(slot << SHIFT) + CERTAIN]!;
  }

  maxTokens(slot: number): number {
    return this.#numbers[(slot << SHIFT) + MAX_TOKENS]!;
  }

  prefix(slot: number): number {
    return this.#numbers[(slot << SHIFT) + PREFIX]!;
  }

  prefixTokens(slot: number): number {
    return this.#numbers[(slot << SHIFT) + PREFIX_TOKENS]!;
  }

  session(slot: number): number {
    return this.#numbers[(slot << SHIFT) + SESSION]!;
  }

  sharedTokens(slot: number): number {
    return this.#numbers[(slot << SHIFT) + SHARED]!;
  }
}
