// How long a run goes on in which requests wait and nothing happens but samples, control, faults and starts: until
// every plan that could bring capacity has had its time. Beyond that no replica will ever be up. Knows a scenario's
// times only.
import { type Duration, type Instant, START, since } from "../base/units.js";
import { longestTime } from "../random/time-distribution.js";
import type { Scenario } from "../scenario/schema.js";
import { outFor } from "../server/fleet/faults/registry.js";
import { ServerEvent } from "../server/service/event-kinds.js";
import type { ServiceParts } from "../server/service/service-parts.js";

type Autoscaler = NonNullable<Scenario["pools"][string]["autoscaler"]>;

/** All times among the words of an autoscaler, added up. Other numbers are taken for microseconds: next to nothing. */
function timesIn(words: unknown): number {
  if (typeof words === "number") return words;
  if (typeof words !== "object" || words === null) return 0;
  return Object.values(words).reduce((sum: number, word) => sum + timesIn(word), 0);
}

/** After which it would say the same for ever, of a pool in which nothing happens. */
function settlesWithin(autoscaler: Autoscaler): number {
  if (autoscaler.algorithm === "schedule") {
    const { steps: _, ...knobs } = autoscaler;
    return timesIn(knobs);
  }
  // One wait may follow on another that began before it: panic, say, and the grace before zero.
  const own = 2 * timesIn(autoscaler);
  return autoscaler.algorithm === "predictive" ? own + autoscaler.minObservations * autoscaler.interval : own;
}

/** When the last thing is due that a scenario plans once: models come or go, outages end, the clock has a step. */
export function lastPlanned({ pools, paths, outages }: Scenario): Instant {
  const lives = Object.values(paths).flatMap(({ launch = START, retire = START }) => [launch, retire]);
  const steps = Object.values(pools).flatMap(({ autoscaler }) =>
    autoscaler?.algorithm === "schedule" ? autoscaler.steps.map(({ at }) => at) : [],
  );
  const ends = outages.map(({ from, for: lasts }) => from + lasts);
  return Math.max(START, ...lives, ...steps, ...ends) as Instant;
}

/** Since the last thing that happened, or that was planned. */
export function idleLimit({ pools, faults, inventory }: Scenario): Duration {
  const controlled = Object.values(pools).map(({ autoscaler }) => autoscaler && settlesWithin(autoscaler));
  const broken = Object.values(faults).flatMap((fault) => outFor(fault).map(longestTime));
  return [...controlled, ...broken, inventory.retry].reduce<number>(
    (sum, one) => sum + (one ?? 0),
    0,
  ) as Duration;
}

/** Without any work in between: what breaks again within microseconds would keep a run going for hours. */
const MOST_FAULTS = 100_000;

/**
 * For how long nothing has happened in a run but samples, control, faults and starts. It is told of those alone, with
 * the number of all events so far: others are work, and cost nothing here. So is what runs inside a replica, which may
 * go on for long without an event.
 */
export class IdleWatch {
  readonly #limit: Duration;
  readonly #lastPlanned: Instant;
  /** Events up to the last one that was no work. */
  #counted = 0;
  /** When it was last told of anything that came after work. */
  #workedAt: Instant = START;
  #faults = 0;

  constructor(scenario: Scenario) {
    this.#limit = idleLimit(scenario);
    this.#lastPlanned = lastPlanned(scenario);
  }

  /** The latest of so many events is no work; `isServing`: whether any is under way meanwhile. */
  rests(kind: number, events: number, isServing: boolean, now: Instant): void {
    if (isServing || this.#hasWorked(events - 1)) {
      this.#workedAt = now;
      this.#faults = 0;
    }
    this.#counted = events;
    if (kind === ServerEvent.fault) this.#faults++;
    // It has come further, and may be lost again before it serves anybody.
    if (kind === ServerEvent.start) this.#workedAt = now;
  }

  /** Whether something breaks so often that no start and no repair lasts. */
  isVainAt(next: Instant, events: number): boolean {
    return !this.#hasWorked(events) && next > this.#lastPlanned && this.#faults > MOST_FAULTS;
  }

  /** Whether, if no more happens before then, that has been longer than any plan. */
  isLongAt(next: Instant, events: number): boolean {
    if (this.#hasWorked(events)) return false;
    return since(next, Math.max(this.#workedAt, this.#lastPlanned) as Instant) > this.#limit;
  }

  /** Whether all that comes, of so many events, are a sample, control and faults, for longer than any plan. */
  isIdleAt(
    next: Instant,
    events: number,
    pending: number,
    { controllers, faults, fleet }: Pick<ServiceParts, "controllers" | "faults" | "fleet">,
  ): boolean {
    const isVain = this.isVainAt(next, events);
    if (!isVain && !this.isLongAt(next, events)) return false;
    const starts = isVain ? fleet.instances.starting : 0;
    return pending <= 1 + controllers.planned + faults.planned + starts;
  }

  #hasWorked(events: number): boolean {
    return events > this.#counted;
  }
}
