// A distribution of which each value stands for a share of the whole, and a part of the whole, the largest values, is
// not known: what an estimate from incomplete lives gives. Knows nothing of how the shares were found.

import type { RankedValues } from "./ranked-values.js";

export interface WeightedValue {
  readonly value: number;
  /** Of the whole, above 0. */
  readonly share: number;
}

export class WeightedDistribution {
  readonly #values: readonly WeightedValue[];
  readonly #known: number;
  readonly #unknown: number;
  /** Observations that it rests on. */
  readonly count: number;

  /** Values from the least to the largest; `unknown` is a share of the same whole. */
  constructor(values: readonly WeightedValue[], unknown: number, count: number) {
    this.#values = values;
    this.#known = values.reduce((sum, { share }) => sum + share, 0);
    this.#unknown = unknown;
    this.count = count;
  }

  /** In order, what is not known beyond all bounds: together as many as it rests on. */
  ranked(): RankedValues {
    const each = this.count / (this.#known + this.#unknown);
    const all = [...this.#values, { value: Number.POSITIVE_INFINITY, share: this.#unknown }];
    const known = all.filter(({ share }) => share > 0);
    return {
      values: Float64Array.from(known, ({ value }) => value),
      counts: Float64Array.from(known, ({ share }) => share * each),
    };
  }

  get minimum(): number | null {
    return this.#values[0]?.value ?? null;
  }

  get maximum(): number | null {
    return this.#values.at(-1)?.value ?? null;
  }

  /**
   * What is not known counts as the largest value that is, which makes the mean a little too low; null where that is a
   * larger share of the whole than `mostUnknown`.
   */
  meanUpTo(mostUnknown: number): number | null {
    const whole = this.#known + this.#unknown;
    const { maximum } = this;
    if (maximum === null || this.#unknown > mostUnknown * whole) return null;
    const sum = this.#values.reduce((total, { value, share }) => total + value * share, 0);
    return (sum + maximum * this.#unknown) / whole;
  }

  /** The least value that the share `p` of the whole does not exceed; null where that is among the unknown ones. */
  quantile(p: number): number | null {
    const level = p * (this.#known + this.#unknown);
    let below = 0;
    for (const { value, share } of this.#values) {
      below += share;
      if (below >= level) return value;
    }
    return null;
  }
}
