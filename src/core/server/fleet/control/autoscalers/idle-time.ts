// How long a pool has had nothing to do, as far as its samples show: no sequence in the queue or inside, and no attempt
// that arrived, shed ones included. What those that go to zero and come back go by.
import { type Duration, NO_TIME, since } from "../../../../base/units.js";
import type { ScalingSample, ScalingView } from "./view.js";

export class IdleTime {
  /** Whether there was something to do when it last looked, or since it had looked before. */
  isActive = false;
  #seen: ScalingSample | undefined;
  #lastActive: ScalingSample | undefined;

  /** Up to the latest sample; counts from the first at which it looked. */
  look({ latest }: ScalingView): Duration {
    this.isActive = latest.queued + latest.running > 0 || latest.arrived > (this.#seen ?? latest).arrived;
    this.#seen = latest;
    if (this.isActive) this.#lastActive = latest;
    this.#lastActive ??= latest;
    return this.isActive ? NO_TIME : since(latest.asOf, this.#lastActive.asOf);
  }
}
