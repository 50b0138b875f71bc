// Cohorts of callers, a number each: those of one source that send for one tracked account, or for none. A request
// knows its cohort, and the ledger by it where it counts. Knows names and numbers, not who comes when.

export class Cohorts {
  /** Names, in the scenario's order; one at least. */
  readonly sources: readonly string[];
  /** Names of the accounts that are tracked by themselves. Each may send through any source. */
  readonly accounts: readonly string[];
  readonly #width: number;

  constructor(sources: readonly string[], accounts: readonly string[] = []) {
    this.sources = sources;
    this.accounts = accounts;
    this.#width = accounts.length + 1;
  }

  get count(): number {
    return this.sources.length * this.#width;
  }

  /** Of a source and of the tracked account with that place in the list, NONE for all others. */
  of(source: number, tracked: number): number {
    return source * this.#width + tracked + 1;
  }

  /** By cohort: its source. */
  sourceOfEach(): Int32Array {
    return Int32Array.from({ length: this.count }, (_, cohort) => Math.floor(cohort / this.#width));
  }

  /** By cohort: its tracked account, or NONE. */
  trackedOfEach(): Int32Array {
    return Int32Array.from({ length: this.count }, (_, cohort) => (cohort % this.#width) - 1);
  }
}
