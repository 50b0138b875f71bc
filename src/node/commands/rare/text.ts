// How far an estimation by splitting is, in one line.
import { format, type RareEstimation } from "../../../core/internal.js";

export function headline({ trials, levels, precision }: RareEstimation): string {
  if (trials === 0) return `placing level ${levels + 1}`;
  const width = precision === null ? "no interval yet" : `within ${format.percent(precision, 2)}`;
  return `${format.count(trials)} trials, ${width}`;
}
