// The fleet: the pools of a region, the instances in them, and the inventory of GPUs that these live off. It brings an
// instance up, drains it and takes it away, keeps pool and table in step, and hands back what a lost instance held.
// Knows slots; who decides how many there should be is a controller's business, and what becomes of requests the
// service's.
import { assert } from "../../base/assert.js";
import { InstanceState } from "../../base/instance-state.js";
import type { Instant } from "../../base/units.js";
import type { EventQueue } from "../../kernel/event-queue.js";
import type { ReplicaMaker } from "../replica/engine.js";
import type { HaltedSequence, ReplicaListener, ReplicaWork } from "../replica/replica.js";
import { Instances } from "./instances.js";
import { Inventory } from "./inventory.js";
import { NOWHERE } from "./load-index.js";
import type { Pool } from "./pool.js";

/** A pool with what its instances are. */
export interface FleetPool {
  readonly pool: Pool;
  readonly maker: ReplicaMaker;
  readonly gpusPerReplica: number;
}

export interface FleetOptions {
  readonly pools: readonly FleetPool[];
  /** In the inventory. */
  readonly gpus: number;
  readonly events: EventQueue;
  /** Of the events of a replica; their subject is its slot, which is also its place among those of one instant. */
  readonly kind: number;
  readonly listener: ReplicaListener;
}

export class Fleet {
  readonly pools: readonly Pool[];
  readonly instances: Instances;
  readonly inventory: Inventory;
  readonly #options: FleetOptions;
  #changed: (pool: number, now: Instant) => void = () => undefined;

  constructor(options: FleetOptions) {
    this.#options = options;
    this.pools = options.pools.map(({ pool }) => pool);
    this.instances = new Instances(options.pools.length);
    this.inventory = new Inventory(options.gpus);
  }

  /** Told from now on when a pool has more or less capacity than before, or holds more or fewer GPUs. */
  watch(changed: (pool: number, now: Instant) => void): void {
    this.#changed = changed;
  }

  /** GPUs that an instance of a pool takes. */
  gpusPerReplica(pool: number): number {
    return this.#options.pools[pool]!.gpusPerReplica;
  }

  /** What all replicas that a pool ever had have done. */
  workOf(pool: number): ReplicaWork {
    return this.#options.pools[pool]!.maker.work;
  }

  /** An instance that is ready at once: its slot, or NOWHERE if there are no GPUs for it. */
  launch(pool: number, now: Instant): number {
    if (!this.inventory.take(this.gpusPerReplica(pool), now)) return NOWHERE;
    const slot = this.instances.next(pool);
    this.#bringUp(slot, now);
    return slot;
  }

  /** An instance takes no more requests, and leaves as soon as it is empty. */
  drain(slot: number, now: Instant): void {
    const { instances } = this;
    instances.move(slot, InstanceState.draining, now);
    this.#poolOf(slot).drain(instances.leafOf(slot), now);
    this.#leaveIfEmpty(slot, now);
  }

  /** One that drains takes requests again. */
  recall(slot: number, now: Instant): void {
    const { instances } = this;
    instances.move(slot, InstanceState.ready, now);
    this.#poolOf(slot).recall(instances.leafOf(slot), now);
  }

  /** An instance is lost with all that is inside: hands back the sequences, which have left it. It keeps its GPUs. */
  lose(slot: number, now: Instant): readonly HaltedSequence[] {
    const { instances } = this;
    const pool = this.#poolOf(slot);
    pool.renewCopy(now);
    const halted = instances.replicaOf(slot).halt(now);
    for (const _ of halted) pool.left();
    this.#takeDown(slot, InstanceState.lost, now);
    return halted;
  }

  /** A lost instance is repaired: a fresh one stands in its slot. */
  restore(slot: number, now: Instant): void {
    this.instances.move(slot, InstanceState.free, now);
    this.#bringUp(slot, now);
  }

  /** A lost instance is repaired and not wanted any more: its GPUs are given back. */
  dismiss(slot: number, now: Instant): void {
    this.#free(slot, now);
    this.#changed(this.instances.poolOf(slot), now);
  }

  /** The alarm of a replica has come. Returns whether its pool may have room that it did not have before. */
  wake(slot: number, now: Instant): boolean {
    const { instances } = this;
    const pool = this.#poolOf(slot);
    pool.renewCopy(now);
    const hasRoom = instances.replicaOf(slot).wake(now);
    if (instances.stateOf(slot) === InstanceState.ready) pool.changed(instances.leafOf(slot));
    else this.#leaveIfEmpty(slot, now);
    return hasRoom;
  }

  /** A replica may be more or less loaded than before, or have more or fewer places. */
  changed(slot: number, now: Instant): void {
    const { instances } = this;
    if (instances.stateOf(slot) === InstanceState.draining) this.#leaveIfEmpty(slot, now);
    else this.#poolOf(slot).changed(instances.leafOf(slot));
  }

  #poolOf(slot: number): Pool {
    return this.pools[this.instances.poolOf(slot)]!;
  }

  #bringUp(slot: number, now: Instant): void {
    const { instances } = this;
    const pool = instances.poolOf(slot);
    const { events, kind, listener, pools } = this.#options;
    const replica = pools[pool]!.maker.create({ events, kind, subject: slot }, listener);
    instances.move(slot, InstanceState.ready, now);
    instances.install(slot, replica, this.pools[pool]!.add(slot, replica, now));
    this.#changed(pool, now);
  }

  #leaveIfEmpty(slot: number, now: Instant): void {
    const replica = this.instances.replicaOf(slot);
    if (replica.slotsBusy > 0) return;
    const halted = replica.halt(now);
    assert(halted.length === 0, "an instance that leaves is empty");
    this.#takeDown(slot, InstanceState.free, now);
  }

  /** What is up in a slot has stopped and leaves its pool. */
  #takeDown(slot: number, state: InstanceState, now: Instant): void {
    const { instances } = this;
    this.#poolOf(slot).remove(instances.leafOf(slot), now);
    instances.uninstall(slot);
    if (state === InstanceState.free) this.#free(slot, now);
    else instances.move(slot, state, now);
    this.#changed(instances.poolOf(slot), now);
  }

  #free(slot: number, now: Instant): void {
    this.instances.move(slot, InstanceState.free, now);
    this.inventory.giveBack(this.gpusPerReplica(this.instances.poolOf(slot)), now);
  }
}
