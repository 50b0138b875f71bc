// The prefills of a replica: its sequences, in order of admission, and what of each one step does. Knows chunks and the
// token budget; memory and time are others' business.
import { assert } from "../../../base/assert.js";
import type { Sequence } from "./sequence.js";

/** Of a step: tokens, their area and their prior context (see profile/step-profile.ts). */
export interface PrefillLoad {
  tokens: number;
  area: number;
  prior: number;
  /** Tokens of their context that come back from the host first. */
  loading: number;
}

export class Prefills {
  readonly sequences: Sequence[] = [];
  /** Context that they will have when done. */
  contextTokens = 0;

  get count(): number {
    return this.sequences.length;
  }

  find(id: number): Sequence | undefined {
    return this.sequences.find((sequence) => sequence.id === id);
  }

  add(sequence: Sequence): void {
    this.sequences.push(sequence);
    this.contextTokens += sequence.prefillContext;
  }

  remove(sequence: Sequence): void {
    this.sequences.splice(this.sequences.indexOf(sequence), 1);
    this.contextTokens -= sequence.prefillContext;
  }

  /**
   * Shares out what the decoding sequences leave of the token budget, and says what that makes. May be asked again
   * before the step ends.
   */
  plan(budget: number, load: PrefillLoad): void {
    assert(budget > 0, "a waiting prefill finds room in the token budget");
    let left = budget;
    let area = 0;
    let prior = 0;
    let loading = 0;
    for (const sequence of this.sequences) {
      const chunk = Math.min(left, sequence.prompt - sequence.prefilled);
      sequence.chunk = chunk;
      left -= chunk;
      if (chunk === 0) continue;
      area += chunk * (sequence.prefilled + (chunk + 1) / 2);
      prior += sequence.prefilled;
      loading += sequence.loading;
    }
    load.tokens = budget - left;
    load.area = area;
    load.prior = prior;
    load.loading = loading;
  }

  /** The planned step is over: the prefills that it has ended go into `finished`, in order. */
  endStep(finished: Sequence[]): void {
    let kept = 0;
    for (const sequence of this.sequences) {
      if (sequence.chunk > 0) sequence.loading = 0;
      sequence.prefilled += sequence.chunk;
      sequence.chunk = 0;
      if (sequence.prefilled < sequence.prompt) this.sequences[kept++] = sequence;
      else {
        this.contextTokens -= sequence.prefillContext;
        finished.push(sequence);
      }
    }
    while (this.sequences.length > kept) this.sequences.pop();
  }
}
