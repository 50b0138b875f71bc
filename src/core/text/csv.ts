// One line of CSV text: its values, and the column at which each starts. Strict, since a trace is measured by what it
// says: a stray quote is refused, where common readers of CSV repair it. It does not know what the values mean.

/** One field and the comma behind it: a quoted field ends on its line and nothing but a comma follows it. */
const FIELD = /("[^"]*(?:""[^"]*)*"|[^",]*)(,|$)/y;

/** Splits one line into its values. Returns undefined where a quote is out of place. */
export function csvValues(text: string): string[] | undefined {
  if (!text.includes('"')) return text.split(",");
  const { fields, badColumn } = scan(text);
  return badColumn > 0 ? undefined : fields.map(unquoted);
}

/** Column, from 1, at which a field starts; behind the end of the line for a field that is not there. */
export function csvColumn(text: string, place: number): number {
  return scan(text).columns[place] ?? text.length + 1;
}

/** Column, from 1, at which the first badly quoted field starts; 0 where every quote is in its place. */
export function badQuoteColumn(text: string): number {
  return scan(text).badColumn;
}

interface Scan {
  /** The fields as they stand, up to the first badly quoted one, and where each starts. */
  readonly fields: readonly string[];
  readonly columns: readonly number[];
  readonly badColumn: number;
}

function scan(text: string): Scan {
  const fields: string[] = [];
  const columns: number[] = [];
  for (let start = 0; ; start = FIELD.lastIndex) {
    FIELD.lastIndex = start;
    const found = FIELD.exec(text);
    if (found === null) return { fields, columns, badColumn: start + 1 };
    fields.push(found[1]!);
    columns.push(start + 1);
    if (found[2] === "") return { fields, columns, badColumn: 0 };
  }
}

/** What a field says: without the quotes around it, and with one quote for each pair of them inside. */
function unquoted(field: string): string {
  return field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field;
}
