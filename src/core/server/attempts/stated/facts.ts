// One attempt as those see it who decide about it, without a copy: a window on its row.
import type { StatedRows } from "./rows.js";

/** One attempt as those see it who decide: `at` turns it to another one, so that asking allocates nothing. */
export class StatedFacts {
  readonly #rows: StatedRows;
  #slot = 0;

  constructor(rows: StatedRows) {
    this.#rows = rows;
  }

  at(slot: number): this {
    this.#slot = slot;
    return this;
  }

  get account(): number {
    return this.#rows.account(this.#slot);
  }

  get path(): number {
    return this.#rows.path(this.#slot);
  }

  get model(): number {
    return this.#rows.model(this.#slot);
  }

  get pool(): number {
    return this.#rows.pool(this.#slot);
  }

  get rank(): number {
    return this.#rows.rank(this.#slot);
  }

  get inputTokens(): number {
    return this.#rows.inputTokens(this.#slot);
  }

  get cachedTokens(): number {
    return this.#rows.cachedTokens(this.#slot);
  }

  get maxTokens(): number {
    return this.#rows.maxTokens(this.#slot);
  }
}
