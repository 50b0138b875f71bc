// Lines of CSV under a header whose columns may stand in any order and may be more than are read. It does not know
// which columns a format has.

import { csvColumn, csvValues } from "../../../text/csv.js";
import { shown } from "../../../text/shown.js";
import { readDate, type Timestamp } from "../../../text/timestamp.js";
import { isLeftOut } from "../field-names.js";
import type { ReadContext } from "../format.js";
import { microsOf, type TimeUnit, unitProblem } from "../time-unit.js";
import { readCount } from "./counts.js";
import { CsvLine, takeNumber } from "./csv-line.js";

export const NO_COLUMN = -1;

/** Values of a line by the place of their column. One object serves a whole file. */
export class CsvTable {
  readonly #line: CsvLine;
  readonly #leastOutput: 0 | 1;
  readonly #unit: TimeUnit | undefined;
  #text = "";

  constructor(columns: readonly string[], { complain, zeroOutput, unit }: ReadContext) {
    this.#line = new CsvLine(columns, complain);
    this.#unit = unit;
    this.#leastOutput = zeroOutput === "error" ? 1 : 0;
  }

  open(text: string): boolean {
    this.#text = text;
    return this.#line.open(text);
  }

  /** Text as it stands, "" where the file has no such column. */
  name(place: number): string {
    return place === NO_COLUMN ? "" : this.#line.name(place);
  }

  count(place: number, least: 0 | 1): number {
    return this.#line.count(place, least);
  }

  /** Generated tokens, 0 only where requests without output are not a fault; -1 after a complaint. */
  outputCount(place: number): number {
    return this.#line.outputCount(place, this.#leastOutput);
  }

  /** As `count`, and as pandas writes whole numbers of a column with gaps: 12.0. */
  wholeCount(place: number, least: 0 | 1): number {
    const whole = /^(\d{1,9})\.0$/.exec(this.name(place))?.[1];
    return whole === undefined || Number(whole) < least ? this.count(place, least) : Number(whole);
  }

  /** As `outputCount`, written like that. */
  wholeOutput(place: number): number {
    const whole = /^(\d{1,9})\.0$/.exec(this.name(place))?.[1];
    return whole === undefined || Number(whole) < this.#leastOutput ? this.outputCount(place) : Number(whole);
  }

  /** Microseconds of a length of time in the unit of the file's times; UNSAID (-1) where it is empty, else NaN. */
  micros(place: number, unit: TimeUnit): number {
    const amount = this.amount(place);
    return amount < 0 ? amount : microsOf(amount, this.#unit ?? unit);
  }

  /** A number from 0 up; UNSAID (-1) where it is empty, NaN after a complaint. */
  amount(place: number): number {
    const value = this.name(place);
    if (value === "") return -1;
    if (/^\d+(\.\d+)?$/.test(value)) return Number(value);
    this.reject(place, `is ${shown(value)}, but must be a number from 0 up`);
    return Number.NaN;
  }

  date(place: number, into: Timestamp): boolean {
    return this.#line.timestamp(place, into, undefined);
  }

  /** Seconds or a date. */
  timestamp(place: number, into: Timestamp): boolean {
    return this.#line.timestamp(place, into, this.#unit ?? "s");
  }

  /** A number of milliseconds. */
  millis(place: number, into: Timestamp): boolean {
    const [value, unit] = [this.name(place), this.#unit ?? "ms"];
    if (takeNumber(value, unit, into)) return true;
    this.reject(place, `is ${shown(value)}, but ${unitProblem(unit)}`);
    return false;
  }

  /** A number of microseconds, or a date. */
  microsOrDate(place: number, into: Timestamp): boolean {
    const [value, unit] = [this.name(place), this.#unit ?? "us"];
    if (takeNumber(value, unit, into) || readDate(value, value.length, into)) return true;
    this.reject(place, `is ${shown(value)}, but ${unitProblem(unit)}, or a date`);
    return false;
  }

  reject(place: number, message: string): void {
    this.#line.reject(place, message);
  }

  column(place: number): number {
    return csvColumn(this.#text, place);
  }
}

/** Digits and nothing else, as a token count; -1 for the rest. */
export function tokensOf(text: string): number {
  return readCount(text, 0, text.length);
}

/**
 * Where the named columns stand in a header: NO_COLUMN for optional ones that are missing. Complains of every
 * required one that is missing and of every one that stands there twice, and returns undefined then.
 */
export function findColumns<Name extends string>(
  header: string,
  required: readonly Name[],
  optional: readonly Name[],
  { complain, ignored }: ReadContext,
): { readonly columns: readonly string[]; readonly places: Readonly<Record<Name, number>> } | undefined {
  const columns = csvValues(header)?.map((column) => column.trim());
  if (columns === undefined) {
    complain(1, "", "a quote is out of place in the header");
    return undefined;
  }
  let good = true;
  const places = {} as Record<Name, number>;
  for (const name of [...required, ...optional]) {
    places[name] = columns.indexOf(name);
    const twice = columns.lastIndexOf(name) !== places[name];
    const missing = places[name] === NO_COLUMN && required.includes(name);
    if (!twice && !missing) continue;
    good = false;
    complain(1, "", twice ? `column "${name}" stands here a second time` : `column "${name}" is missing`);
  }
  if (!good) return undefined;
  const known: readonly string[] = [...required, ...optional];
  for (const column of columns) if (!known.includes(column) && !isLeftOut(column)) ignored(column);
  return { columns, places };
}
