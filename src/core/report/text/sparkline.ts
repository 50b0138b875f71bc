// A history drawn in one line of characters: each stands for the sum of one or more bins, scaled to the
// largest.
import type { Marks } from "./style.js";

/** Sums neighbouring bins so that at most `columns` are left; the last sum may be of fewer bins. */
export function downsample(
  bins: readonly number[],
  columns: number,
): { sums: number[]; binsPerColumn: number } {
  const binsPerColumn = Math.max(1, Math.ceil(bins.length / columns));
  const sums: number[] = [];
  for (let bin = 0; bin < bins.length; bin += binsPerColumn) {
    sums.push(bins.slice(bin, bin + binsPerColumn).reduce((sum, value) => sum + value, 0));
  }
  return { sums, binsPerColumn };
}

/**
 * One character per value, up to `largest`; left out: the largest of them. Zero has its own mark: a single refusal must
 * be seen among thousands of requests.
 */
export function sparkline(
  values: readonly number[],
  { nothing, heights }: Marks,
  largest: number = values.reduce((most, value) => Math.max(most, value), 0),
): string {
  const levels = [...heights];
  const character = (value: number) => {
    if (value <= 0) return nothing;
    return levels[Math.min(levels.length, Math.ceil((value / largest) * levels.length)) - 1]!;
  };
  return values.map(character).join("");
}
