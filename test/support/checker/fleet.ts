// LAW-15: GPUs in use never exceed the inventory, and every GPU-second is in one state; of each type of node, held by
// one pool, free or gone. LAW-1 of money: what pools cost, and what was reserved for nothing, is what the fleet cost. And
// what instances have to do with attempts: one starts where an instance takes it, and an instance that drains stays no
// longer than it holds some; and no more stand by than their warm pool has. Time is added up here, from the states that slots and nodes are in between events.
import {
  type ByInstanceState,
  GPU_STATES,
  INSTANCE_STATES,
  InstanceState,
} from "../../../src/core/base/instance-state.js";
import type { Instant } from "../../../src/core/base/units.js";
import type { Engine } from "../../../src/core/engine/engine.js";
import type { RunResult } from "../../../src/core/results/shape/result.js";
import type { Scenario } from "../../../src/core/scenario/schema.js";
import { Role } from "../../../src/core/server/fleet/roles.js";
import type { Attempt } from "./books.js";
import type { Violations } from "./violations.js";

const TOLERANCE = 1e-9;

/** Of one type of node, in GPU-microseconds. */
interface TypeBooks {
  /** By pool. */
  readonly held: number[];
  free: number;
  gone: number;
}

export class FleetBooks {
  readonly #engine: Engine;
  readonly #found: Violations;
  /** By pool. */
  readonly #gpus: readonly number[];
  readonly #warmPools: readonly number[];
  readonly #seconds: readonly Map<string, number>[];
  readonly #from: number;
  readonly #to: number;
  readonly #types: readonly TypeBooks[];
  #last = 0;

  constructor(engine: Engine, scenario: Scenario, found: Violations) {
    this.#engine = engine;
    this.#found = found;
    this.#gpus = Object.values(scenario.pools).map(({ gpusPerReplica }) => gpusPerReplica);
    this.#warmPools = Object.values(scenario.pools).map(({ warmPool }) => warmPool);
    this.#seconds = this.#gpus.map(() => new Map());
    this.#types = scenario.inventory.types.map(() => ({ held: this.#gpus.map(() => 0), free: 0, gone: 0 }));
    this.#from = scenario.warmup;
    this.#to = engine.until;
  }

