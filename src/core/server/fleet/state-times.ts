// How many instances of a pool are in each state, and how long they have been, added up over all of them: the time that
// GPU-seconds are made of. Exact, whatever the fleet and however long the run. Knows states and instants.
import { assert } from "../../base/assert.js";
import { type Instant, MICROS_PER_SECOND, START } from "../../base/units.js";
import { INSTANCE_STATES, InstanceState, type InstanceStateName } from "./instance-state.js";

const STATES = INSTANCE_STATES.length;

export class StateTimes {
  readonly #counts = new Int32Array(STATES);
  // In whole seconds, and microseconds below one: a large fleet over weeks is more microseconds than a double counts.
  readonly #seconds = new Float64Array(STATES);
  readonly #micros = new Float64Array(STATES);
  #now: Instant = START;

  /** Instances that are in a state; of free ones nobody keeps count. */
  count(state: InstanceState): number {
    return this.#counts[state]!;
  }

  move(from: InstanceState, to: InstanceState, now: Instant): void {
    this.#advance(now);
    if (from !== InstanceState.free) this.#counts[from]!--;
    if (to !== InstanceState.free) this.#counts[to]!++;
  }

  /** Times count from now on. */
  reset(now: Instant): void {
    this.#advance(now);
    this.#seconds.fill(0);
    this.#micros.fill(0);
  }

  /** Times the GPUs of an instance: seconds by state, until an instant that is not before the last change. */
  gpuSeconds(gpus: number, until: Instant): Partial<Record<InstanceStateName, number>> {
    this.#advance(until);
    const times = INSTANCE_STATES.map((name, state) => {
      const rest = (this.#micros[state]! * gpus) / MICROS_PER_SECOND;
      return [name, this.#seconds[state]! * gpus + rest] as const;
    });
    return Object.fromEntries(times.filter(([, seconds]) => seconds > 0));
  }

  #advance(now: Instant): void {
    const elapsed = now - this.#now;
    assert(elapsed >= 0, "LAW-2: the times of states never run back");
    if (elapsed === 0) return;
    this.#now = now;
    const rest = elapsed % MICROS_PER_SECOND;
    const whole = (elapsed - rest) / MICROS_PER_SECOND;
    for (let state = 0; state < STATES; state++) {
      const count = this.#counts[state]!;
      if (count === 0) continue;
      const micros = this.#micros[state]! + count * rest;
      const below = micros % MICROS_PER_SECOND;
      this.#micros[state] = below;
      this.#seconds[state]! += count * whole + (micros - below) / MICROS_PER_SECOND;
    }
  }
}
