// Rows of the matrix products of a step, padded to the sizes that an engine captured its graphs at. The sizes are data
// of a profile; what a step costs at so many rows is not known here.
import type { RowSizes } from "./file/profile-keys.js";

/**
 * The first size that holds so many rows. Beyond the last one, sizes go on by the last gap (the only size, if there
 * is but one). `sizes` rise from a positive one; without any, rows are what they are.
 */
export function paddedRows(sizes: readonly number[], rows: number): number {
  const last = sizes.at(-1);
  if (last === undefined || rows <= 0) return Math.max(rows, 0);
  if (rows <= last) return sizes[firstAtLeast(sizes, rows)]!;
  const gap = last - (sizes.at(-2) ?? 0);
  return last + Math.ceil((rows - last) / gap) * gap;
}

/** Rows of a step of decoding sequences alone, or with prefill tokens beside them. */
export function stepRows(sizes: RowSizes | undefined, decodeRows: number, prefillTokens: number): number {
  if (prefillTokens === 0) return paddedRows(sizes?.decode ?? [], decodeRows);
  return paddedRows(sizes?.mixed ?? [], decodeRows + prefillTokens);
}

/** Index of the first of rising values that is not below `value`; their number if all are. */
export function firstAtLeast(values: readonly number[], value: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A function of padded rows as one of rows: looked up as far as the sizes go, since every step asks for it. */
export function tabulated(
  sizes: readonly number[],
  value: (rows: number) => number,
): (rows: number) => number {
  const table = Float64Array.from({ length: (sizes.at(-1) ?? 0) + 1 }, (_, rows) =>
    value(paddedRows(sizes, rows)),
  );
  return (rows) => (rows < table.length ? table[rows]! : value(paddedRows(sizes, rows)));
}
