// Mid-ranks, which rank tests are made of. Knows numbers only.

/**
 * Twice the rank of each value among all, from 1 up; equal values share the mean of their ranks. Twice, because means
 * of ranks are halves: these are whole numbers.
 */
export function doubledRanks(values: readonly number[]): number[] {
  const order = values.map((_, index) => index).sort((i, j) => compare(values[i]!, values[j]!));
  const ranks = values.map(() => 0);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++;
    // Ranks from + 1 to `to`: twice their mean.
    for (let place = from; place < to; place++) ranks[order[place]!] = from + 1 + to;
    from = to;
  }
  return ranks;
}

/** A difference of infinities would be none. */
function compare(one: number, other: number): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
