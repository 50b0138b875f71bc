// How often the number of replicas that a pool wants went up and down, and how often it turned round. A flap is a
// change against the direction of the one before, no more than ten minutes after it (ours: the longest of the usual
// windows of autoscalers, whose work it undoes). Knows numbers and instants.
import { type Duration, type Instant, NEVER, seconds, since } from "../base/units.js";

/** The longest time between two changes that are a flap. */
const FLAP_HORIZON: Duration = seconds(600);

export class ScaleChanges {
  ups = 0;
  downs = 0;
  flaps = 0;
  #isUp = false;
  #at: Instant = NEVER;

  /** The wanted number changes. */
  change(before: number, wanted: number, now: Instant): void {
    const isUp = wanted > before;
    if (isUp) this.ups++;
    else this.downs++;
    if (this.#at !== NEVER && isUp !== this.#isUp && since(now, this.#at) <= FLAP_HORIZON) this.flaps++;
    this.#isUp = isUp;
    this.#at = now;
  }

  /** Counts from now on; a change that follows may still turn round one before. */
  reset(): void {
    this.ups = 0;
    this.downs = 0;
    this.flaps = 0;
  }
}
