// Programs that send in bursts: a rate that is either on or off, for exponential times (MMPP-2). Knows neither the rate
// nor what arrives.
import { assert } from "../../../base/assert.js";
import { type Duration, toSeconds } from "../../../base/units.js";
import { createDistribution, type Distribution } from "../../../random/distribution.js";
import type { Stream } from "../../../random/stream.js";
import type { RateTerm } from "./term.js";

export interface OnOff {
  /** Mean time for which it sends. */
  readonly on: Duration;
  /** Mean time for which it does not. */
  readonly off: Duration;
}

/** The factor is 0 or (on + off) / on: its mean is 1. It starts stationary, on with probability on / (on + off). */
export class OnOffTerm implements RateTerm {
  readonly slope = 0;
  value = 0;
  from = 0;
  until = 0;
  readonly #on: number;
  readonly #off: number;
  readonly #sojourn: Distribution;
  #isOn: boolean;

  constructor({ on, off }: OnOff, stream: Stream) {
    assert(on > 0 && off >= 0, "what is on and off is on for some time");
    this.#on = toSeconds(on);
    this.#off = toSeconds(off);
    this.#sojourn = createDistribution({ dist: "exponential", mean: 1 }, stream);
    this.#isOn = stream.uniform() * (this.#on + this.#off) < this.#on;
    this.#stay();
  }

  next(): void {
    this.#isOn = !this.#isOn;
    this.#stay();
  }

  #stay(): void {
    this.value = this.#isOn ? (this.#on + this.#off) / this.#on : 0;
    this.from = this.until;
    this.until += this.#sojourn.sample() * (this.#isOn ? this.#on : this.#off);
  }
}

/** What rounding may take from a rank that is a whole number. */
const ROUNDING = 1e-9;

/**
 * Which of `count` ranked accounts are of a kind that a `share` of them is. The ranks are cut into strata of 1 / share,
 * as whole ranks allow (3, 3 and 4 for 0.3), and chance picks one member of each. With a coin flip for every account
 * the share of the load that is on and off would differ much more from seed to seed.
 */
export function onOffMembers(count: number, share: number, stream: Stream): boolean[] {
  assert(share >= 0 && share <= 1, "a share is between 0 and 1");
  const members = new Array<boolean>(count).fill(false);
  if (share === 0) return members;
  let from = 0;
  for (let stratum = 1; from < count; stratum++) {
    const until = Math.floor(stratum / share + ROUNDING);
    // The last stratum may reach beyond the last account: then it may have no member, and the share still holds.
    const member = from + stream.below(until - from);
    if (member < count) members[member] = true;
    from = until;
  }
  return members;
}
