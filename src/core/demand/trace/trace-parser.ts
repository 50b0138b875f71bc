// Turns the records of a trace into rows: the header, blank lines, the order in time and the report are its
// business. It knows formats through their seam only, and nothing of where the text comes from.
import { assert } from "../../base/assert.js";
import { duration, instant } from "../../base/units.js";
import { withDefaults } from "../../document/any-options.js";
import type { Complaints } from "../../text/complaints.js";
import { csvValues } from "../../text/csv.js";
import type { Line } from "../../text/lines.js";
import { shown } from "../../text/shown.js";
import type { ClockKind } from "../../text/timestamp.js";
import { FieldNames } from "./field-names.js";
import {
  emptyDraft,
  type FirstRecord,
  type ReadContext,
  type RecordReader,
  type RowDraft,
  UNSAID,
} from "./format.js";
import { MOST_TOKENS } from "./formats/counts.js";
import { detectFormat, firstRecord, formatNamed, TRACE_FORMATS } from "./formats/formats.js";
import { parseObject } from "./formats/json-line.js";
import type { ReadTraceOptions } from "./options.js";
import { readContext } from "./reading-context.js";
import { found, type TraceReport } from "./report.js";
import type { TraceRow } from "./row.js";
import { UNSERVED } from "./row-checks.js";
import { type ClockRow, OVERLAP_CELLS, TimeOrder, WINDOW_CELLS } from "./time-order.js";

/** As for timestamps: more would leave the whole numbers that a double holds. */
const LATEST_MICROS = 9_000_000_000_000_000;

export class TraceParser {
  readonly #options: ReadTraceOptions;
  readonly #complaints: Complaints;
  readonly #report: TraceReport;
  readonly #draft: RowDraft = emptyDraft();
  readonly #names: FieldNames;
  readonly #ahead: () => readonly string[];
  readonly #complain = (column: number, field: string, message: string, hint?: string) =>
    this.#complaints.add(this.#line, column, field, message, hint);
  #reader: RecordReader | undefined;
  #sorts = false;
  #zeroOutput: ReadContext["zeroOutput"] = "error";
  /** Rows that wait for others that may come before them. */
  readonly #waiting = new TimeOrder();
  /** A row in order, where nothing is sorted. */
  #ready: ClockRow | undefined;
  #ended = false;
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
  #lastMicros = 0;
  /** Time of the first row that came out, and of the last. */
  #startMicros = UNSAID;
  #outMicros = 0;
  #record = "";
  #isJson = false;
  #hasFreeUnit = false;
  #hasMore = false;

  constructor(
    options: ReadTraceOptions,
    complaints: Complaints,
    report: TraceReport,
    ahead: () => readonly string[],
  ) {
    this.#options = options;
    this.#names = new FieldNames(options.columns, options.ignore);
    this.#ahead = ahead;
    this.#complaints = complaints;
    this.#report = report;
  }

  /** True when the header was not understood, so that no row can be judged. */
  get hopeless(): boolean {
    return this.#reader === undefined;
  }

