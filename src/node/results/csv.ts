// CSV as the result files use it: LF, a point for decimals, empty for what is missing. Account and source
// names come from users, so a field that a spreadsheet would run as a formula is escaped.
import { stringify } from "csv-stringify/sync";

export type Field = string | number | null | undefined;

/** One column: its name, and how a row fills it. */
export interface CsvColumn<Row> {
  readonly name: string;
  readonly value: (row: Row) => Field;
}

export function headerLine(columns: readonly { readonly name: string }[]): string {
  return csvLines([columns.map((column) => column.name)]);
}

export function csvLines(rows: readonly (readonly Field[])[]): string {
  return stringify(rows as Field[][], {
    record_delimiter: "unix",
    escape_formulas: true,
    // The library would print NaN and Infinity as words; a result holds neither, and a file must not either.
    cast: { number: (value) => (Number.isFinite(value) ? String(value) : "") },
  });
}

export function csvTable<Row>(columns: readonly CsvColumn<Row>[], rows: readonly Row[]): string {
  return headerLine(columns) + csvLines(rows.map((row) => columns.map((column) => column.value(row))));
}
