// What a fleet tells whoever watches it, for results: it changes nothing by that.
import type { Instant } from "../../base/units.js";

export interface FleetObserver {
  /** A pool has more or less capacity than before, or holds more or fewer GPUs. */
  changed(pool: number, now: Instant): void;
  /** A pool wants another number of replicas than before. */
  resized?(pool: number, before: number, wanted: number, now: Instant): void;
  /** An instance of a pool takes requests, that was wanted at an earlier instant. */
  started?(pool: number, wantedAt: Instant, now: Instant): void;
  /** There are no GPUs for an instance of a pool. */
  short?(pool: number, now: Instant): void;
}
