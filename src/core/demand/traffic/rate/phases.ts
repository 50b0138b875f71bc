// Rates one after the other, as load tests write them (Artillery): steps, ramps, spikes and pauses. Knows requests per
// second and times, not what is sent.
import { assert } from "../../../base/assert.js";
import { type Duration, toSeconds } from "../../../base/units.js";
import type { RateTerm } from "./term.js";

export interface Phase {
  readonly duration: Duration;
  /** Requests per second from its beginning on; 0 is a pause. */
  readonly rate: number;
  /** Requests per second at its end, reached in a straight line; as at the beginning where left out. */
  readonly rampTo?: number | undefined;
}

/** After the last phase comes nothing more, or the first again. */
export class PhasesTerm implements RateTerm {
  value = 0;
  slope = 0;
  from = 0;
  until = 0;
  readonly #phases: readonly Phase[];
  readonly #repeat: boolean;
  #index = 0;
  /** In whole microseconds, so that nothing adds up over repetitions. */
  #end = 0 as Duration;

  constructor(phases: readonly Phase[], repeat: boolean) {
    for (const { duration, rate, rampTo = rate } of phases) {
      assert(duration > 0, "a phase lasts some time");
      assert(rate >= 0 && rampTo >= 0, "a rate is never negative");
    }
    this.#phases = phases;
    // Or the search for the next arrival would not end.
    this.#repeat = repeat && phases.some(({ rate, rampTo = rate }) => rate + rampTo > 0);
    this.#open();
  }

  next(): void {
    this.#index++;
    if (this.#index === this.#phases.length && this.#repeat) this.#index = 0;
    this.#open();
  }

  #open(): void {
    const phase = this.#phases[this.#index];
    this.from = this.until;
    if (phase === undefined) {
      this.value = 0;
      this.slope = 0;
      this.until = Number.POSITIVE_INFINITY;
      return;
    }
    const { duration, rate, rampTo = rate } = phase;
    this.#end = (this.#end + duration) as Duration;
    this.value = rate;
    this.slope = (rampTo - rate) / toSeconds(duration);
    this.until = toSeconds(this.#end);
  }
}
