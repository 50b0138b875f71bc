// What a trace format has to offer so that the trace reader can use it: the seam between the two.
// Neither the formats nor the reader are named here.

/** How a timestamp is written; one file must not mix them, since each has another zero. */
export type ClockKind = "seconds" | "a date without offset" | "a date with offset";

/** A point of the trace's own clock, in whole microseconds: since 1970 for dates. */
export interface Timestamp {
  micros: number;
  clock: ClockKind;
}

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
}

/** Takes one problem of the line at hand. Columns count from 1; `field` is "" for the line as a whole. */
export type Complain = (column: number, field: string, message: string, hint?: string) => void;

/** Reads the rows of one file. */
export interface RowReader {
  /** True for formats without a header line. */
  readonly firstLineIsRow: boolean;
  /** The file's own name for the timestamp. */
  readonly timeField: string;
  /** Fills the draft from one line, or complains at least once and returns false. */
  read(text: string, draft: RowDraft): boolean;
  /** Column of the timestamp in a line that `read` took. */
  timeColumn(text: string): number;
}

/** One trace format: an entry of the registry. */
export interface TraceFormat {
  readonly id: string;
  /** How the first line of such a file looks, for messages. */
  readonly firstLine: string;
  matches(firstLine: string): boolean;
  /** Reads the header, or complains at least once and returns undefined. */
  open(firstLine: string, complain: Complain): RowReader | undefined;
}

export const UNSAID = -1;

export function emptyDraft(): RowDraft {
  const names = { account: "", session: "", model: "", tier: "" };
  return { micros: 0, clock: "seconds", inputTokens: 0, outputTokens: 0, cachedTokens: UNSAID, ...names };
}

/** A value of the file as a message shows it: quoted, control characters escaped, and never long. */
export function shown(value: string): string {
  return JSON.stringify(value.length > 120 ? `${value.slice(0, 117)}...` : value);
}
