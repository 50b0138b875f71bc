// One line of a CSV trace under a known header: its fields, their columns, and the strict readers of a field.
// It does not know which columns a format has.
import { csvParseRows } from "d3-dsv";
import { countProblem, outputProblem, readCount } from "./counts.js";
import type { Complain, Timestamp } from "./format.js";
import { readDate, readSeconds, timestampProblem } from "./timestamp.js";

/**
 * One field and the comma behind it. The CSV library repairs stray quotes in silence, so the line is first
 * held against this: a quoted field ends on its line and nothing but a comma follows it.
 */
const FIELD = /(?:"[^"]*(?:""[^"]*)*"|[^",]*)(,|$)/y;

/** Splits one line into its values. Returns undefined where a quote is out of place. */
export function csvValues(text: string): string[] | undefined {
  if (!text.includes('"')) return text.split(",");
  return scan(text).badColumn > 0 ? undefined : csvParseRows(text)[0];
}

/** Column, from 1, at which a field starts; behind the end of the line for a field that is not there. */
export function csvColumn(text: string, place: number): number {
  return scan(text).columns[place] ?? text.length + 1;
}

/** Where the fields of a line start, and where the first badly quoted one does, 0 for none. */
function scan(text: string): { readonly columns: readonly number[]; readonly badColumn: number } {
  const columns: number[] = [];
  for (let start = 0; ; start = FIELD.lastIndex) {
    FIELD.lastIndex = start;
    const found = FIELD.exec(text);
    if (found === null) return { columns, badColumn: start + 1 };
    columns.push(start + 1);
    if (found[1] === "") return { columns, badColumn: 0 };
  }
}

/** Reads lines of a fixed list of columns. One object serves a whole file. */
export class CsvLine {
  readonly #fields: readonly string[];
  readonly #complain: Complain;
  #text = "";
  #values: string[] = [];

  constructor(fields: readonly string[], complain: Complain) {
    this.#fields = fields;
    this.#complain = complain;
  }

  /** Splits a line; complains and returns false when it has stray quotes or another number of fields. */
  open(text: string): boolean {
    const values = csvValues(text);
    if (values === undefined) {
      const message = "a quote is out of place: a quoted field must end on its line, before a comma";
      this.#complain(scan(text).badColumn, "", message);
      return false;
    }
    this.#text = text;
    this.#values = values;
    if (values.length === this.#fields.length) return true;
    const column = csvColumn(text, this.#fields.length);
    this.#complain(
      column,
      "",
      `the number of fields is ${values.length}, but the header has ${this.#fields.length}`,
    );
    return false;
  }

  /** The value of a field as it stands. */
  name(place: number): string {
    return this.#values[place]!;
  }

  timestamp(place: number, into: Timestamp, secondsAllowed: boolean): boolean {
    const value = this.#values[place]!;
    if (readDate(value, value.length, into) || (secondsAllowed && readSeconds(value, into))) return true;
    this.reject(place, timestampProblem(value, secondsAllowed));
    return false;
  }

  /** A token count of at least `least`, or -1 after a complaint. */
  count(place: number, least: 0 | 1): number {
    return this.#count(place, least, countProblem);
  }

  /** A count of output tokens, at least `least`, or -1 after a complaint. */
  outputCount(place: number, least: 0 | 1 = 1): number {
    return this.#count(place, least, outputProblem);
  }

  /** Tells a problem of one field. */
  reject(place: number, message: string, hint?: string): void {
    this.#complain(csvColumn(this.#text, place), this.#fields[place]!, message, hint);
  }

  #count(place: number, least: number, problemOf: (value: string) => string): number {
    const value = this.#values[place]!;
    const count = readCount(value, 0, value.length);
    if (count >= least) return count;
    this.reject(place, problemOf(value));
    return -1;
  }
}
