// The GPUs of a region: how many there are, how many instances hold, and how long the others have been free.
import { assert } from "../../base/assert.js";
import { type Instant, START } from "../../base/units.js";
import { ExactTime } from "./exact-time.js";

export class Inventory {
  readonly gpus: number;
  #taken = 0;
  readonly #free = new ExactTime();
  #now: Instant = START;

  constructor(gpus: number) {
    this.gpus = gpus;
  }

  /** GPUs that instances hold. */
  get taken(): number {
    return this.#taken;
  }

  /** Takes them, if there are so many; says whether. */
  take(gpus: number, now: Instant): boolean {
    if (this.#taken + gpus > this.gpus) return false;
    this.#advance(now);
    this.#taken += gpus;
    return true;
  }

  giveBack(gpus: number, now: Instant): void {
    this.#advance(now);
    this.#taken -= gpus;
    assert(this.#taken >= 0, "LAW-15: what is given back was taken");
  }

  /** Times count from now on. */
  reset(now: Instant): void {
    this.#advance(now);
    this.#free.reset();
  }

  /** GPU-seconds that no instance has held, until an instant that is not before the last change. */
  freeSeconds(until: Instant): number {
    this.#advance(until);
    return this.#free.seconds();
  }

  #advance(now: Instant): void {
    assert(now >= this.#now, "LAW-2: the times of GPUs never run back");
    this.#free.add(this.gpus - this.#taken, now - this.#now);
    this.#now = now;
  }
}
