// How many requests came of each level of importance, and where to cut them so that so many stay on the side of what
// matters. For policies that refuse by a level: rank first, then a number that the account draws. Levels are whole
// numbers from 0, which matters most; a cut is a real number, and inside one level it leaves part of it to chance.
import { mixed } from "../../../base/mixed.js";

export class LevelHistogram {
  readonly levels: number;
  readonly #counts: Int32Array;
  #total = 0;

  constructor(levels: number) {
    this.levels = levels;
    this.#counts = new Int32Array(levels);
  }

  get total(): number {
    return this.#total;
  }

  add(level: number): void {
    this.#counts[level]!++;
    this.#total++;
  }

  remove(level: number): void {
    this.#counts[level]!--;
    this.#total--;
  }

  clear(): void {
    this.#counts.fill(0);
    this.#total = 0;
  }

  /**
   * Where `count` of those counted, from 0 up, lie below, taken as spread evenly over [level, level + 1): the number of
   * levels where that is all of them or more.
   */
  cut(count: number): number {
    if (count >= this.#total) return this.levels;
    let below = 0;
    for (let level = 0; level < this.levels; level++) {
      const here = this.#counts[level]!;
      if (below + here > count) return level + (count - below) / here;
      below += here;
    }
    return this.levels;
  }
}

/** A number below `cohorts` that is the account's for as long as the salt is the same: no chance is needed for it. */
export function cohortOf(account: number, salt: number, cohorts: number): number {
  return (mixed(mixed(account) ^ salt) >>> 0) % cohorts;
}
