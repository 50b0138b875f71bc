// Limits of rows that have come away from the stated ones: a factor by row and column. Takes no memory until one has.
import { grown } from "../../../base/grown.js";

export class RowScales {
  readonly #columns: number;
  #factors: Float64Array | undefined;

  constructor(columns: number) {
    this.#columns = columns;
  }

  of(row: number, column: number): number {
    return this.#factors?.[row * this.#columns + column] ?? 1;
  }

  set(row: number, column: number, factor: number): void {
    const cell = row * this.#columns + column;
    const factors = this.#factors ?? new Float64Array(0);
    const before = factors.length;
    this.#factors =
      cell < before ? factors : grown(factors, Math.max(cell + 1, before * 2, 64)).fill(1, before);
    this.#factors[cell] = factor;
  }

  copyRow(from: number, to: number): void {
    if (this.#factors === undefined) return;
    for (let column = 0; column < this.#columns; column++) this.set(to, column, this.of(from, column));
  }
}
