// How long so many GPUs have been one thing or another, as their number changes: exact GPU-seconds. Knows numbers and
// instants.
import { assert } from "../../base/assert.js";
import { type Instant, START } from "../../base/units.js";
import { ExactTime } from "./exact-time.js";

export class GpuTime {
  #gpus: number;
  readonly #time = new ExactTime();
  #now: Instant = START;

  constructor(gpus = 0) {
    this.#gpus = gpus;
  }

  get gpus(): number {
    return this.#gpus;
  }

  change(by: number, now: Instant): void {
    this.#advance(now);
    this.#gpus += by;
    assert(this.#gpus >= 0, "LAW-15: what is given back was taken");
  }

  /** Times count from now on. */
  reset(now: Instant): void {
    this.#advance(now);
    this.#time.reset();
  }

  /** Until an instant that is not before the last change. */
  seconds(until: Instant): number {
    this.#advance(until);
    return this.#time.seconds();
  }

  #advance(now: Instant): void {
    assert(now >= this.#now, "LAW-2: the times of GPUs never run back");
    this.#time.add(this.#gpus, now - this.#now);
    this.#now = now;
  }
}
