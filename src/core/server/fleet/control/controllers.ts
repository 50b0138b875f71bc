// The controllers of a fleet on the clock: each has one event, for when it acts next; at one instant they act in the
// order of the list, and after them, where instances wait for GPUs or are to be replaced, those are supplied. While the
// control plane is down none acts that is a part of it, and all do as soon as it is up again. Knows when they act, not
// what they do.
import { assert } from "../../../base/assert.js";
import { type Instant, NEVER, START } from "../../../base/units.js";
import { type EventHandle, type EventQueue, NO_EVENT } from "../../../kernel/event-queue.js";
import { Phase } from "../../../kernel/phase.js";
import type { Sizing } from "../sizing.js";
import type { Controller } from "./controller.js";

export interface ControllersOptions {
  readonly sizing: Sizing;
  readonly controllers: readonly Controller[];
  readonly events: EventQueue;
  /** Of their events, whose subject is the controller's place in the list. */
  readonly kind: number;
}

export class Controllers {
  readonly #options: ControllersOptions;
  readonly #all: readonly Controller[];
  readonly #events: EventHandle[];
  readonly #times: Instant[];
  /** How many outages the control plane is in. */
  #outages = 0;
  /** How many of them have an event in the queue. */
  planned = 0;

  /** They act for the first time at the start of the run. */
  constructor(options: ControllersOptions) {
    const { sizing, controllers } = options;
    this.#options = options;
    this.#all = [...controllers, { act: (now) => sizing.supply(now) }];
    this.#events = this.#all.map(() => NO_EVENT);
    this.#times = this.#all.map(() => NEVER);
    for (const index of controllers.keys()) this.#plan(index, START);
    sizing.whenDue((at) => this.#plan(controllers.length, at));
  }

  /** The event of a controller has come. */
  act(index: number, now: Instant): void {
    this.#events[index] = NO_EVENT;
    this.#times[index] = NEVER;
    this.planned--;
    const controller = this.#all[index]!;
    if (this.#outages > 0 && controller.isApart !== true) return;
    const next = controller.act(now);
    assert(next > now, "a controller acts once at an instant");
    this.#plan(index, next);
  }

  /** The control plane is down: nothing acts that is a part of it. */
  goesDown(): void {
    this.#outages++;
  }

  comesUp(now: Instant): void {
    this.#outages--;
    assert(this.#outages >= 0, "a control plane that comes up was down");
    if (this.#outages === 0) for (const index of this.#all.keys()) this.#plan(index, now);
  }

  /** No later than that. */
  #plan(index: number, at: Instant): void {
    if (at >= this.#times[index]!) return;
    const { events, kind } = this.#options;
    if (this.#events[index] === NO_EVENT) this.planned++;
    else events.cancel(this.#events[index]!);
    this.#events[index] = events.scheduleInPlace(at, Phase.control, index, kind, index);
    this.#times[index] = at;
  }
}
