// The prefills of a replica: its sequences, in order of admission, and what of each one step does. Knows chunks and the
// token budget; memory and time are others' business.
import { assert } from "../../../base/assert.js";
import type { Sequence } from "./sequence.js";
import type { DepartedPrefill } from "./step-ahead.js";

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
  /** Of the next step to be planned: only those are in it that joined before so many steps had started. */
  before = Number.POSITIVE_INFINITY;
  /** Of that step, too: what it still does for sequences that have left. */
  departed: readonly DepartedPrefill[] = [];
  #joins = 0;

  get count(): number {
    return this.sequences.length;
  }

  find(id: number): Sequence | undefined {
    return this.sequences.find((sequence) => sequence.id === id);
  }

  add(sequence: Sequence): void {
    sequence.ticket = this.#joins++;
    this.sequences.push(sequence);
    this.contextTokens += sequence.prefillContext;
  }

  remove(sequence: Sequence): void {
    this.sequences.splice(this.sequences.indexOf(sequence), 1);
    this.contextTokens -= sequence.prefillContext;
  }

  /** Whether the next step to be planned has any, or still has of one that has left. */
  get areDue(): boolean {
    return (this.sequences.length > 0 && this.sequences[0]!.joined < this.before) || this.departed.length > 0;
  }

  /**
   * Shares out what the decoding sequences leave of the token budget, and says what that makes. May be asked again
   * before the step ends.
   */
  plan(budget: number, load: PrefillLoad): void {
    assert(budget > 0, "a waiting prefill finds room in the token budget");
    if (this.before < Number.POSITIVE_INFINITY || this.departed.length > 0) {
      this.#planAhead(budget, load);
      return;
    }
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

  /** The same where some are not in the step yet, or have left. */
  #planAhead(budget: number, load: PrefillLoad): void {
    const { departed, before } = this;
    load.tokens = 0;
    load.area = 0;
    load.prior = 0;
    let gone = 0;
    for (const sequence of this.sequences) {
      for (; gone < departed.length && departed[gone]!.ticket < sequence.ticket; gone++)
        take(departed[gone]!, budget, load);
      // Those that are not in the step yet came last.
      sequence.chunk = sequence.joined < before ? take(sequence, budget, load) : 0;
    }
    for (; gone < departed.length; gone++) take(departed[gone]!, budget, load);
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

/** What is left of the budget goes to a prefill, as far as it can use that: returns the tokens. */
function take(
  { prefilled, prompt }: Pick<Sequence, "prefilled" | "prompt">,
  budget: number,
  load: PrefillLoad,
): number {
  const chunk = Math.min(budget - load.tokens, prompt - prefilled);
  if (chunk === 0) return 0;
  load.tokens += chunk;
  load.area += chunk * (prefilled + (chunk + 1) / 2);
  load.prior += prefilled;
  return chunk;
}
