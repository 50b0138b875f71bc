// Max-min fair shares: a total is shared out among those who ask for parts of it so that the least gets as much as can
// be, then the next. Knows numbers only.

/**
 * What each may have at most, so that the least of what each asks for and that, summed up, is the total: all who ask
 * for less get all of it, and the others the same. Infinite where the total is all that is asked for, or more. Source:
 * progressive filling (Bertsekas and Gallager, Data Networks, 2nd edition, 1992, 6.5.2), for a single resource.
 */
export function maxMinLevel(demands: ArrayLike<number>, total: number): number {
  const sorted = new Float64Array(demands).sort();
  let left = total;
  for (let index = 0; index < sorted.length; index++) {
    const level = left / (sorted.length - index);
    const demand = sorted[index]!;
    if (demand > level) return level;
    left -= demand;
  }
  return Number.POSITIVE_INFINITY;
}
