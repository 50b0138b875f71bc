// One line of a CSV trace under a known header: its fields, their columns, and the strict readers of a field.
// It does not know which columns a format has.

import { badQuoteColumn, csvColumn, csvValues } from "../../../text/csv.js";
import { shown } from "../../../text/shown.js";
import type { Timestamp } from "../../../text/timestamp.js";
import { readDate, readSeconds, timestampProblem } from "../../../text/timestamp.js";
import type { Complain } from "../format.js";
import { microsOfText, type TimeUnit, unitProblem } from "../time-unit.js";
import { countProblem, outputProblem, readCount } from "./counts.js";

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
      this.#complain(badQuoteColumn(text), "", message);
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

  /** A date, or a number of units where there is one. */
  timestamp(place: number, into: Timestamp, unit: TimeUnit | undefined): boolean {
    const value = this.#values[place]!;
    if (readDate(value, value.length, into) || (unit !== undefined && takeNumber(value, unit, into)))
      return true;
    const isNumber = unit !== undefined && /^\d+(\.\d+)?$/.test(value);
    if (!isNumber) this.reject(place, timestampProblem(value, unit !== undefined));
    else
      this.reject(
        place,
        `is ${shown(value)}, but ${unitProblem(unit)}`,
        "name the unit of the times: unit: ms",
      );
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

/** Digits with or without a fraction as a time; false for anything else, and beyond what is possible. */
export function takeNumber(value: string, unit: TimeUnit, into: Timestamp): boolean {
  if (unit === "s") return readSeconds(value, into);
  const micros = microsOfText(value, unit);
  if (Number.isNaN(micros)) return false;
  into.micros = micros;
  into.clock = "seconds";
  return true;
}
