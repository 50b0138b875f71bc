// The prompt of one attempt as those see it who look for a place for it, without a copy: a window on its row. How long
// the answer will be is not in it (LAW-6).
import type { Prompt } from "../../../api/wire.js";
import type { StatedRows } from "./rows.js";

/** A prompt to find a place for. */
export interface StatedPrompt extends Readonly<Prompt> {
  /** Shed rank of the path: where memory runs out, the highest is preempted first. */
  readonly rank: number;
}

/** Turned to another attempt by `at`. */
export class AttemptPrompt implements StatedPrompt {
  readonly #rows: StatedRows;
  protected slot = 0;

  constructor(rows: StatedRows) {
    this.#rows = rows;
  }

  at(slot: number): this {
    this.slot = slot;
    return this;
  }

  get inputTokens(): number {
    return this.#rows.inputTokens(this.slot);
  }

  get cachedTokens(): number {
    return this.#rows.certainTokens(this.slot);
  }

  get rank(): number {
    return this.#rows.rank(this.slot);
  }

  get prefix(): number {
    return this.#rows.prefix(this.slot);
  }

  get prefixTokens(): number {
    return this.#rows.prefixTokens(this.slot);
  }

  get session(): number {
    return this.#rows.session(this.slot);
  }

  get sharedTokens(): number {
    return this.#rows.sharedTokens(this.slot);
  }
}
