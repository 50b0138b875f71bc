// What several runs measured, as one set of values in order, each counted as often as its run stands for. Knows values
// and how often they came; not what was measured.
import { assert } from "../base/assert.js";
import type { Ranking } from "./ranked-values.js";

/** What one run measured, and for how many runs drawn at random it stands. */
export interface PooledPart {
  readonly ranking: Ranking;
  readonly factor: number;
}

export class PooledValues {
  readonly parts: readonly PooledPart[];
  /** Of all values together. */
  readonly weight: number;
  /** Ascending; one that several parts have stands there several times. */
  readonly #values: Float64Array;

  constructor(parts: readonly PooledPart[]) {
    this.parts = parts;
    this.#values = inOrder(parts);
    this.weight = this.#upTo(Number.POSITIVE_INFINITY);
  }

  get isExact(): boolean {
    return this.parts.every(({ ranking }) => ranking.isExact);
  }

  /** The least value up to which at least the share `p` of all lies. NaN without values. */
  quantile(p: number): number {
    assert(p >= 0 && p <= 1, "a quantile's share is from 0 to 1");
    const wanted = p * this.weight;
    let [from, until] = [0, this.#values.length - 1];
    while (from < until) {
      const middle = (from + until) >>> 1;
      if (this.#upTo(this.#values[middle]!) >= wanted) until = middle;
      else from = middle + 1;
    }
    return this.#values[from] ?? Number.NaN;
  }

  /** What all up to a value weigh: counted where it is asked, since few of very many values are. */
  #upTo(value: number): number {
    let weight = 0;
    for (const { ranking, factor } of this.parts) weight += factor * ranking.upTo(value);
    return weight;
  }
}

function inOrder(parts: readonly PooledPart[]): Float64Array {
  const length = parts.reduce((sum, { ranking }) => sum + ranking.values.length, 0);
  const all = new Float64Array(length);
  let place = 0;
  for (const { ranking } of parts) {
    all.set(ranking.values, place);
    place += ranking.values.length;
  }
  return all.sort();
}
