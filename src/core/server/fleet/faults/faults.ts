// The faults of a fleet on the clock: each has one event, for when it acts next. Knows when they act, not what they do.
import { assert } from "../../../base/assert.js";
import { type Instant, NEVER } from "../../../base/units.js";
import type { EventQueue } from "../../../kernel/event-queue.js";
import { Phase } from "../../../kernel/phase.js";
import type { FleetObservers } from "../fleet-observer.js";
import { type Fault, Toll } from "./fault.js";

export interface NamedFault {
  /** Its place in the scenario. */
  readonly name: string;
  readonly fault: Fault;
}

export interface FaultsOptions {
  readonly faults: readonly NamedFault[];
  /** Told that what happens while a fault acts is its doing. */
  readonly observers: Pick<FleetObservers, "cause">;
  readonly events: EventQueue;
  /** Of their events, whose subject is the fault's place in the list. */
  readonly kind: number;
}

/** Before the run begins nothing is due. */
const BEFORE_ALL = -1 as Instant;

export class Faults {
  readonly #options: FaultsOptions;
  readonly #toll = new Toll();
  /** How many of them have an event in the queue. */
  planned = 0;

  constructor(options: FaultsOptions) {
    this.#options = options;
    for (const [index, { fault }] of options.faults.entries())
      this.#plan(index, fault.act(BEFORE_ALL, this.#toll));
    assert(this.#toll.pools.size === 0, "nothing is broken before a run begins");
  }

  /** The event of a fault has come. What it has done is valid until the next one. */
  act(index: number, now: Instant): Toll {
    this.planned--;
    this.#toll.clear();
    const { faults, observers } = this.#options;
    const { name, fault } = faults[index]!;
    observers.cause = name;
    const next = fault.act(now, this.#toll);
    observers.cause = undefined;
    assert(next > now, "a fault acts once at an instant");
    this.#plan(index, next);
    return this.#toll;
  }

  #plan(index: number, at: Instant): void {
    const { events, kind } = this.#options;
    if (at === NEVER) return;
    events.schedule(at, Phase.fault, kind, index);
    this.planned++;
  }
}
