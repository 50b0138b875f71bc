// Flash events: now and then an account sends a multiple of its rate for a while. Off unless asked for. Knows neither
// the rate nor what arrives.
import { assert } from "../../../base/assert.js";
import { type Duration, toSeconds } from "../../../base/units.js";
import { createDistribution, type Distribution } from "../../../random/distribution.js";
import type { Stream } from "../../../random/stream.js";
import { lognormalTime } from "../../../random/time-distribution.js";
import type { RateTerm } from "./term.js";

export interface Flash {
  /** Mean time from the end of an event to the next of the same account: the fleet's, times the number of accounts. */
  readonly every: Duration;
  /** The rate is multiplied by something in between, all equally likely. */
  readonly factorFrom: number;
  readonly factorTo: number;
  /** How long it lasts: log-normal, or without spread constant, of this median and deviation of the logarithm. */
  readonly median: Duration;
  readonly sigma: number;
}

/** Unlike the other terms it adds load: its mean is above 1. A run starts without an event. */
export class FlashTerm implements RateTerm {
  readonly slope = 0;
  value = 1;
  from = 0;
  until: number;
  readonly #flash: Flash;
  readonly #stream: Stream;
  readonly #calm: Distribution;
  readonly #length: Distribution;
  #isOn = false;

  constructor(flash: Flash, stream: Stream) {
    const { every, factorFrom, factorTo, median, sigma } = flash;
    assert(every > 0, "flash events have some time between them");
    assert(factorFrom >= 0 && factorTo >= factorFrom, "factors of a flash event go up");
    this.#flash = flash;
    this.#stream = stream;
    this.#calm = createDistribution({ dist: "exponential", mean: toSeconds(every) }, stream);
    this.#length = createDistribution(lognormalTime(toSeconds(median), sigma), stream);
    this.until = this.#calm.sample();
  }

  next(): void {
    const { factorFrom, factorTo } = this.#flash;
    this.#isOn = !this.#isOn;
    this.value = this.#isOn ? factorFrom + (factorTo - factorFrom) * this.#stream.uniform() : 1;
    this.from = this.until;
    this.until += this.#isOn ? this.#length.sample() : this.#calm.sample();
  }
}
