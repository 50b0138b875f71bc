// Reads a CSV of numbers with named columns, strictly, and column by column: logs of requests and of steps. Columns
// that are not asked for are passed over. It does not know what the columns mean.
import { suggest } from "../base/nearest.js";
import { Complaints } from "./complaints.js";
import { csvColumn, csvValues } from "./csv.js";
import { readLines } from "./lines.js";
import { shown } from "./shown.js";

/** What the values of a column may be. */
export interface NumberColumn {
  /** Whole numbers only. */
  readonly whole?: boolean;
  /** The least value, 0 if left out. */
  readonly from?: number;
  /** The file may lack the column. */
  readonly optional?: boolean;
}

export interface NumberTable<Name extends string> {
  readonly rows: number;
  /** The values of a column row by row; undefined where the file has no such optional column. */
  readonly columns: { readonly [Column in Name]: Float64Array | undefined };
}

export interface NumberTableOptions<Name extends string> {
  /** Name of the file in messages. */
  readonly file: string;
  readonly columns: { readonly [Column in Name]: NumberColumn };
  /** What is wrong with a row whose values are all good by themselves, and in which column. */
  readonly check?: (row: NumberRow<Name>) => readonly (readonly [column: Name, message: string])[];
  /** Problems to tell at once, 20 by default. */
  readonly errorLimit?: number;
}

/** The values of one row, undefined for columns that the file does not have. */
export type NumberRow<Name extends string> = { readonly [Column in Name]?: number };

/** Digits with at most one dot and an exponent: what measuring programs print, and no more. */
const NUMBER = /^-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/**
 * Reads a table. Throws SurgefleetError INVALID_TRACE with file, line, column and field of every problem, also where
 * there is no row.
 */
export function readNumberTable<Name extends string>(
  chunks: Iterable<string>,
  options: NumberTableOptions<Name>,
): NumberTable<Name> {
  const complaints = new Complaints(options.file, options.errorLimit ?? 20);
  const names = Object.keys(options.columns) as Name[];
  const values = new Map<Name, number[]>();
  let rows = 0;
  let header: readonly string[] = [];
  for (const { text, number } of readLines(chunks, options.file)) {
    if (number === 1) {
      header = (csvValues(text) ?? []).map((field) => field.trim());
      checkHeader(header, options, complaints);
      if (!complaints.none) break;
      for (const name of names) if (header.includes(name)) values.set(name, []);
    } else if (text.trim() !== "") {
      rows++;
      const row = readRow(text, header, options, (column, name, message) =>
        complaints.add(number, column, name, message),
      );
      for (const [name, list] of values) list.push(row[name] ?? Number.NaN);
      if (complaints.overflowed) break;
    }
  }
  if (complaints.none && rows === 0) complaints.add(1, 1, "", "the file has a header but no rows");
  if (!complaints.none) throw complaints.error();
  const columns = Object.fromEntries(names.map((name) => [name, arrayOf(values.get(name))]));
  return { rows, columns: columns as NumberTable<Name>["columns"] };
}

/** Reads one row, and complains of all that is wrong with it. */
function readRow<Name extends string>(
  text: string,
  header: readonly string[],
  { columns, check }: NumberTableOptions<Name>,
  complain: (column: number, name: string, message: string) => void,
): NumberRow<Name> {
  const fields = csvValues(text);
  if (fields?.length !== header.length) {
    const count =
      fields === undefined ? "a quote is out of place" : `${fields.length} fields, not ${header.length}`;
    complain(1, "", `the row does not match the header: ${count}`);
    return {};
  }
  const row: { [Column in Name]?: number } = {};
  let good = true;
  for (const name of Object.keys(columns) as Name[]) {
    const place = header.indexOf(name);
    if (place < 0) continue;
    const problem = problemOf(fields[place]!, columns[name]);
    if (problem === undefined) row[name] = Number(fields[place]);
    else complain(csvColumn(text, place), name, problem);
    good &&= problem === undefined;
  }
  for (const [name, message] of good ? (check?.(row) ?? []) : []) {
    complain(csvColumn(text, header.indexOf(name)), name, message);
  }
  return row;
}

function arrayOf(values: readonly number[] | undefined): Float64Array | undefined {
  return values && Float64Array.from(values);
}

function checkHeader<Name extends string>(
  header: readonly string[],
  { columns }: NumberTableOptions<Name>,
  complaints: Complaints,
): void {
  for (const [place, field] of header.entries()) {
    if (header.indexOf(field) < place && field in columns) {
      complaints.add(1, 1, "", `column "${field}" stands here a second time`);
    }
  }
  for (const name of Object.keys(columns) as Name[]) {
    if (header.includes(name) || columns[name].optional === true) continue;
    const others = header.filter((field) => field !== "" && !(field in columns));
    complaints.add(1, 1, "", `column "${name}" is missing`, suggest(name, others));
  }
}

function problemOf(text: string, { whole = false, from = 0 }: NumberColumn): string | undefined {
  const value = NUMBER.test(text) ? Number(text) : Number.NaN;
  if (text === "") return "is empty, but must be a number";
  if (!Number.isFinite(value)) return `is ${shown(text)}, but must be a number`;
  if (whole && !Number.isSafeInteger(value)) return `is ${shown(text)}, but must be a whole number`;
  if (value < from) return `is ${shown(text)}, but must not be below ${from}`;
  return undefined;
}
