// Cuts, thins, compresses and repeats the rows of a trace, row by row. It does not know where the rows come from.
import { assert } from "../../base/assert.js";
import { after, type Duration, type Instant, instant } from "../../base/units.js";
import type { Stream } from "../../random/stream.js";
import { found, type TraceReport } from "./report.js";
import type { TraceRow } from "./row.js";

type Rows = Iterable<TraceRow>;

export interface TraceTransform {
  /** Rows before this time after the first row are left out; the first row that stays is at 0 again. */
  readonly from?: Duration;
  /** Rows at this time after the first row of the file and later are left out. */
  readonly to?: Duration;
  /** Share of the sessions that stays, in (0, 1]; of the rows, for rows without a session. */
  readonly sample?: number;
  /** How many times as many requests arrive in a second: time is compressed. Above 0, 1 for as recorded. */
  readonly rateScale?: number;
  /** How often the trace is played, one after the other. A whole number from 1 up. */
  readonly repeat?: number;
  /** Rows after which the trace ends. */
  readonly limit?: number;
}

/**
 * Applies a transform: window, sample, rate, repetition and limit, in this order. `open` opens the rows anew and is
 * called once for each repetition. Every repetition samples alike, so that the report counts the first only.
 */
export function* transformTrace(
  open: () => Rows,
  transform: TraceTransform,
  stream: Stream,
  report?: TraceReport,
): Generator<TraceRow, void, undefined> {
  const { from, to, sample = 1, rateScale = 1, repeat = 1, limit } = transform;
  const salt = stream.below(2 ** 32);
  let opened = 0;
  let hasRows = false;
  function* noticed(rows: Rows): Generator<TraceRow, void, undefined> {
    for (const row of rows) {
      hasRows = true;
      yield row;
    }
  }
  const once = (): Rows => {
    const told = opened++ === 0 ? report : undefined;
    let rows = open();
    if (from !== undefined || to !== undefined) rows = inWindow(rows, from ?? (0 as Duration), to, told);
    if (repeat > 1) rows = noticed(rows);
    if (sample < 1) rows = sampled(rows, sample, salt, stream, told);
    return rateScale === 1 ? rows : rateScaled(rows, rateScale);
  };
  const rows = repeat === 1 ? once() : repeated(once, repeat, () => !hasRows);
  yield* limit === undefined ? rows : limited(rows, limit);
}

/** The rows of [from, to), moved so that the first of them is at 0. Stops reading at the first row at `to`. */
function* inWindow(
  rows: Rows,
  from: Duration,
  to: Duration | undefined,
  report?: TraceReport,
): Generator<TraceRow, void, undefined> {
  let first: Instant | undefined;
  for (const row of rows) {
    if (to !== undefined && row.at >= to) return;
    if (row.at < from) {
      if (report !== undefined) found(report, "dropped", "before the window");
      continue;
    }
    first ??= row.at;
    yield first === 0 ? row : moved(row, (row.at - first) as Instant);
  }
}

/**
 * Keeps a share of the sessions, each whole or not at all, by a hash of its name and `salt`; of rows without a
 * session it draws each one.
 */
function* sampled(
  rows: Rows,
  share: number,
  salt: number,
  stream: Stream,
  report?: TraceReport,
): Generator<TraceRow, void, undefined> {
  assert(share > 0 && share <= 1, "a sample is a share in (0, 1]");
  for (const row of rows) {
    const place = row.session === "" ? stream.uniform() : hashed(row.session, salt);
    if (place < share) yield row;
    else if (report !== undefined) found(report, "dropped", "outside the sample");
  }
}

/**
 * Compresses arrival times by `factor`. What takes as long as it takes - responses, and the pauses of a session -
 * stays.
 */
function* rateScaled(rows: Rows, factor: number): Generator<TraceRow, void, undefined> {
  assert(factor > 0 && Number.isFinite(factor), "a rate is scaled by a factor above 0");
  for (const row of rows) yield moved(row, instant(Math.round(row.at / factor)));
}

/**
 * Plays a trace `times` times. A repetition begins one mean gap after the last row of the one before it, and its
 * sessions have names of their own: "name#2" in the second. Where the window leaves no
 * row, it is played once.
 */
function* repeated(
  open: () => Rows,
  times: number,
  isEmpty: () => boolean,
): Generator<TraceRow, void, undefined> {
  assert(Number.isSafeInteger(times) && times >= 1, "a trace is repeated a whole number of times");
  let start = 0;
  for (let turn = 1; turn <= times; turn++) {
    let count = 0;
    let last = 0;
    for (const row of open()) {
      count++;
      last = row.at;
      if (turn === 1) yield row;
      else {
        const session = row.session === "" ? "" : `${row.session}#${turn}`;
        yield { ...moved(row, instant(start + row.at)), session };
      }
    }
    // Nothing is nothing, however often.
    if (isEmpty()) return;
    start += last + (count > 1 ? Math.round(last / (count - 1)) : 0);
  }
}

export function* limited(rows: Rows, most: number): Generator<TraceRow, void, undefined> {
  let left = most;
  if (left <= 0) return;
  for (const row of rows) {
    yield row;
    if (--left === 0) return;
  }
}

/** The row at another time; its response takes as long as before. */
function moved(row: TraceRow, at: Instant): TraceRow {
  const along = (then: Instant | undefined) =>
    then === undefined ? undefined : after(at, (then - row.at) as Duration);
  return { ...row, at, endedAt: along(row.endedAt), firstTokenAt: along(row.firstTokenAt) };
}

/** A number in [0, 1) from a name: FNV-1a over its UTF-16 units, then the finaliser of MurmurHash3. */
function hashed(name: string, salt: number): number {
  let hash = (0x811c9dc5 ^ salt) | 0;
  for (let index = 0; index < name.length; index++) {
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
