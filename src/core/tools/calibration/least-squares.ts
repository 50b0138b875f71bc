// Linear least squares with coefficients that must not be negative, by coordinate descent on the normal equations.
// It knows numbers only. For a handful of coefficients, many rows.

const SWEEPS = 2000;

/**
 * The coefficients c >= 0 that make sum over rows of weight * (features . c - target)^2 least. A feature that is zero
 * in every row gets 0. Rows are arrays of as many features as there are coefficients.
 */
export function nonNegativeLeastSquares(
  rows: readonly (readonly number[])[],
  targets: readonly number[],
  weights: readonly number[],
): number[] {
  const size = rows[0]?.length ?? 0;
  const gram = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  const moment = new Array<number>(size).fill(0);
  for (const [index, row] of rows.entries()) {
    for (let i = 0; i < size; i++) {
      const weighted = row[i]! * weights[index]!;
      if (weighted === 0) continue;
      moment[i]! += weighted * targets[index]!;
      for (let j = 0; j < size; j++) gram[i]![j]! += weighted * row[j]!;
    }
  }
  const solution = new Array<number>(size).fill(0);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let moved = 0;
    for (let i = 0; i < size; i++) {
      const pivot = gram[i]![i]!;
      if (pivot === 0) continue;
      let rest = moment[i]!;
      for (let j = 0; j < size; j++) if (j !== i) rest -= gram[i]![j]! * solution[j]!;
      const next = Math.max(0, rest / pivot);
      moved = Math.max(moved, Math.abs(next - solution[i]!) / (next + solution[i]! + Number.MIN_VALUE));
      solution[i] = next;
    }
    if (moved < 1e-9) break;
  }
  return solution;
}
