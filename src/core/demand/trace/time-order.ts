// Puts rows that stand too late in a file where their time belongs, in bounded memory, and keeps the order of rows
// with equal times. It does not know formats or what rows are for.
import type { TraceRow } from "./row.js";

/** A row whose times still are on the clock of the trace. */
export type ClockRow = { -readonly [Key in keyof TraceRow]: TraceRow[Key] };

/**
 * How much is kept waiting at most, in cells: a row counts ROW_CELLS and one for each of its blocks, so this is 65,536
 * rows without blocks, or about 10 MB.
 */
export const WINDOW_CELLS = 1024 * 1024;
/** The same bound where sessions overlap and rows must wait for all that may start before them: about 500 MB. */
export const OVERLAP_CELLS = 64 * WINDOW_CELLS;
const ROW_CELLS = 16;

/** A heap by time and, at equal times, by order of arrival. */
export class TimeOrder {
  readonly #rows: ClockRow[] = [];
  readonly #places: number[] = [];
  #pushed = 0;
  #cells = 0;
  /** The place in the file up to which rows have come out, for telling which of them were moved. */
  #lastOut = -1;
  #moved = 0;

  get cells(): number {
    return this.#cells;
  }

  /** Rows that came out before one that stands before them in the file. */
  get moved(): number {
    return this.#moved;
  }

  /** Time of the first row, infinity without rows. */
  get firstMicros(): number {
    return this.#rows[0]?.at ?? Number.POSITIVE_INFINITY;
  }

  push(row: ClockRow): void {
    this.#cells += ROW_CELLS + (row.blocks?.length ?? 0);
    let at = this.#rows.length;
    const place = this.#pushed++;
    this.#rows.push(row);
    this.#places.push(place);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#rows[parent]!.at <= row.at) break;
      this.#rows[at] = this.#rows[parent]!;
      this.#places[at] = this.#places[parent]!;
      at = parent;
    }
    this.#rows[at] = row;
    this.#places[at] = place;
  }

  /** Takes out the first row. There must be one. */
  pop(): ClockRow {
    const first = this.#rows[0]!;
    const firstPlace = this.#places[0]!;
    const last = this.#rows.pop()!;
    const lastPlace = this.#places.pop()!;
    if (this.#rows.length > 0) this.#sink(last, lastPlace);
    this.#cells -= ROW_CELLS + (first.blocks?.length ?? 0);
    if (firstPlace < this.#lastOut) this.#moved++;
    else this.#lastOut = firstPlace;
    return first;
  }

  #sink(row: ClockRow, place: number): void {
    const size = this.#rows.length;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && this.#before(child + 1, child)) child++;
      const childRow = this.#rows[child]!;
      if (row.at < childRow.at || (row.at === childRow.at && place < this.#places[child]!)) break;
      this.#rows[at] = childRow;
      this.#places[at] = this.#places[child]!;
      at = child;
    }
    this.#rows[at] = row;
    this.#places[at] = place;
  }

  #before(one: number, other: number): boolean {
    const [first, second] = [this.#rows[one]!.at, this.#rows[other]!.at];
    return first < second || (first === second && this.#places[one]! < this.#places[other]!);
  }
}
