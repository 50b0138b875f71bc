// What a trace format has to offer so that the trace reader can use it: the seam between the two.
// Neither the formats nor the reader are named here.

import type * as z from "zod";
import type { FindingKind } from "../../base/finding.js";
import type { Definition } from "../../document/definition.js";
import type { Stream } from "../../random/stream.js";
import type { Timestamp } from "../../text/timestamp.js";
import type { Contents } from "./contents.js";
import type { RowKind, RowOutcome, TraceRow } from "./row.js";
import type { TimeUnit } from "./time-unit.js";

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
  /** When the first token came, on the clock of `micros`; UNSAID where the file does not say. */
  firstTokenMicros: number;
  /** "" where the file does not say. */
  outcome: RowOutcome;
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

/** What a format gets from the reader when it opens a file. */
export interface ReadContext {
  readonly first: FirstRecord;
  readonly complain: Complain;
  /** Counts something that was done to the record at hand: by default that it was repaired. */
  readonly note: (what: string, times?: number, kind?: FindingKind) => void;
  /** Tells the user, once for the file, what was assumed. */
  readonly warn: (what: string) => void;
  /**
   * Counts a field that says something and that nothing is made of: in the record at hand, or, where the header is at
   * hand, in every row. Why is what the format says in `ignored`.
   */
  readonly ignored: (field: string, times?: number) => void;
  /** The unit of times that the user gives; undefined for that of the format. */
  readonly unit: TimeUnit | undefined;
  /** Tells that the format has decided by itself in which unit the file's times are. */
  readonly takenFor: (unit: TimeUnit) => void;
  /** The first records of the file, some hundreds at most, for what one of them does not tell. */
  readonly ahead: () => readonly string[];
  readonly zeroOutput: ZeroOutput;
  /** For what is drawn, where the reader has chance to give. */
  readonly stream: Stream | undefined;
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

/** The two shapes of files: a line of CSV for each row under a header, or a JSON object on each line. */
export type TraceForm = "csv" | "jsonl";

/** How rows are written in a format that other tools read. */
export interface TraceWriter {
  readonly forms: readonly TraceForm[];
  /** Tokens of the blocks that it writes the ids of; left out where it writes none. */
  readonly blockTokens?: number;
  /** Whether a request may have generated nothing. */
  readonly hasEmptyOutputs: boolean;
  /** What of the rows is lost, for people; empty where reading what is written gives the same rows. */
  losses(contents: Contents): string[];
  /** What would be wrong, rather than only poorer, once written in this form; undefined if nothing is. */
  problem?(contents: Contents, form: TraceForm): string | undefined;
  /** The text, line by line. */
  lines(rows: Iterable<TraceRow>, contents: Contents, form: TraceForm): Generator<string, void, undefined>;
}

/**
 * One trace format. Its summary says what a file of it holds, its options are those that not every format has; `create`
 * reads the header, or complains at least once and returns undefined.
 */
export interface TraceFormat<Name extends string = string, Shape extends z.ZodRawShape = z.ZodRawShape>
  extends Definition<Name, Shape, ReadContext, RecordReader | undefined> {
  /** By what a file of it is recognised, for the documentation. */
  readonly recognisedBy: string;
  /** The version of the tool, or of the data, and where its schema stands, that the reader was written from. */
  readonly schema: string;
  /** How the first line of such a file looks, for messages. */
  readonly firstLine: string;
  /**
   * How it is replayed where a scenario does not say: "think-time" where it tells when a session's next request came
   * after the answer before it.
   */
  readonly replay: "think-time" | "open-loop";
  /** Whether each session is on a clock of its own, so that when it starts is the reader's choice. */
  readonly ownClocks: boolean;
  /** Whether rows that stand too late are a fault of the file, or are moved and counted. */
  readonly inversions: "error" | "sort";
  readonly zeroOutput: ZeroOutput;
  /** Of its numbers of time, where files do not state it; left out where they are dates, or always of one unit. */
  readonly unit?: TimeUnit;
  /**
   * Fields of the format's own schema that nothing is made of, each with the reason: one that such a file has is told
   * by it. Fields of parts by their path: `spans[].name`, all others of a part as `spans[].*`.
   */
  readonly ignored: Readonly<Record<string, string>>;
  matches(first: FirstRecord): boolean;
  /** Absent for formats that are only read. */
  readonly writer?: TraceWriter;
}

/** A format as it is written, for its types. */
export function defineFormat<const Name extends string, const Shape extends z.ZodRawShape>(
  format: TraceFormat<Name, Shape>,
): TraceFormat<Name, Shape> {
  return format;
}

export const UNSAID = -1;

export function emptyDraft(): RowDraft {
  const names = { account: "", session: "", model: "", tier: "", agent: "", dropped: "" };
  const tokens = { inputTokens: 0, outputTokens: 0, cachedTokens: UNSAID };
  const times = { thinkMicros: UNSAID, endedMicros: UNSAID, firstTokenMicros: UNSAID };
  return {
    micros: 0,
    clock: "seconds",
    ...tokens,
    ...names,
    ...times,
    outcome: "",
    blocks: undefined,
    blockTokens: 0,
    kind: "",
  };
}
