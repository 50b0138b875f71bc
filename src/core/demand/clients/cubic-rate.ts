// The client-side rate limit of the AWS SDKs' "adaptive" mode (smithy-typescript, DefaultRateLimiter.ts): a token
// bucket whose rate follows the CUBIC curve of TCP - cut to 0.7 on throttling, back up to where it was, beyond it
// after that, never above twice what was measured. It does nothing before the first throttling. One of these per
// caller; time starts with the run, when the client was made.
import pow from "@stdlib/math-base-special-pow";
import { type Duration, type Instant, seconds, toSeconds } from "../../base/units.js";

/** What is left of the rate after throttling. */
const BETA = 0.7;
/** Tokens that the bucket holds at least. */
const LEAST_CAPACITY = 1;
/** Tokens per second at least. */
const LEAST_RATE = 0.5;
const SCALE = 0.4;
/** Weight of the newest measurement of the rate. */
const SMOOTH = 0.8;
/** Rates are measured over half seconds. */
const MEASURES_PER_SECOND = 2;
const UNSET = -1;

export class CubicRate {
  #isOn = false;
  #tokens = 0;
  #capacity = LEAST_CAPACITY;
  /** Tokens per second. */
  #rate = LEAST_RATE;
  #filledAt = UNSET;
  #requests = 0;
  /** Requests per second, and when the last measurement of them ended. */
  #measured = 0;
  #measuredAt = 0;
  /** The rate at the last throttling, when that was, and how long after it the curve is back there. */
  #peak = 0;
  #throttledAt = 0;
  #recovery = 0;

  /** Whether a request may leave now; takes its token. */
  take(now: Instant): boolean {
    if (!this.#isOn) return true;
    this.#fill(toSeconds(now));
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }

  /** How long a request waits that did not get a token just now. */
  wait(): Duration {
    return seconds(Math.max(1 - this.#tokens, 0) / this.#rate);
  }

  /** One that has waited leaves whatever has happened in between, as in the original: the bucket may go into debt. */
  takeAfterWait(): void {
    this.#tokens--;
  }

  /** A try ended. */
  observe(throttled: boolean, at: Instant): void {
    const now = toSeconds(at);
    this.#measure(now);
    let rate: number;
    if (throttled) {
      this.#peak = this.#isOn ? Math.min(this.#measured, this.#rate) : this.#measured;
      this.#recovery = precise(pow((this.#peak * (1 - BETA)) / SCALE, 1 / 3));
      this.#throttledAt = now;
      this.#isOn = true;
      rate = precise(this.#peak * BETA);
    } else {
      const late = now - this.#throttledAt - this.#recovery;
      rate = precise(SCALE * late * late * late + this.#peak);
    }
    this.#setRate(Math.min(rate, 2 * this.#measured), now);
  }

  #measure(now: number): void {
    const at = Math.floor(now * MEASURES_PER_SECOND) / MEASURES_PER_SECOND;
    this.#requests++;
    if (at <= this.#measuredAt) return;
    const current = this.#requests / (at - this.#measuredAt);
    this.#measured = precise(current * SMOOTH + this.#measured * (1 - SMOOTH));
    this.#requests = 0;
    this.#measuredAt = at;
  }

  #fill(now: number): void {
    if (this.#filledAt !== UNSET) {
      this.#tokens = Math.min(this.#capacity, this.#tokens + (now - this.#filledAt) * this.#rate);
    }
    this.#filledAt = now;
  }

  #setRate(rate: number, now: number): void {
    this.#fill(now);
    this.#rate = Math.max(rate, LEAST_RATE);
    this.#capacity = Math.max(rate, LEAST_CAPACITY);
    this.#tokens = Math.min(this.#tokens, this.#capacity);
  }
}

/** The original keeps eight decimals. */
function precise(value: number): number {
  return Math.round(value * 1e8) / 1e8;
}
