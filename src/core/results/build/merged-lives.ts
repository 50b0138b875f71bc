// The lives of the sessions of a source in all replications, as one book: what it shows, and how far that may be off by
// what it shows without each of them. A mean of what they show one by one would be too low: a short run does not see
// what old sessions do. Knows books and how their runs were chosen, not what is read from them.
import type { RatioEstimate } from "../../stats/ratio.js";
import { type LivesData, type SessionEstimate, SessionLives } from "../../stats/session-lives.js";
import { type Design, designedError } from "../../stats/stratified-ratio.js";

export class MergedLives {
  readonly estimate: SessionEstimate;
  readonly #parts: readonly LivesData[];
  readonly #factors: readonly number[];
  readonly #design: Design;
  /** Found once, whatever is read from them. */
  #withoutEach: readonly SessionEstimate[] | undefined;

  /** One part of each replication, in their order, and for how many chosen at random it stands. */
  constructor(parts: readonly LivesData[], factors: readonly number[], design: Design) {
    this.#parts = parts;
    this.#factors = factors;
    this.#design = design;
    this.estimate = this.#without(-1);
  }

  /**
   * What is read from all of them, and its error by the jackknife (Efron and Stein, Annals of Statistics 9, 1981): how
   * far replication i, which stands for f of n, pulls it is (n - f) / f times how far it moves without that one. Null
   * where they do not tell; an infinite error where only one of them does.
   */
  read(of: (estimate: SessionEstimate) => number | null): Omit<RatioEstimate, "n"> | null {
    const value = of(this.estimate);
    if (value === null) return null;
    const n = this.#parts.length;
    this.#withoutEach ??= this.#parts.map((_, index) => this.#without(index));
    const pulls = this.#withoutEach.map((estimate, index) => {
      const [without, factor] = [of(estimate), this.#factors[index]!];
      return without === null ? null : ((value - without) * (n - factor)) / factor;
    });
    const known = pulls.filter((pull) => pull !== null);
    if (known.length < n) return { value, error: Number.POSITIVE_INFINITY, freedom: 1 };
    return { value, ...designedError(known, this.#design) };
  }

  #without(left: number): SessionEstimate {
    const lives = new SessionLives();
    for (const [index, part] of this.#parts.entries()) {
      if (index !== left) lives.add(part, this.#factors[index]!);
    }
    return lives.estimate();
  }
}
