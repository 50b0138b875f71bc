// What an engine has scheduled that works one step ahead: while a step runs, the next one is decided already, so that
// the GPU need not wait for the CPU. What joins during a step is in the step after the next; what leaves is in the next
// one all the same, and its rows there are computed for nothing. Here is what steps still hold of sequences that have
// left. Steps are numbered from 1 in the order in which they start; knows rows, and no time.

/** A prefill that a step still goes on with, though its sequence has left. */
export interface DepartedPrefill {
  /** Its place in the order of prefills: see Prefills. */
  readonly ticket: number;
  readonly prefilled: number;
  readonly prompt: number;
}

const NONE: readonly DepartedPrefill[] = [];

export class Departed {
  /** The last step that has any: of those before it nothing is asked any more. */
  #step = 0;
  #rows = 0;
  #context = 0;
  #prefills: DepartedPrefill[] = [];

  /** A step still decodes a sequence that has so much context. */
  addRow(step: number, context: number): void {
    this.#turnTo(step);
    this.#rows++;
    this.#context += context;
  }

  addPrefill(step: number, prefill: DepartedPrefill): void {
    this.#turnTo(step);
    const later = this.#prefills.findIndex(({ ticket }) => ticket > prefill.ticket);
    this.#prefills.splice(later < 0 ? this.#prefills.length : later, 0, prefill);
  }

  isIn(step: number): boolean {
    return step === this.#step;
  }

  rowsIn(step: number): number {
    return step === this.#step ? this.#rows : 0;
  }

  contextIn(step: number): number {
    return step === this.#step ? this.#context : 0;
  }

  /** In the order of prefills. */
  prefillsIn(step: number): readonly DepartedPrefill[] {
    return step === this.#step ? this.#prefills : NONE;
  }

  #turnTo(step: number): void {
    if (step === this.#step) return;
    this.#step = step;
    this.#rows = 0;
    this.#context = 0;
    this.#prefills = [];
  }
}
