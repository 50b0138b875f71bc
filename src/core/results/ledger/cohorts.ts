// Cohorts of callers: those of one source, of whom every account that is tracked makes one of its own. Sums over cohorts
// are what is told of a source, or of an account. Knows how they are numbered, not who comes when.

export class Cohorts {
  /** Names, in the scenario's order. */
  readonly sources: readonly string[];
  /** Names of the tracked accounts. Each may send through any source. */
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

  /** Of the tracked account with that place in the list, or NONE for all others, as it sends through a source. */
  of(source: number, tracked: number): number {
    return source * this.#width + tracked + 1;
  }

  ofSource(source: number): number[] {
    return Array.from({ length: this.#width }, (_, index) => source * this.#width + index);
  }

  ofAccount(tracked: number): number[] {
    return this.sources.map((_, source) => this.of(source, tracked));
  }
}
