// Reads a trace of any known format row by row, in bounded memory, and is strict: nothing is dropped, sorted
// or repaired in silence. It does not know where the text comes from or what the rows are for.
import { assert } from "../../base/assert.js";
import { SurgefleetError } from "../../base/errors.js";
import { instant } from "../../base/units.js";
import { Complaints } from "./complaints.js";
import { type ClockKind, emptyDraft, type RowDraft, type RowReader, shown, UNSAID } from "./format.js";
import { detectFormat, TRACE_FORMATS, type TraceFormatId } from "./formats.js";
import { type Line, readLines } from "./lines.js";
import type { TraceRow } from "./row.js";

export interface ReadTraceOptions {
  /** Name of the file in messages. */
  readonly file: string;
  /** "auto", the default, decides by the first line. */
  readonly format?: "auto" | TraceFormatId;
  /** The tiers that rows may name; any, where left out. */
  readonly tiers?: readonly string[];
  /** How many problems are told at once, 20 by default. */
  readonly errorLimit?: number;
}

/**
 * Yields the rows of a trace in the order of the file, the first at time 0.
 *
 * Throws INVALID_TRACE with file, line, column and field of each problem. After the first bad row it yields
 * no more rows, but looks for further problems up to the limit. So a caller that must not act on half a trace
 * has to read it to its end first.
 */
export function* readTrace(
  chunks: Iterable<string>,
  options: ReadTraceOptions,
): Generator<TraceRow, void, undefined> {
  const complaints = new Complaints(options.file, options.errorLimit ?? 20);
  const parser = new TraceParser(options.format ?? "auto", options.tiers, complaints);
  try {
    for (const line of readLines(chunks, options.file)) {
      const row = parser.read(line);
      if (parser.hopeless || complaints.overflowed) break;
      if (row !== undefined) yield row;
    }
  } catch (error) {
    if (!(error instanceof SurgefleetError) || error.code !== "INVALID_TRACE") throw error;
    complaints.adopt(error);
  }
  parser.end();
  if (!complaints.none) throw complaints.error();
}

/** Turns lines into rows: the header, the blank lines and the order in time are its business. */
class TraceParser {
  readonly #format: "auto" | TraceFormatId;
  readonly #tiers: readonly string[] | undefined;
  readonly #complaints: Complaints;
  readonly #draft: RowDraft = emptyDraft();
  readonly #complain = (column: number, field: string, message: string, hint?: string) =>
    this.#complaints.add(this.#line, column, field, message, hint);
  #reader: RowReader | undefined;
  /** Number of the line at hand. */
  #line = 0;
  /**
   * The first of the blank lines just before this one, 0 for none: at the end of the file they are no fault.
   */
  #blankLine = 0;
  /** Line of the last row with a good timestamp, 0 before the first. */
  #rowLine = 0;
  #firstLine = 0;
  #clock: ClockKind = "seconds";
  #firstMicros = 0;
  #lastMicros = 0;

  constructor(format: "auto" | TraceFormatId, tiers: readonly string[] | undefined, complaints: Complaints) {
    this.#format = format;
    this.#tiers = tiers;
    this.#complaints = complaints;
  }

  /** True when the header was not understood, so that no row can be judged. */
  get hopeless(): boolean {
    return this.#reader === undefined;
  }

  /** The row of a line; undefined for a header, a blank line, a bad row and every row behind a bad one. */
  read(line: Line): TraceRow | undefined {
    this.#line = line.number;
    if (this.#reader === undefined) {
      this.#reader = this.#open(line.text);
      if (this.#reader?.firstLineIsRow !== true) return undefined;
    }
    if (isBlank(line.text)) {
      if (this.#blankLine === 0) this.#blankLine = line.number;
      return undefined;
    }
    if (this.#blankLine > 0) {
      this.#complaints.add(this.#blankLine, 1, "", "a blank line inside the trace");
      this.#blankLine = 0;
    }
    if (!this.#reader.read(line.text, this.#draft)) return undefined;
    // Both are looked at, so that both are told.
    const isInOrder = this.#inOrder(this.#reader, line.text);
    if (!this.#hasKnownTier() || !isInOrder) return undefined;
    return this.#complaints.none ? this.#row() : undefined;
  }

  /** To be called behind the last line. */
  end(): void {
    if (this.#complaints.none && this.#rowLine === 0) {
      this.#complaints.add(this.#line, 1, "", "the trace has a header but no rows");
    }
  }

  #open(firstLine: string): RowReader | undefined {
    if (isBlank(firstLine)) {
      this.#complain(1, "", "the first line is blank; a trace begins with its header or its first row");
      return undefined;
    }
    const named = TRACE_FORMATS.find((format) => format.id === this.#format);
    assert(this.#format === "auto" || named !== undefined, `trace format ${this.#format} is registered`);
    const format = named ?? detectFormat(firstLine, this.#complain);
    return format?.open(firstLine, this.#complain);
  }

  /** Checks the timestamp of the draft against the rows before it. */
  #inOrder(reader: RowReader, text: string): boolean {
    const { micros, clock } = this.#draft;
    if (this.#rowLine === 0) {
      this.#firstLine = this.#line;
      this.#firstMicros = micros;
      this.#clock = clock;
    } else if (clock !== this.#clock) {
      const message = `is ${clock}, but line ${this.#firstLine} has ${this.#clock}; all rows must be alike`;
      this.#complain(reader.timeColumn(text), reader.timeField, message);
      return false;
    } else if (micros < this.#lastMicros) {
      const message = `goes back behind the row of line ${this.#rowLine}; the file must be sorted by time`;
      this.#complain(reader.timeColumn(text), reader.timeField, message);
      this.#keepTime(micros);
      return false;
    }
    this.#keepTime(micros);
    return true;
  }

  #hasKnownTier(): boolean {
    const { tier } = this.#draft;
    if (this.#tiers === undefined || tier === "" || this.#tiers.includes(tier)) return true;
    this.#complain(
      1,
      "tier",
      `${shown(tier)} is no path of the scenario`,
      `its paths are ${this.#tiers.join(", ")}`,
    );
    return false;
  }

  #keepTime(micros: number): void {
    this.#rowLine = this.#line;
    this.#lastMicros = micros;
  }

  #row(): TraceRow {
    const draft = this.#draft;
    return {
      at: instant(draft.micros - this.#firstMicros),
      inputTokens: draft.inputTokens,
      outputTokens: draft.outputTokens,
      cachedTokens: draft.cachedTokens === UNSAID ? undefined : draft.cachedTokens,
      account: draft.account,
      session: draft.session,
      model: draft.model,
      tier: draft.tier,
    };
  }
}

function isBlank(text: string): boolean {
  return text.trim() === "";
}
