// LAW-15: GPUs in use never exceed the inventory, and every GPU-second is in one state. And what instances have to do with
// attempts: one starts where an instance takes it, and an instance that drains stays no longer than it holds some. Time
// is added up here, from the states that slots are in between events.
import {
  type ByInstanceState,
  GPU_STATES,
  INSTANCE_STATES,
  InstanceState,
} from "../../../src/core/base/instance-state.js";
import type { Engine } from "../../../src/core/engine/engine.js";
import type { RunResult } from "../../../src/core/results/shape/result.js";
import type { Scenario } from "../../../src/core/scenario/schema.js";
import type { Attempt } from "./books.js";
import type { Violations } from "./violations.js";

const TOLERANCE = 1e-9;

export class FleetBooks {
  readonly #engine: Engine;
  readonly #found: Violations;
  /** By pool. */
  readonly #gpus: readonly number[];
  readonly #seconds: readonly Map<string, number>[];
  readonly #from: number;
  readonly #to: number;
  #last = 0;

  constructor(engine: Engine, scenario: Scenario, found: Violations) {
    this.#engine = engine;
    this.#found = found;
    this.#gpus = Object.values(scenario.pools).map(({ gpusPerReplica }) => gpusPerReplica);
    this.#seconds = this.#gpus.map(() => new Map());
    this.#from = scenario.warmup;
    this.#to = engine.until;
  }

  get #fleet() {
    return this.#engine.service.parts.fleet;
  }

  get #instances() {
    return this.#fleet.instances;
  }

  /** Until whatever happens at `next`, every slot stays as it is. */
  beforeStep(next: number): void {
    if (next === Number.POSITIVE_INFINITY) return;
    const elapsed = Math.min(next, this.#to) - Math.max(this.#last, this.#from);
    this.#last = next;
    if (elapsed <= 0) return;
    for (const [pool, seconds] of this.#seconds.entries()) {
      for (const slot of this.#instances.ofPool(pool)) {
        const state = INSTANCE_STATES[this.#instances.stateOf(slot)]!;
        seconds.set(state, (seconds.get(state) ?? 0) + elapsed * this.#gpus[pool]!);
      }
    }
  }

  started(attempt: Attempt, now: number): void {
    const { replica, pool, request } = attempt;
    const state = this.#instances.stateOf(replica);
    // Of one that hangs nobody may know.
    const isTaking = state === InstanceState.ready || state === InstanceState.hung;
    const isRight = isTaking && !this.#fleet.drains(replica) && this.#instances.poolOf(replica) === pool;
    this.#found.expect(isRight, "LAW-3", now, () => {
      return `request ${request} started on an instance that is ${INSTANCE_STATES[state]}`;
    });
  }

  settled(now: number): void {
    const { inventory } = this.#fleet;
    let taken = 0;
    for (const [pool, gpus] of this.#gpus.entries()) {
      for (const slot of this.#instances.ofPool(pool)) {
        if (this.#instances.stateOf(slot) !== InstanceState.pending) taken += gpus;
        if (!this.#fleet.drains(slot)) continue;
        const isBusy = this.#instances.replicaOf(slot).slotsBusy > 0;
        this.#found.expect(isBusy, "LAW-15", now, () => `instance ${slot} is drained, and stays`);
      }
    }
    this.#found.expect(taken <= inventory.gpus && taken === inventory.taken, "LAW-15", now, () => {
      return `${taken} GPUs in use, ${inventory.taken} taken of ${inventory.gpus}`;
    });
  }

  finish({ fleet, pools, time }: RunResult): void {
    if (time.measured === 0) return;
    this.beforeStep(this.#from + Math.round(time.measured * 1e6));
    const all = new Map<string, number>();
    for (const [index, { pool, gpuSeconds, gpus }] of pools.entries()) {
      const own = this.#seconds[index]!;
      for (const state of GPU_STATES) {
        const seconds = (own.get(state) ?? 0) / 1e6;
        this.#same(`GPU-seconds of ${pool} ${state}`, gpuSeconds[state] ?? 0, seconds);
        all.set(state, (all.get(state) ?? 0) + seconds);
      }
      this.#same(`GPUs of ${pool}`, gpus * time.measured, sumOf(gpuSeconds));
    }
    for (const state of GPU_STATES) {
      this.#same(`GPU-seconds ${state}`, fleet.gpuSeconds[state] ?? 0, all.get(state) ?? 0);
    }
    this.#same("all GPU-seconds", sumOf(fleet.gpuSeconds), fleet.gpus * time.measured);
  }

  #same(what: string, told: number, counted: number): void {
    const isClose = Math.abs(told - counted) <= TOLERANCE * Math.max(1, counted);
    this.#found.expect(isClose, "LAW-15", this.#to, () => `${what}: ${told} in the result, not ${counted}`);
  }
}

function sumOf(seconds: ByInstanceState): number {
  return Object.values(seconds).reduce((sum, one) => sum + one, 0);
}