  get #fleet() {
    return this.#engine.service.parts.fleet;
  }

  get #inventory() {
    return this.#fleet.inventory;
  }

  get #instances() {
    return this.#fleet.instances;
  }

  /** Until whatever happens at `next`, every slot stays as it is. */
  beforeStep(next: number): void {
    if (next === Number.POSITIVE_INFINITY) return;
    const until = Math.min(next, this.#to);
    const elapsed = until - Math.max(this.#last, this.#from);
    const isOpen = this.#engine.now >= this.#from;
    const isLast = isOpen && this.#last < this.#to && next >= this.#to;
    this.#last = next;
    if (elapsed > 0) this.#add(elapsed);
    if (isLast) this.#compareTypes(until);
  }

  #add(elapsed: number): void {
    for (const [pool, seconds] of this.#seconds.entries()) {
      for (const slot of this.#instances.ofPool(pool)) {
        const state = INSTANCE_STATES[this.#instances.stateOf(slot)]!;
        seconds.set(state, (seconds.get(state) ?? 0) + elapsed * this.#gpus[pool]!);
        const holding = this.#inventory.holdingOf(slot);
        if (holding !== undefined) this.#types[holding.type]!.held[pool]! += elapsed * holding.gpus;
      }
    }
    const { nodes } = this.#inventory;
    for (let node = 0; node < nodes.count; node++) {
      const type = nodes.typeOf(node);
      const { gpusPerNode } = nodes.types[type]!;
      const share = (slot: number) => Math.min(this.#gpus[this.#instances.poolOf(slot)]!, gpusPerNode);
      const held = nodes.instancesOn(node).reduce((sum, slot) => sum + share(slot), 0);
      this.#types[type]![nodes.isGone(node) ? "gone" : "free"] += elapsed * (gpusPerNode - held);
    }
  }

  /** The measured window is over, and nothing has happened at its end yet: what the inventory says of it. */
  #compareTypes(until: number): void {
    const inventory = this.#inventory;
    const end = until as Instant;
    for (const [type, { name, nodes, gpusPerNode }] of inventory.types.entries()) {
      const { held, free, gone } = this.#types[type]!;
      const told = held.map((_, pool) => inventory.heldSeconds(type, pool, end));
      const rest = [inventory.freeSeconds(end, type), inventory.goneSeconds(end, type)];
      const own = [...held, free, gone].map((micros) => micros / 1e6);
      for (const [index, seconds] of [...told, ...rest].entries()) {
        this.#same(`GPU-seconds of ${name}, ${index}`, seconds, own[index]!);
      }
      const all = nodes * gpusPerNode * Math.max(0, until - this.#from);
      this.#exact(`all GPU-seconds of ${name}`, unitsOf([...told, ...rest]), all);
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
    const inventory = this.#inventory;
    let taken = 0;
    for (const [pool, gpus] of this.#gpus.entries()) {
      let standingBy = 0;
      for (const slot of this.#instances.ofPool(pool)) {
        if (this.#fleet.roles.of(slot) === Role.standsBy) standingBy++;
        if (this.#instances.stateOf(slot) === InstanceState.pending) continue;
        taken += gpus;
        if (!this.#fleet.drains(slot)) continue;
        const isBusy = this.#instances.replicaOf(slot).slotsBusy > 0;
        this.#found.expect(isBusy, "LAW-15", now, () => `instance ${slot} is drained, and stays`);
      }
      const most = this.#warmPools[pool]!;
      this.#found.expect(standingBy <= most, "LAW-15", now, () => {
        return `${standingBy} instances stand by, and ${most} are to`;
      });
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
    this.#exact(
      "all GPU-seconds",
      unitsOf(Object.values(fleet.gpuSeconds)),
      fleet.gpus * unitsOf([time.measured]),
    );
    const gone = this.#types.reduce((sum, type) => sum + type.gone, 0);
    this.#same("GPU-seconds gone", fleet.gpuSeconds.gone ?? 0, gone / 1e6);
    this.#compareMoney({ fleet, pools });
  }

  /** LAW-1: to the last micro-dollar, of which a type of node and a pool have whole ones. */
  #compareMoney({ fleet, pools }: Pick<RunResult, "fleet" | "pools">): void {
    const { types } = this.#inventory;
    const costOf = (type: number, micros: number) => {
      const { price } = types[type]!;
      if (micros === 0) return 0;
      return price === undefined ? Number.NaN : Math.round((price * micros) / 3600);
    };
    const isPriced = types.some(({ price }) => price !== undefined);
    const sum = (parts: readonly number[]) => parts.reduce((so, part) => so + part, 0);
    const held = pools.map((_, pool) =>
      sum(this.#types.map((type, index) => costOf(index, type.held[pool]!))),
    );
    const unused = sum(
      this.#types.map(({ free, gone }, index) =>
        types[index]!.market === "reserved" ? costOf(index, free + gone) : 0,
      ),
    );
    const micros = (dollars: number | null | undefined) =>
      dollars === null || dollars === undefined ? Number.NaN : unitsOf([dollars]);
    const own = (cost: number) => (isPriced ? cost : Number.NaN);
    for (const [index, { pool, gpuCost }] of pools.entries())
      this.#money(`cost of ${pool}`, micros(gpuCost), own(held[index]!));
    const isKnown = isPriced && !Number.isNaN(sum(held) + unused);
    const { total, unused: reserved } = fleet.gpuCost ?? {};
    this.#money("cost of reserved GPUs without use", micros(reserved), isKnown ? unused : Number.NaN);
    this.#money("cost of the fleet", micros(total), isKnown ? sum(held) + unused : Number.NaN);
    if (!isKnown) return;
    const parts = [...pools.map(({ gpuCost }) => gpuCost), reserved].map(micros);
    this.#money("cost of the fleet and of its parts", micros(total), sum(parts));
  }

  #money(what: string, told: number, counted: number): void {
    // A price times hours may lie half-way between two units.
    const isClose = Object.is(told, counted) || Math.abs(told - counted) <= (what.includes("parts") ? 0 : 1);
    this.#found.expect(isClose, "LAW-1", this.#to, () => `${what}: ${told} micro-dollars, not ${counted}`);
  }

  #exact(what: string, told: number, counted: number): void {
    this.#found.expect(told === counted, "LAW-15", this.#to, () => {
      return `${what}: ${told} microseconds in all, not ${counted}`;
    });
  }

  #same(what: string, told: number, counted: number): void {
    const isClose = Math.abs(told - counted) <= TOLERANCE * Math.max(1, counted);
    this.#found.expect(isClose, "LAW-15", this.#to, () => `${what}: ${told} in the result, not ${counted}`);
  }
}

/** Whole millionths, added up. */
function unitsOf(parts: readonly number[]): number {
  return parts.reduce((sum, part) => sum + Math.round(part * 1e6), 0);
}

function sumOf(seconds: ByInstanceState): number {
  return Object.values(seconds).reduce((sum, one) => sum + one, 0);
}
