// What a caller states of an attempt, and where the catalogue's path leads: the half of the attempt's row for those who
// decide - gateway, policies, queue rules, placement. How long the answer will be is not in it, and must never be
// (LAW-6): that is ../work.ts. What is asked again at every turn of an attempt stands beside the work, on the one cache
// line that both halves share (shared-lines.ts); the rest, which is asked while it looks for a place, elsewhere.
import type { Call } from "../../../api/wire.js";
import { grown } from "../../../base/grown.js";
import { LINE_SHIFT, type SharedLines } from "./shared-lines.js";

/** By place in the line that is shared, and in the row of what is seldom asked. */
export const LINE_COLUMNS = [
  "account",
  "path",
  "model",
  "pool",
  "inputTokens",
  "cachedTokens",
  "askedPath",
] as const;
const ROW_COLUMNS = [
  "rank",
  "lane",
  "certainTokens",
  "maxTokens",
  "prefix",
  "prefixTokens",
  "session",
  "sharedTokens",
] as const;
export const STATED_COLUMNS = [...LINE_COLUMNS, ...ROW_COLUMNS] as const;

const inLine = (column: (typeof LINE_COLUMNS)[number]) => LINE_COLUMNS.indexOf(column);
const ACCOUNT = inLine("account");
const PATH = inLine("path");
const MODEL = inLine("model");
const POOL = inLine("pool");
const INPUT = inLine("inputTokens");
const CACHED = inLine("cachedTokens");
const ASKED = inLine("askedPath");

const inRow = (column: (typeof ROW_COLUMNS)[number]) => ROW_COLUMNS.indexOf(column);
const RANK = inRow("rank");
const LANE = inRow("lane");
const CERTAIN = inRow("certainTokens");
const MAX_TOKENS = inRow("maxTokens");
const PREFIX = inRow("prefix");
const PREFIX_TOKENS = inRow("prefixTokens");
const SESSION = inRow("session");
const SHARED_TOKENS = inRow("sharedTokens");

/** Rows of what is seldom asked are 8 numbers apart. */
const ROW_SHIFT = 3;

/** Where an attempt is served: as which path, and in which pool. */
export interface Seat {
  /** Index of the path in the catalogue. */
  readonly path: number;
  /** Index of the pool. */
  readonly pool: number;
  /** Shed order among the lanes of the pool, from 0, shed last, without gaps. */
  readonly rank: number;
  /** Its lane in the queue of the pool. */
  readonly lane: number;
  /** Index of the path's model id: account limits are kept per model id. */
  readonly model: number;
}

/** Why an attempt is not served as its path says: bits, so that one detour may be for several. */
export const Cause = {
  /** The account is over a limit. */
  limit: 1,
  /** It is over a soft one. */
  softLimit: 2,
  overload: 4,
  outage: 8,
} as const;

/** What is tried instead of a refusal. */
export interface Detour {
  readonly kind: "demote" | "spill";
  /** Bits of Cause. */
  readonly causes: number;
  readonly seat: Seat;
}

/** How the server serves a path, and what it does where it would refuse, the first that takes it. */
export interface ServedPath extends Seat {
  readonly name: string;
  readonly detours: readonly Detour[];
}

export class StatedRows {
  #lines: Int32Array = new Int32Array(0);
  #rows = new Int32Array(0);

  grow(lines: SharedLines, capacity: number): void {
    this.#lines = lines.numbers;
    this.#rows = grown(this.#rows, capacity << ROW_SHIFT);
  }

  write(slot: number, call: Call, { pool, rank, lane, model }: Seat): void {
    const lines = this.#lines;
    const line = slot << LINE_SHIFT;
    lines[line + ACCOUNT] = call.account;
    lines[line + PATH] = call.route;
    lines[line + ASKED] = call.route;
    lines[line + MODEL] = model;
    lines[line + POOL] = pool;
    lines[line + INPUT] = call.inputTokens;
    lines[line + CACHED] = call.cachedTokens;
    const rows = this.#rows;
    const row = slot << ROW_SHIFT;
    rows[row + RANK] = rank;
    rows[row + LANE] = lane;
    rows[row + CERTAIN] = call.cachedTokens;
    rows[row + MAX_TOKENS] = call.maxTokens;
    rows[row + PREFIX] = call.prefix;
    rows[row + PREFIX_TOKENS] = call.prefixTokens;
    rows[row + SESSION] = call.session;
    rows[row + SHARED_TOKENS] = call.sharedTokens;
  }

  /** It is to be served there, whatever its caller asked for. */
  move(slot: number, { path, pool, rank, lane, model }: Seat): void {
    const line = slot << LINE_SHIFT;
    this.#lines[line + PATH] = path;
    this.#lines[line + MODEL] = model;
    this.#lines[line + POOL] = pool;
    const row = slot << ROW_SHIFT;
    this.#rows[row + RANK] = rank;
    this.#rows[row + LANE] = lane;
  }

  account(slot: number): number {
    return this.#lines[(slot << LINE_SHIFT) + ACCOUNT]!;
  }

  /** Index of the path in the catalogue that serves it. */
  path(slot: number): number {
    return this.#lines[(slot << LINE_SHIFT) + PATH]!;
  }

  model(slot: number): number {
    return this.#lines[(slot << LINE_SHIFT) + MODEL]!;
  }

  pool(slot: number): number {
    return this.#lines[(slot << LINE_SHIFT) + POOL]!;
  }

  inputTokens(slot: number): number {
    return this.#lines[(slot << LINE_SHIFT) + INPUT]!;
  }

  /** Prompt tokens known to be cached: as stated at first, as found once it has started. */
  cachedTokens(slot: number): number {
    return this.#lines[(slot << LINE_SHIFT) + CACHED]!;
  }

  foundCached(slot: number, tokens: number): void {
    this.#lines[(slot << LINE_SHIFT) + CACHED] = tokens;
  }

  /** Index of the path that its caller asked for: what counts in results. */
  askedPath(slot: number): number {
    return this.#lines[(slot << LINE_SHIFT) + ASKED]!;
  }

  rank(slot: number): number {
    return this.#rows[(slot << ROW_SHIFT) + RANK]!;
  }

  lane(slot: number): number {
    return this.#rows[(slot << ROW_SHIFT) + LANE]!;
  }

  /** Prompt tokens stated to be cached wherever it goes. */
  certainTokens(slot: number): number {
    return this.#rows[(slot << ROW_SHIFT) + CERTAIN]!;
  }

  maxTokens(slot: number): number {
    return this.#rows[(slot << ROW_SHIFT) + MAX_TOKENS]!;
  }

  prefix(slot: number): number {
    return this.#rows[(slot << ROW_SHIFT) + PREFIX]!;
  }

  prefixTokens(slot: number): number {
    return this.#rows[(slot << ROW_SHIFT) + PREFIX_TOKENS]!;
  }

  session(slot: number): number {
    return this.#rows[(slot << ROW_SHIFT) + SESSION]!;
  }

  sharedTokens(slot: number): number {
    return this.#rows[(slot << ROW_SHIFT) + SHARED_TOKENS]!;
  }
}
