// What a fleet tells whoever watches it, for results: it changes nothing by that.
import type { RunEventDetail, RunEventKind } from "../../base/run-event.js";
import type { Instant } from "../../base/units.js";

export interface FleetObserver {
  /** A pool has more or less capacity than before, or holds more or fewer GPUs. */
  changed?(pool: number, now: Instant): void;
  /** A pool wants another number of replicas than before. */
  resized?(pool: number, before: number, wanted: number, now: Instant): void;
  /** An instance of a pool takes requests, that was wanted at an earlier instant. */
  started?(pool: number, wantedAt: Instant, now: Instant): void;
  /** Something has happened to a pool, or to no single one, that belongs into a history. */
  happened?(kind: RunEventKind, pool: number | undefined, now: Instant, detail?: RunEventDetail): void;
}
