// One line of CSV text: its values, and the column at which each starts. It does not know what the values mean.
import { csvParseRows } from "d3-dsv";

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
export function scan(text: string): { readonly columns: readonly number[]; readonly badColumn: number } {
  const columns: number[] = [];
  for (let start = 0; ; start = FIELD.lastIndex) {
    FIELD.lastIndex = start;
    const found = FIELD.exec(text);
    if (found === null) return { columns, badColumn: start + 1 };
    columns.push(start + 1);
    if (found[1] === "") return { columns, badColumn: 0 };
  }
}
