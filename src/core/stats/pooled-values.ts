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
  /** Different ones, ascending, and what all up to each weigh. */
  readonly #values: Float64Array;
  readonly #upTo: Float64Array;

  constructor(parts: readonly PooledPart[]) {
    this.parts = parts;
    this.#values = differentValues(parts);
    this.#upTo = new Float64Array(this.#values.length);
    const cursors = parts.map(({ ranking }) => ranking.cursor());
    for (let place = 0; place < this.#values.length; place++) {
      let weight = 0;
      for (let part = 0; part < parts.length; part++) {
        weight += parts[part]!.factor * cursors[part]!.upTo(this.#values[place]!);
      }
      this.#upTo[place] = weight;
    }
    this.weight = this.#upTo.at(-1) ?? 0;
  }

  get isExact(): boolean {
    return this.parts.every(({ ranking }) => ranking.isExact);
  }

  /** The least value up to which at least the share `p` of all lies. NaN without values. */
  quantile(p: number): number {
    assert(p >= 0 && p <= 1, "a quantile's share is from 0 to 1");
    const wanted = p * this.weight;
    let [from, until] = [0, this.#upTo.length - 1];
    while (from < until) {
      const middle = (from + until) >>> 1;
      if (this.#upTo[middle]! >= wanted) until = middle;
      else from = middle + 1;
    }
    return this.#values[from] ?? Number.NaN;
  }
}

function differentValues(parts: readonly PooledPart[]): Float64Array {
  const length = parts.reduce((sum, { ranking }) => sum + ranking.values.length, 0);
  const all = new Float64Array(length);
  let place = 0;
  for (const { ranking } of parts) {
    all.set(ranking.values, place);
    place += ranking.values.length;
  }
  all.sort();
  return all.filter((value, index) => index === 0 || value !== all[index - 1]);
}
