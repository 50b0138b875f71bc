// What happens to a fleet while it runs, as a short list for a result: what its pools want, what breaks and is mended,
// and what it tells by itself. Only watches, up to the end of the measured window.
import type { RunEventDetail, RunEventKind } from "../base/run-event.js";
import type { Instant } from "../base/units.js";
import { RunEvents } from "../results/ledger/run-events.js";
import { type RunEvent, runEventOf } from "../results/shape/run-events.js";
import type { Fleet } from "../server/fleet/fleet.js";
import type { Sizing } from "../server/fleet/sizing.js";

/** What is known from the start, such as the launch of a model. */
export interface PlannedEvent {
  readonly kind: RunEventKind;
  readonly pool: number;
  readonly at: Instant;
  readonly detail?: RunEventDetail;
}

export class EventRecord {
  readonly #events = new RunEvents();
  readonly #pools: readonly string[];
  #windowClosed = false;

  constructor(fleet: Fleet, sizing: Sizing) {
    this.#pools = fleet.pools.map(({ name }) => name);
    fleet.watch({ happened: (...told) => this.#add(...told) });
    sizing.watch({
      resized: (pool, before, after, now) =>
        this.#add(after > before ? "scale-up" : "scale-down", pool, now, { before, after }),
    });
  }

  windowCloses(): void {
    this.#windowClosed = true;
  }

  /** In order of time, with what was planned and has come. Call once, at the end. */
  list(planned: readonly PlannedEvent[]): RunEvent[] {
    for (const { kind, pool, at, detail } of planned) this.#events.add(kind, pool, at, detail);
    return this.#events.list().map((entry) => runEventOf(entry, this.#pools));
  }

  #add(kind: RunEventKind, pool: number | undefined, now: Instant, detail?: RunEventDetail): void {
    if (!this.#windowClosed) this.#events.add(kind, pool, now, detail);
  }
}
