// Tables as screen readers want them: a caption, and a heading for every row and column. A wide one scrolls by itself.
import { html, type Markup, type Part } from "./markup.js";

export interface TableColumn<Row> {
  readonly head: string;
  readonly cell: (row: Row) => Part;
  /** Words stand left, numbers right. */
  readonly isText?: boolean;
}

export interface TableParts<Row> {
  readonly caption: string;
  /** What each row is of. */
  readonly head: string;
  readonly name: (row: Row) => Part;
  readonly columns: readonly TableColumn<Row>[];
  readonly rows: readonly Row[];
}

export const MISSING = "–";

export function table<Row>({ caption, head, name, columns, rows }: TableParts<Row>): Markup {
  const side = ({ isText }: TableColumn<Row>) => (isText === true ? "words" : "number");
  const headings = columns.map((column) => html`<th scope="col" class="${side(column)}">${column.head}</th>`);
  const cells = (row: Row) =>
    columns.map(({ cell, isText }) =>
      isText === true
        ? html`<td class="words">${words(cell(row))}</td>`
        : html`<td class="number">${cell(row)}</td>`,
    );
  const line = (row: Row) =>
    html`<tr><th scope="row" class="words">${words(name(row))}</th>${cells(row)}</tr>\n`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table>
<caption>${caption}</caption>
<thead><tr><th scope="col" class="words">${head}</th>${headings}</tr></thead>
<tbody>${rows.map(line)}</tbody>
</table></div>`;
}

/** On one line while it is short; the style sheet breaks what is longer. */
function words(part: Part): Markup {
  return html`<span class="fit">${part}</span>`;
}

/** Names and values, one under the other. */
export function facts(pairs: readonly (readonly [string, Part])[]): Markup {
  const each = pairs.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`);
  return html`<dl class="facts">${each}</dl>`;
}

/** A value, or a dash where there is none. */
export function shown(value: number | null, show: (value: number) => string): string {
  return value === null ? MISSING : show(value);
}
