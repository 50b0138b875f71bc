// Finds a minimum of a function without derivatives: the downhill simplex of Nelder and Mead (1965), begun anew from
// where it ended until that gains nothing. Deterministic. It does not know what it minimises.

const REFLECT = 1;
const EXPAND = 2;
const CONTRACT = 0.5;
const SHRINK = 0.5;

interface Corner {
  readonly at: readonly number[];
  readonly value: number;
}

export interface MinimizeOptions {
  /** Size of the first simplex along each axis. */
  readonly steps: readonly number[];
  /** Evaluations of one simplex. */
  readonly evaluations: number;
  /** How often the simplex is begun anew at most. */
  readonly rounds: number;
}

/** Where the function is least. It may return infinity for what must not be. */
export function minimize(
  value: (at: readonly number[]) => number,
  start: readonly number[],
  { steps, evaluations, rounds }: MinimizeOptions,
): Corner {
  let best: Corner = { at: start, value: value(start) };
  for (let round = 0; round < rounds; round++) {
    // Turned about, smaller and smaller: a simplex that got flat in one direction sees the others again.
    const size = (round % 2 === 0 ? 1 : -1) / (1 + (round >> 1));
    const found = simplex(
      value,
      best,
      steps.map((step) => step * size),
      evaluations,
    );
    const gain = best.value - found.value;
    best = found;
    if (round >= 5 && gain <= 1e-6 * best.value) break;
  }
  return best;
}

function simplex(
  value: (at: readonly number[]) => number,
  start: Corner,
  steps: readonly number[],
  evaluations: number,
): Corner {
  const evaluate = (at: readonly number[]): Corner => ({ at, value: value(at) });
  const corners = [
    start,
    ...steps.map((step, axis) => evaluate(start.at.map((x, index) => (index === axis ? x + step : x)))),
  ];
  for (let used = steps.length; used < evaluations; ) {
    corners.sort((one, other) => one.value - other.value);
    const [best, worst] = [corners[0]!, corners[corners.length - 1]!];
    if (worst.value - best.value <= 1e-9 * best.value) break;
    const rest = corners.slice(0, -1);
    const middle = start.at.map((_, axis) => rest.reduce((sum, { at }) => sum + at[axis]!, 0) / rest.length);
    const along = (share: number) => evaluate(middle.map((x, axis) => x + share * (x - worst.at[axis]!)));
    const reflected = along(REFLECT);
    used++;
    let next = reflected;
    if (reflected.value < best.value) {
      const expanded = along(EXPAND);
      used++;
      if (expanded.value < reflected.value) next = expanded;
    } else if (reflected.value >= rest[rest.length - 1]!.value) {
      next = along(reflected.value < worst.value ? CONTRACT : -CONTRACT);
      used++;
    }
    if (next.value < worst.value) {
      corners[corners.length - 1] = next;
      continue;
    }
    for (const [index, corner] of corners.entries()) {
      if (index > 0) corners[index] = evaluate(corner.at.map((x, axis) => x + SHRINK * (best.at[axis]! - x)));
    }
    used += steps.length;
  }
  return corners.reduce((least, corner) => (corner.value < least.value ? corner : least));
}
