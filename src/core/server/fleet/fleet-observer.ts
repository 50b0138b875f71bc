// What a fleet tells its observers, for results: it changes nothing by that. What is told while a fault acts is
// told as its doing.
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

export class FleetObservers implements FleetObserver {
  readonly #all: FleetObserver[] = [];
  /** Where the scenario names the fault that acts now. */
  cause: string | undefined;

  add(observer: FleetObserver): void {
    this.#all.push(observer);
  }

  changed(pool: number, now: Instant): void {
    for (const observer of this.#all) observer.changed?.(pool, now);
  }

  started(pool: number, wantedAt: Instant, now: Instant): void {
    for (const observer of this.#all) observer.started?.(pool, wantedAt, now);
  }

  happened(kind: RunEventKind, pool: number | undefined, now: Instant, detail?: RunEventDetail): void {
    const { cause } = this;
    const told = cause === undefined ? detail : { ...detail, by: cause };
    for (const observer of this.#all) observer.happened?.(kind, pool, now, told);
  }
}
