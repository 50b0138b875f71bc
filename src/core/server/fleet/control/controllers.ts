// The controllers of a fleet on the clock: each has one event, for when it acts next; at one instant they act in the
// order of the list. Where one found too few GPUs, all act again as soon as some are given back. Knows when they act,
// not what they do.
import { assert } from "../../../base/assert.js";
import { type Instant, NEVER, START } from "../../../base/units.js";
import { type EventHandle, type EventQueue, NO_EVENT } from "../../../kernel/event-queue.js";
import { Phase } from "../../../kernel/phase.js";
import type { Fleet } from "../fleet.js";
import type { Controller } from "./controller.js";

export interface ControllersOptions {
  readonly fleet: Fleet;
  readonly controllers: readonly Controller[];
  readonly events: EventQueue;
  /** Of their events, whose subject is the controller's place in the list. */
  readonly kind: number;
}

export class Controllers {
  readonly #options: ControllersOptions;
  readonly #events: EventHandle[];
  readonly #times: Instant[];
  /** How many outages the control plane is in. */
  #outages = 0;

  /** They act for the first time at the start of the run. */
  constructor(options: ControllersOptions) {
    this.#options = options;
    this.#events = options.controllers.map(() => NO_EVENT);
    this.#times = options.controllers.map(() => NEVER);
    for (const index of options.controllers.keys()) this.#plan(index, START);
    options.fleet.whenFreed((now) => {
      for (const index of options.controllers.keys()) this.#plan(index, now);
    });
  }

  /** The event of a controller has come. */
  act(index: number, now: Instant): void {
    this.#events[index] = NO_EVENT;
    this.#times[index] = NEVER;
    if (this.#outages > 0) return;
    const next = this.#options.controllers[index]!.act(now);
    assert(next > now, "a controller acts once at an instant");
    this.#plan(index, next);
  }

  /** The control plane is down: nothing acts. */
  goesDown(): void {
    this.#outages++;
  }

  comesUp(now: Instant): void {
    this.#outages--;
    assert(this.#outages >= 0, "a control plane that comes up was down");
    if (this.#outages === 0) for (const index of this.#options.controllers.keys()) this.#plan(index, now);
  }

  /** No later than that. */
  #plan(index: number, at: Instant): void {
    if (at >= this.#times[index]!) return;
    const { events, kind } = this.#options;
    if (this.#events[index] !== NO_EVENT) events.cancel(this.#events[index]!);
    this.#events[index] = events.scheduleInPlace(at, Phase.control, index, kind, index);
    this.#times[index] = at;
  }
}
