// A plain table of aligned columns without borders. Where it is wider than the page it goes on below, with
// its first column repeated, rather than wrapping cells. Knows text only, nothing of what it shows.
import { visible } from "../../text/visible.js";
import type { Marks, Style } from "./style.js";
import { textWidth, widest } from "./width.js";

export interface Cell {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

export interface Column {
  /** Heading in two lines; the first may be empty. */
  readonly head: readonly [string, string];
  /** One cell per row. */
  readonly cells: readonly Cell[];
}

export interface TableOptions {
  /** Characters to the line. A single column that is wider still is printed whole. */
  readonly width: number;
  readonly style: Style;
  readonly marks: Marks;
  /** Whether the last row is a total, below a rule; default true. */
  readonly hasTotal?: boolean;
}

const WIDE_GAP = 2;
const NARROW_GAP = 1;

/**
 * Lays out the rows: the first column to the left, every other to the right. Columns of one group stay in one
 * part where they can, and move closer together before the table is parted. A rule is drawn below the heading
 * and, as the last row is a total, above that where there is one.
 */
export function renderTable(
  label: Column,
  groups: readonly (readonly Column[])[],
  options: TableOptions,
): string[] {
  const wide = parts(label, groups, options.width, WIDE_GAP);
  const narrow = parts(label, groups, options.width, NARROW_GAP);
  const gap = narrow.length < wide.length ? NARROW_GAP : WIDE_GAP;
  const lines: string[] = [];
  for (const columns of gap === NARROW_GAP ? narrow : wide) {
    if (lines.length > 0) lines.push("");
    lines.push(...renderPart(label, columns, " ".repeat(gap), options));
  }
  return lines;
}

function parts(
  label: Column,
  groups: readonly (readonly Column[])[],
  width: number,
  gap: number,
): Column[][] {
  const room = width - columnWidth(label);
  const fits = (columns: readonly Column[]) =>
    columns.reduce((sum, one) => sum + gap + columnWidth(one), 0) <= room;
  const packed: Column[][] = [[]];
  for (const group of groups) {
    const last = packed[packed.length - 1]!;
    if (fits([...last, ...group])) {
      last.push(...group);
      continue;
    }
    if (last.length > 0) packed.push([]);
    for (const column of group) {
      const open = packed[packed.length - 1]!;
      if (open.length === 0 || fits([...open, column])) open.push(column);
      else packed.push([column]);
    }
  }
  return packed;
}

function columnWidth(column: Column): number {
  return widest([...column.head, ...column.cells.map((cell) => visible(cell.text))]);
}

function renderPart(
  label: Column,
  columns: readonly Column[],
  gap: string,
  { style, marks, hasTotal = true }: TableOptions,
): string[] {
  const widths = [label, ...columns].map(columnWidth);
  const line = (cells: readonly Cell[]) =>
    cells
      .map((cell, index) => padded(cell, widths[index]!, index === 0))
      .join(gap)
      .trimEnd();
  const all = [label, ...columns];
  const head = ([0, 1] as const).map((row) =>
    line(all.map((column) => ({ text: column.head[row], paint: style.bold }))),
  );
  const rule = style.dim(
    marks.rule.repeat(widths.reduce((sum, width) => sum + gap.length + width, -gap.length)),
  );
  const rows = label.cells.map((_, row) => line(all.map((column) => column.cells[row]!)));
  const total = hasTotal ? rows.pop() : undefined;
  return [
    ...head.filter((text) => text !== ""),
    rule,
    ...rows,
    ...(total === undefined ? [] : [rule, total]),
  ];
}

function padded(cell: Cell, width: number, left: boolean): string {
  if (cell.text === "") return " ".repeat(width);
  const shown = visible(cell.text);
  const space = " ".repeat(width - textWidth(shown));
  const text = cell.paint === undefined ? shown : cell.paint(shown);
  return left ? text + space : space + text;
}