  /** Takes a record: a header, a blank line, or one with rows, which `next` hands out. */
  read({ text, number }: Line): void {
    this.#line = number;
    if (this.#reader === undefined) {
      this.#reader = this.#open(text);
      if (this.#reader?.firstLineIsRow !== true) return;
    }
    if (isBlank(text)) {
      if (this.#blankLine === 0) this.#blankLine = number;
      return;
    }
    if (this.#blankLine > 0) {
      this.#complaints.add(this.#blankLine, 1, "", "a blank line inside the trace");
      this.#blankLine = 0;
    }
    this.#record = this.#named(text);
    this.#hasMore = this.#reader.read(this.#record, this.#draft);
    if (this.#reader.more === undefined) {
      if (this.#hasMore) this.#take(this.#reader);
      this.#hasMore = false;
      return;
    }
    while (this.#hasMore) {
      this.#take(this.#reader);
      this.#hasMore = this.#reader.more(this.#draft);
    }
  }

  /** The next row whose place in time is certain; undefined until more was read, and behind the first problem. */
  next(): TraceRow | undefined {
    if (!this.#complaints.none) return undefined;
    if (!this.#sorts) {
      const row = this.#ready;
      this.#ready = undefined;
      return row === undefined ? undefined : this.#out(row);
    }
    const waiting = this.#waiting;
    if (waiting.cells === 0) return undefined;
    const settled = this.#reader?.settledUntil;
    if (this.#ended || (settled !== undefined && waiting.firstMicros <= settled))
      return this.#out(waiting.pop());
    if (settled === undefined && waiting.cells > WINDOW_CELLS) return this.#out(waiting.pop());
    return undefined;
  }

  /** To be called behind the last record. */
  end(): void {
    this.#ended = true;
    if (this.#isJson) {
      for (const name of this.#names.unmet([]))
        found(this.#report, "ignored", name, {
          times: 0,
          why: "columns or ignore names it, and no row has it",
        });
    }
    if (!this.#complaints.none || this.#rowLine > 0) return;
    const { rowsRead, findings } = this.#report;
    const reasons = [...findings.dropped].map(([reason, { count }]) => `${reason}: ${count}`).join(", ");
    const message = rowsRead === 0 ? "the trace has a header but no rows" : `no row is left (${reasons})`;
    this.#complaints.add(this.#line, 1, "", message);
  }

  #open(text: string): RecordReader | undefined {
    if (isBlank(text)) {
      this.#complain(1, "", "the first line is blank; a trace begins with its header or its first row");
      return undefined;
    }
    const { format: name = "auto", inversions } = this.#options;
    const named = formatNamed(name);
    assert(name === "auto" || named !== undefined, `trace format ${name} is registered`);
    const first = firstRecord(text, this.#names);
    const format = named ?? detectFormat(text, this.#complain, TRACE_FORMATS, first);
    if (format === undefined || !this.#hasNames(first, text)) return undefined;
    this.#report.format = format.name;
    this.#report.hasOwnRate = !format.ownClocks;
    this.#hasFreeUnit = format.unit !== undefined;
    this.#zeroOutput = this.#options.zeroOutput ?? format.zeroOutput;
    const options = this.#options;
    const parts = {
      first,
      complain: this.#complain,
      zeroOutput: this.#zeroOutput,
      ahead: () => this.#ahead().map((one) => this.#named(one)),
    };
    const context = readContext(parts, options, format, this.#report, () =>
      this.#reader === undefined ? null : this.#line,
    );
    const reader = format.create(withDefaults(format.options, { ...options }) as never, context);
    // The rows of one record need not be in the order of time.
    this.#sorts = (inversions ?? format.inversions) === "sort" || reader?.more !== undefined;
    return reader;
  }

  /** Takes the row in the draft: checks it against the rows before it, and keeps or drops it. */
  #take(reader: RecordReader): void {
    const draft = this.#draft;
    this.#report.rowsRead++;
    if (!this.#names.isPlain) this.#names.strip(draft);
    if (draft.dropped === "" && draft.outputTokens === 0) this.#noOutput(draft);
    if (draft.dropped !== "") {
      found(this.#report, "dropped", draft.dropped, { line: this.#line });
      draft.dropped = "";
      return;
    }
    if (!this.#inBounds(reader)) return;
    // Both are looked at, so that both are told.
    const isInOrder = this.#inOrder(reader);
    if (!this.#hasKnownTier() || !isInOrder || !this.#complaints.none) return;
    if (this.#options.serves?.(draft.model, draft.tier) === false) {
      found(this.#report, "unserved", UNSERVED, { line: this.#line });
    }
    if (!this.#sorts) {
      this.#ready = this.#row();
      return;
    }
    this.#waiting.push(this.#row());
    if (this.#waiting.cells > OVERLAP_CELLS) {
      const hint = "start fewer sessions at a time, or leave the blocks out";
      this.#complain(
        1,
        "",
        "too many sessions overlap: their rows do not fit the memory set aside for them",
        hint,
      );
    }
  }

  /** A record with the format's names: a row of CSV has none. */
  #named(text: string): string {
    if (this.#names.isPlain || !this.#isJson || parseObject(text) === undefined) return text;
    return this.#names.object(text);
  }

  /** Whether a header has the names that were given; keys of objects may come later. */
  #hasNames({ columns, object }: FirstRecord, text: string): boolean {
    this.#isJson = object !== undefined;
    const unmet = columns === undefined ? [] : this.#names.unmet(csvValues(text) ?? []);
    for (const name of unmet)
      this.#complain(1, "", `there is no column ${name}, which columns or ignore names`);
    return unmet.length === 0;
  }

  #noOutput(draft: RowDraft): void {
    if (this.#zeroOutput === "drop") draft.dropped = "failed: no output";
    else found(this.#report, "assumed", "requests without output, kept with 0 tokens", { line: this.#line });
  }

  /** Sums of what a file says may leave the bounds that each part keeps. */
  #inBounds(reader: RecordReader): boolean {
    const { micros, thinkMicros, endedMicros, firstTokenMicros, inputTokens } = this.#draft;
    const isTimely = Math.max(micros, thinkMicros, endedMicros, firstTokenMicros) <= LATEST_MICROS;
    if (!isTimely) {
      const message = "lies, with the times counted from it, too far ahead";
      this.#complain(reader.timeColumn(this.#record), reader.timeField, message);
    }
    const fits = inputTokens <= MOST_TOKENS;
    if (!fits) this.#complain(1, "", `the prompt adds up to more than ${MOST_TOKENS} tokens`);
    return isTimely && fits;
  }

  /** Checks the timestamp of the draft against the rows before it. */
  #inOrder(reader: RecordReader): boolean {
    const { micros, clock } = this.#draft;
    if (this.#rowLine === 0) {
      this.#firstLine = this.#line;
      this.#clock = clock;
      if (!this.#hasUnit(reader)) return false;
    } else if (clock !== this.#clock) {
      const message = `is ${clock}, but line ${this.#firstLine} has ${this.#clock}; all rows must be alike`;
      this.#complain(reader.timeColumn(this.#record), reader.timeField, message);
      return false;
    } else if (micros < this.#lastMicros) {
      if (reader.settledUntil === undefined) {
        this.#report.inversions++;
        this.#report.inversionLine ??= this.#line;
      }
      if (!this.#sorts) {
        const message = `goes back behind the row of line ${this.#rowLine}; the file must be sorted by time`;
        this.#complain(reader.timeColumn(this.#record), reader.timeField, message);
        this.#keepTime(micros);
        return false;
      }
    }
    this.#keepTime(micros);
    if (!this.#sorts || micros >= this.#outMicros) return true;
    const message = "goes back behind a row that is out of reach: only so many rows can be held to be sorted";
    this.#complain(reader.timeColumn(this.#record), reader.timeField, message, "sort the file by time");
    return false;
  }

  /** Whether a unit that was given means anything: dates have none, and some formats always have the same. */
  #hasUnit(reader: RecordReader): boolean {
    const isNumber = this.#clock === "seconds";
    if (!isNumber) this.#report.assumedUnit = null;
    if (this.#options.unit === undefined || (isNumber && this.#hasFreeUnit)) return true;
    const message = isNumber ? "is of a unit that the format states" : "is a date, which has no unit";
    this.#complain(reader.timeColumn(this.#record), reader.timeField, message, "leave unit out");
    return false;
  }

  #hasKnownTier(): boolean {
    const { tier } = this.#draft;
    const { tiers } = this.#options;
    if (tiers === undefined || tier === "" || tiers.includes(tier)) return true;
    this.#complain(
      1,
      "tier",
      `${shown(tier)} is no path of the scenario`,
      `its paths are ${tiers.join(", ")}`,
    );
    return false;
  }

  #keepTime(micros: number): void {
    this.#rowLine = this.#line;
    this.#lastMicros = micros;
  }

  /** The draft as a row whose times still are on the trace's clock. */
  #row(): ClockRow {
    const draft = this.#draft;
    const hasBlocks = draft.blocks !== undefined && this.#options.blocks !== false;
    return {
      at: draft.micros as ClockRow["at"],
      inputTokens: draft.inputTokens,
      outputTokens: draft.outputTokens,
      cachedTokens: draft.cachedTokens === UNSAID ? undefined : draft.cachedTokens,
      account: draft.account,
      session: draft.session,
      model: draft.model,
      tier: draft.tier,
      agent: draft.agent,
      thinkTime: draft.thinkMicros === UNSAID ? undefined : duration(draft.thinkMicros),
      endedAt: draft.endedMicros === UNSAID ? undefined : (draft.endedMicros as ClockRow["at"]),
      firstTokenAt:
        draft.firstTokenMicros === UNSAID ? undefined : (draft.firstTokenMicros as ClockRow["at"]),
      outcome: draft.outcome,
      blocks: hasBlocks ? draft.blocks : undefined,
      blockTokens: hasBlocks ? draft.blockTokens : 0,
      kind: draft.kind,
    };
  }

  /** Sets the times of a row against the first one. */
  #out(row: ClockRow): TraceRow {
    if (this.#startMicros === UNSAID) {
      this.#startMicros = row.at;
      this.#report.firstMicros = row.at;
      this.#report.clock = this.#clock;
    }
    this.#outMicros = row.at;
    this.#report.lastMicros = row.at;
    this.#report.rowsYielded++;
    if (this.#reader?.settledUntil === undefined) this.#report.rowsMoved = this.#waiting.moved;
    row.at = instant(row.at - this.#startMicros);
    if (row.endedAt !== undefined) row.endedAt = instant(row.endedAt - this.#startMicros);
    if (row.firstTokenAt !== undefined) row.firstTokenAt = instant(row.firstTokenAt - this.#startMicros);
    return row;
  }
}

function isBlank(text: string): boolean {
  return text.trim() === "";
}
