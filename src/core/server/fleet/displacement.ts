// Which pools give up instances for which others, and which instances: those that make room for what waits, and no
// more. What stands by goes first, then what is missed least, and no pool is left fewer than its least. While a pool
// waits for what is about to be free none that it may displace gets GPUs that it could use. Knows slots; how many a
// pool wants is sizing.ts.
import { InstanceState } from "../../base/instance-state.js";
import type { Fleet } from "./fleet.js";
import type { Instances } from "./instances.js";
import { Role } from "./roles.js";
import { givenUp, Room } from "./room.js";

const { pending, ready, hung, lost } = InstanceState;

export class Displacement {
  /** Each pool behind those that may displace it; otherwise those first that displace any. */
  readonly order: readonly number[];
  readonly #fleet: Fleet;
  /** By pool: those that it may displace, and those that may displace it. */
  readonly #below: readonly (readonly number[])[];
  readonly #above: readonly (readonly number[])[];
  /** By pool: whether all that leaves makes room for none of those that wait. */
  readonly #inVain: boolean[];

  /** `displaces`: by pool, the first first; none in a circle. */
  constructor(fleet: Fleet, displaces: readonly (readonly number[])[]) {
    const pools = [...fleet.pools.keys()];
    this.#fleet = fleet;
    this.#below = pools.map((pool) => displaces[pool] ?? []);
    this.#above = pools.map((pool) => pools.filter((other) => this.#below[other]!.includes(pool)));
    this.#inVain = pools.map(() => false);
    this.order = this.#inOrder(pools);
  }

  #inOrder(pools: readonly number[]): readonly number[] {
    const order = new Set<number>();
    const visit = (pool: number) => {
      for (const other of this.#above[pool]!) if (!order.has(other)) visit(other);
      order.add(pool);
    };
    for (const pool of pools) if (this.#below[pool]!.length > 0) visit(pool);
    for (const pool of pools) visit(pool);
    return [...order];
  }

  /** Whether another pool may take instances of this one. */
  canBeDisplaced(pool: number): boolean {
    return this.#above[pool]!.length > 0;
  }

  /** Instances of a pool that wait for GPUs. */
  waitingOf(pool: number): number {
    return this.#fleet.instances.times[pool]!.count(pending);
  }

  /** Whether a pool waits for GPUs that may displace this one, and is to get some. */
  isClaimed(pool: number): boolean {
    return this.#above[pool]!.some((other) => this.#isNext(other));
  }

  #isNext(pool: number): boolean {
    return this.waitingOf(pool) > 0 && !this.#inVain[pool]!;
  }

  /** Types of nodes whose GPUs a pool may have now. */
  typesFor(pool: number): readonly number[] {
    const next = this.#above[pool]!.filter((other) => this.#isNext(other));
    return typesBeside(this.#fleet, pool, next);
  }

  /**
   * Slots of what others are to give up for those of a pool that wait, `spareOf` says how many serving ones of each at
   * most. What is to leave by then, asleep or not, counts as room, unless others wait for it.
   */
  toGiveUp(pool: number, spareOf: (other: number) => number): readonly number[] {
    const waiting = this.waitingOf(pool);
    if (waiting === 0 || this.#below[pool]!.length === 0) return [];
    const { instances, roles } = this.#fleet;
    const room = this.#roomFor(pool);
    const candidates = this.#below[pool]!.flatMap((other) => {
      const slots = [...instances.ofPool(other)].filter((slot) => room.isOf(slot));
      for (const slot of slots) if (roles.of(slot) === Role.leaves) room.leaves(slot);
      const serving = slots.filter((slot) => roles.of(slot) === Role.serves);
      const spare = leastMissed(serving, instances).slice(0, Math.max(0, spareOf(other)));
      return [...slots.filter((slot) => roles.of(slot) === Role.standsBy), ...spare];
    });
    for (const other of this.order) {
      if (other === pool || this.#below[other]!.length === 0) continue;
      for (let left = this.waitingOf(other); left > 0; left--)
        room.comes(this.#fleet.gpusPerReplica(other), this.#fleet.nodeTypesOf(other));
    }
    const given = givenUp(room, waiting, candidates);
    this.#inVain[pool] = room.fits === 0;
    return given;
  }

  #roomFor(pool: number): Room {
    const { inventory } = this.#fleet;
    return new Room(inventory, this.#fleet.gpusPerReplica(pool), this.#fleet.nodeTypesOf(pool));
  }
}

/** Types of a pool's nodes on which none of the others may stand. */
export function typesBeside(fleet: Fleet, pool: number, others: readonly number[]): readonly number[] {
  const isTheirs = (type: number) => others.some((other) => fleet.nodeTypesOf(other).includes(type));
  return fleet.nodeTypesOf(pool).filter((type) => !isTheirs(type));
}

/**
 * Those that are not up yet first, those without GPUs before all; then what is lost, as it serves no request, unless an
 * outage keeps it out; and of equals the last. That one hangs is not known.
 */
export function leastMissed(slots: readonly number[], instances: Instances): readonly number[] {
  const rank = (slot: number) => {
    const state = instances.stateOf(slot);
    if (state === pending) return 0;
    if (state === ready || state === hung || instances.isKeptOut(slot)) return 3;
    return state === lost ? 2 : 1;
  };
  return [...slots].sort((one, other) => rank(one) - rank(other) || other - one);
}
