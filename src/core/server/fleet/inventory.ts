// The GPUs of a region: how many there are, and how many instances hold. Knows counts.
import { assert } from "../../base/assert.js";

export class Inventory {
  readonly gpus: number;
  #taken = 0;

  constructor(gpus: number) {
    this.gpus = gpus;
  }

  /** GPUs that instances hold. */
  get taken(): number {
    return this.#taken;
  }

  /** Takes them, if there are so many; says whether. */
  take(gpus: number): boolean {
    if (this.#taken + gpus > this.gpus) return false;
    this.#taken += gpus;
    return true;
  }

  giveBack(gpus: number): void {
    this.#taken -= gpus;
    assert(this.#taken >= 0, "LAW-15: what is given back was taken");
  }
}
