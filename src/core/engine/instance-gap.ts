// How far what a pool has is from what its load needs, as an integral over time: instances that are missing (lag), and
// instances that are ready and not needed (overshoot). Exact, and cheap to tell the same again. Knows numbers and
// instants.
import { assert } from "../base/assert.js";
import { type Instant, START } from "../base/units.js";
import { ExactTime } from "../server/fleet/exact-time.js";

/** Replicas of so many slots that hold all that runs and waits. */
export const replicasNeeded = (load: number, slots: number): number => Math.ceil(load / slots);

export class InstanceGap {
  readonly #slots: number;
  #ready: number;
  /** Loads above the one and up to the other need as many instances as now. */
  #above = -1;
  #upTo = 0;
  #missing = 0;
  #spare = 0;
  readonly #missingTime = new ExactTime();
  readonly #spareTime = new ExactTime();
  readonly #shortTime = new ExactTime();
  #now: Instant = START;

  /** Sequences that one replica serves at once, and instances that are ready at the start. */
  constructor(slots: number, ready: number) {
    this.#slots = slots;
    this.#ready = ready;
    this.#spare = ready;
  }

  /** Instances that the load needs and that are not ready. */
  get missing(): number {
    return this.#missing;
  }

  /** Whether nothing changes by a load, in sequences that run or wait, with so many instances ready. */
  isSame(load: number, ready: number): boolean {
    return load > this.#above && load <= this.#upTo && ready === this.#ready;
  }

  set(load: number, ready: number, now: Instant): void {
    this.#advance(now);
    const needed = replicasNeeded(load, this.#slots);
    this.#above = needed === 0 ? -1 : (needed - 1) * this.#slots;
    this.#upTo = needed * this.#slots;
    this.#ready = ready;
    this.#missing = Math.max(0, needed - ready);
    this.#spare = Math.max(0, ready - needed);
  }

  /** Times count from now on. */
  reset(now: Instant): void {
    this.#advance(now);
    for (const time of [this.#missingTime, this.#spareTime, this.#shortTime]) time.reset();
  }

  /** Instance-seconds that were missing and that were not needed, and seconds in which any was missing. */
  seconds(until: Instant): { readonly missing: number; readonly spare: number; readonly short: number } {
    this.#advance(until);
    return {
      missing: this.#missingTime.seconds(),
      spare: this.#spareTime.seconds(),
      short: this.#shortTime.seconds(),
    };
  }

  #advance(now: Instant): void {
    const elapsed = now - this.#now;
    assert(elapsed >= 0, "LAW-2: the times of a pool never run back");
    this.#now = now;
    if (this.#missing > 0) {
      this.#missingTime.add(this.#missing, elapsed);
      this.#shortTime.add(1, elapsed);
    }
    if (this.#spare > 0) this.#spareTime.add(this.#spare, elapsed);
  }
}
