// How many instances of a pool are in each state, and how long they have been, added up over all of them: the time that
// GPU-seconds are made of. Knows states and instants.
import { assert } from "../../base/assert.js";
import {
  type ByInstanceState,
  GPU_STATES,
  INSTANCE_STATES,
  InstanceState,
} from "../../base/instance-state.js";
import { type Instant, START } from "../../base/units.js";
import { ExactTime } from "./exact-time.js";

const HOLDING = GPU_STATES.map((name) => InstanceState[name]);

export class StateTimes {
  readonly #counts = new Int32Array(INSTANCE_STATES.length);
  readonly #times = INSTANCE_STATES.map(() => new ExactTime());
  #now: Instant = START;

  /** Instances that are in a state; free ones are not counted. */
  count(state: InstanceState): number {
    return this.#counts[state]!;
  }

  /** Instances that are in any of these states. */
  countOf(states: readonly InstanceState[]): number {
    return states.reduce<number>((sum, state) => sum + this.count(state), 0);
  }

  /** Instances that hold GPUs. */
  get holding(): number {
    return this.countOf(HOLDING);
  }

  move(from: InstanceState, to: InstanceState, now: Instant): void {
    this.#advance(now);
    if (from !== InstanceState.free) this.#counts[from]!--;
    if (to !== InstanceState.free) this.#counts[to]!++;
  }

  /** Times count from now on. */
  reset(now: Instant): void {
    this.#advance(now);
    for (const time of this.#times) time.reset();
  }

  /** By state, of instances of so many GPUs each, until an instant that is not before the last change. */
  gpuSeconds(gpus: number, until: Instant): ByInstanceState {
    this.#advance(until);
    const seconds = GPU_STATES.map(
      (name) => [name, this.#times[InstanceState[name]]!.seconds(gpus)] as const,
    );
    return Object.fromEntries(seconds.filter(([, value]) => value > 0));
  }

  /** Instance-seconds in a state, likewise. */
  seconds(state: InstanceState, until: Instant): number {
    this.#advance(until);
    return this.#times[state]!.seconds();
  }

  #advance(now: Instant): void {
    const elapsed = now - this.#now;
    assert(elapsed >= 0, "LAW-2: the times of states never run back");
    if (elapsed === 0) return;
    this.#now = now;
    for (let state = 0; state < this.#counts.length; state++) {
      if (this.#counts[state]! > 0) this.#times[state]!.add(this.#counts[state]!, elapsed);
    }
  }
}
