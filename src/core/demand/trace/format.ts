// What a trace format has to offer so that the trace reader can use it: the seam between the two.
// Neither the formats nor the reader are named here.

import type { Timestamp } from "../../text/timestamp.js";
import type { RowKind } from "./row.js";
import type { SessionStarts } from "./session-starts.js";

/** The row being read. One object serves a whole file: a format overwrites what its rows say. */
export interface RowDraft extends Timestamp {
  inputTokens: number;
  outputTokens: number;
  /** UNSAID where the file does not say. */
  cachedTokens: number;
  account: string;
  session: string;
  model: string;
  tier: string;
  agent: string;
  /** Microseconds, UNSAID where the file does not say. */
  thinkMicros: number;
  /** On the clock of `micros`, UNSAID where the file does not say. */
  endedMicros: number;
  blocks: readonly number[] | undefined;
  blockTokens: number;
  kind: RowKind;
  /** Why the row is left out, "" for a row that stays. */
  dropped: string;
}

/** Takes one problem of the record at hand. Columns count from 1; `field` is "" for the record as a whole. */
export type Complain = (column: number, field: string, message: string, hint?: string) => void;

/** What becomes of requests that generated nothing: told as problems, left out and counted, or kept as 0. */
export type ZeroOutput = "error" | "drop" | "keep";

/** Which pauses of a session are replayed: see weka-session.ts. */
export type ThinkTimes = "think-only" | "original" | "api-scaled";

/** What a format gets from the reader when it opens a file. */
export interface ReadContext {
  readonly complain: Complain;
  /** Counts something that was changed or ignored in the record at hand. */
  readonly note: (what: string, times?: number) => void;
  /** Tells the user, once for the file, what was assumed. */
  readonly warn: (what: string) => void;
  readonly zeroOutput: ZeroOutput;
  readonly starts: SessionStarts;
  readonly thinkTimes: ThinkTimes;
  /** Factor on recorded response times under "api-scaled". */
  readonly apiScale: number;
  /** Longest pause of a session in microseconds, infinity for any. */
  readonly idleCap: number;
}

/** Reads the records of one file: lines, or whole JSON documents. */
export interface RecordReader {
  /** True for formats without a header line. */
  readonly firstLineIsRow: boolean;
  /** The file's own name for the timestamp. */
  readonly timeField: string;
  /** Fills the draft with the first row of a record, or complains at least once and returns false. */
  read(text: string, draft: RowDraft): boolean;
  /** Fills the draft with the next row of the record that `read` took, false behind the last. */
  more?(draft: RowDraft): boolean;
  /** Column of the timestamp in a record that `read` took. */
  timeColumn(text: string): number;
  /**
   * Microseconds before which no row of a later record can be. Sessions that overlap are merged by it; without it
   * rows that stand too late are moved within a window.
   */
  readonly settledUntil?: number;
}

/** The first record of a file, as far as formats tell each other apart by it. */
export interface FirstRecord {
  readonly text: string;
  /** Its values as a line of CSV, or undefined where it is none. */
  readonly columns: readonly string[] | undefined;
  /** Its value as JSON, if it is an object. */
  readonly object: Readonly<Record<string, unknown>> | undefined;
}

/** One trace format: an entry of the registry. */
export interface TraceFormat {
  readonly id: string;
  /** How the first line of such a file looks, for messages. */
  readonly firstLine: string;
  /** Whether rows that stand too late are a fault of the file, or are moved and counted. */
  readonly inversions: "error" | "sort";
  readonly zeroOutput: ZeroOutput;
  matches(first: FirstRecord): boolean;
  /** Reads the header, or complains at least once and returns undefined. */
  open(first: FirstRecord, context: ReadContext): RecordReader | undefined;
}

export const UNSAID = -1;

export function emptyDraft(): RowDraft {
  const names = { account: "", session: "", model: "", tier: "", agent: "", dropped: "" };
  const tokens = { inputTokens: 0, outputTokens: 0, cachedTokens: UNSAID };
  const times = { thinkMicros: UNSAID, endedMicros: UNSAID };
  return {
    micros: 0,
    clock: "seconds",
    ...tokens,
    ...names,
    ...times,
    blocks: undefined,
    blockTokens: 0,
    kind: "",
  };
}
