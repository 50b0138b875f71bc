// What a caller states of an attempt, and where the catalogue's path leads: the half of the attempt's row for those who
// decide - gateway, policies, queue rules, placement. How long the answer will be is not in it, and must never be
// (LAW-6): that is ../work.ts. What is asked again at every turn of an attempt stands beside the work, on the one cache
// line that both halves share (../shared-lines.ts); the rest, which is asked while it looks for a place, elsewhere.

import type { Call } from "../../../api/wire.js";
import { grown } from "../../../base/grown.js";
import { SHIFT, type SharedLines } from "../shared-lines.js";

/** By place in the shared line, and in the row of what is seldom asked. */
const SHARED_COLUMNS = ["account", "path", "model", "pool", "inputTokens", "cachedTokens"] as const;
const OWN_COLUMNS = [
  "rank",
  "lane",
  "certainTokens",
  "maxTokens",
  "prefix",
  "prefixTokens",
  "session",
  "sharedTokens",
] as const;
export const STATED_COLUMNS = [...SHARED_COLUMNS, ...OWN_COLUMNS] as const;

const shared = (column: (typeof SHARED_COLUMNS)[number]) => SHARED_COLUMNS.indexOf(column);
const ACCOUNT = shared("account");
const PATH = shared("path");
const MODEL = shared("model");
const POOL = shared("pool");
const INPUT = shared("inputTokens");
const CACHED = shared("cachedTokens");

const own = (column: (typeof OWN_COLUMNS)[number]) => OWN_COLUMNS.indexOf(column);
const RANK = own("rank");
const LANE = own("lane");
const CERTAIN = own("certainTokens");
const MAX_TOKENS = own("maxTokens");
const PREFIX = own("prefix");
const PREFIX_TOKENS = own("prefixTokens");
const SESSION = own("session");
const SHARED = own("sharedTokens");

/** Rows of what is seldom asked are 8 numbers apart. */
const OWN_SHIFT = 3;

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
  #shared: Int32Array = new Int32Array(0);
  #own = new Int32Array(0);

  grow(lines: SharedLines, capacity: number): void {
    this.#shared = lines.numbers;
    this.#own = grown(this.#own, capacity << OWN_SHIFT);
  }

  write(slot: number, call: Call, { pool, rank, lane, model }: ServedPath): void {
    const shared = this.#shared;
    const line = slot << SHIFT;
    shared[line + ACCOUNT] = call.account;
    shared[line + PATH] = call.route;
    shared[line + MODEL] = model;
    shared[line + POOL] = pool;
    shared[line + INPUT] = call.inputTokens;
    shared[line + CACHED] = call.cachedTokens;
    const own = this.#own;
    const row = slot << OWN_SHIFT;
    own[row + RANK] = rank;
    own[row + LANE] = lane;
    own[row + CERTAIN] = call.cachedTokens;
    own[row + MAX_TOKENS] = call.maxTokens;
    own[row + PREFIX] = call.prefix;
    own[row + PREFIX_TOKENS] = call.prefixTokens;
    own[row + SESSION] = call.session;
    own[row + SHARED] = call.sharedTokens;
  }

  account(slot: number): number {
    return this.#shared[(slot << SHIFT) + ACCOUNT]!;
  }

  /** Index of the path in the catalogue. */
  path(slot: number): number {
    return this.#shared[(slot << SHIFT) + PATH]!;
  }

  model(slot: number): number {
    return this.#shared[(slot << SHIFT) + MODEL]!;
  }

  pool(slot: number): number {
    return this.#shared[(slot << SHIFT) + POOL]!;
  }

  inputTokens(slot: number): number {
    return this.#shared[(slot << SHIFT) + INPUT]!;
  }

  /** Prompt tokens known to be cached: as stated at first, as found once it has started. */
  cachedTokens(slot: number): number {
    return this.#shared[(slot << SHIFT) + CACHED]!;
  }

  foundCached(slot: number, tokens: number): void {
    this.#shared[(slot << SHIFT) + CACHED] = tokens;
  }

  rank(slot: number): number {
    return this.#own[(slot << OWN_SHIFT) + RANK]!;
  }

  lane(slot: number): number {
    return this.#own[(slot << OWN_SHIFT) + LANE]!;
  }

  /** Prompt tokens stated to be cached wherever it goes. */
  certainTokens(slot: number): number {
    return this.#own[(slot << OWN_SHIFT) + CERTAIN]!;
  }

  maxTokens(slot: number): number {
    return this.#own[(slot << OWN_SHIFT) + MAX_TOKENS]!;
  }

  prefix(slot: number): number {
    return this.#own[(slot << OWN_SHIFT) + PREFIX]!;
  }

  prefixTokens(slot: number): number {
    return this.#own[(slot << OWN_SHIFT) + PREFIX_TOKENS]!;
  }

  session(slot: number): number {
    return this.#own[(slot << OWN_SHIFT) + SESSION]!;
  }

  sharedTokens(slot: number): number {
    return this.#own[(slot << OWN_SHIFT) + SHARED]!;
  }
}
