// The fleet: the pools of a region, the instances in them, and the inventory of GPUs that these live off. It brings an
// instance up, drains it and takes it away, keeps pool and table in step, and hands back what a lost instance held.
// Knows slots; who decides how many there should be is a controller's business, and what becomes of requests the
// service's.
import { assert } from "../../base/assert.js";
import { InstanceState } from "../../base/instance-state.js";
import { type Instant, START } from "../../base/units.js";
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
  #freed: (now: Instant) => void = () => undefined;
  /** Whether an instance could not be launched for want of GPUs since some were last given back. */
  #isShort = false;
  /** Slots of lost instances that are not wanted any more once they are repaired. */
  readonly #retired = new Set<number>();
  /** Slots of instances that hang and drain at once: their state is the former, since nobody may know of it. */
  readonly #stuck = new Set<number>();

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

  /** Told from now on when GPUs are given back that were wanted before. */
  whenFreed(freed: (now: Instant) => void): void {
    this.#freed = freed;
  }

  /** GPUs that an instance of a pool takes. */
  gpusPerReplica(pool: number): number {
    return this.#options.pools[pool]!.gpusPerReplica;
  }

  /** What all replicas that a pool ever had have done. */
  workOf(pool: number): ReplicaWork {
    return this.#options.pools[pool]!.maker.work;
  }

  /** What a run begins with: it has always been there. */
  begin(pool: number, replicas: number): void {
    for (let count = 0; count < replicas; count++) {
      assert(this.#launch(pool, START) !== NOWHERE, "LAW-15: a run begins with no more GPUs than there are");
    }
  }

  /** An instance that is ready at once: its slot, or NOWHERE if there are no GPUs for it. */
  launch(pool: number, now: Instant): number {
    this.pools[pool]!.renewCopy(now);
    return this.#launch(pool, now);
  }

  #launch(pool: number, now: Instant): number {
    if (!this.inventory.take(this.gpusPerReplica(pool), now)) {
      this.#isShort = true;
      return NOWHERE;
    }
    const slot = this.instances.next(pool);
    this.#bringUp(slot, now);
    return slot;
  }

  /** An instance takes no more requests, and leaves as soon as it is empty. */
  drain(slot: number, now: Instant): void {
    const { instances } = this;
    const pool = this.#poolOf(slot);
    pool.renewCopy(now);
    if (this.#isHung(slot)) this.#stuck.add(slot);
    else instances.move(slot, InstanceState.draining, now);
    pool.drain(instances.leafOf(slot));
    this.#leaveIfEmpty(slot, now);
  }

  /** One that drains takes requests again. */
  recall(slot: number, now: Instant): void {
    const { instances } = this;
    const pool = this.#poolOf(slot);
    pool.renewCopy(now);
    if (!this.#stuck.delete(slot)) instances.move(slot, InstanceState.ready, now);
    pool.recall(instances.leafOf(slot));
  }

  /**
   * What is up in a slot works at that share of its speed from now on; at 0 it hangs, and takes requests as before. See
   * `Replica.setSpeed`.
   */
  setSpeed(slot: number, speed: number, now: Instant): void {
    const { instances } = this;
    assert(instances.isUp(slot), "only what is up has a speed");
    this.#poolOf(slot).renewCopy(now);
    instances.replicaOf(slot).setSpeed(speed, now);
    instances.noteSpeed(slot, speed);
    if (speed === 0) this.#hang(slot, now);
    else if (this.#isHung(slot)) this.#goOn(slot, now);
  }

  #hang(slot: number, now: Instant): void {
    if (this.#isHung(slot)) return;
    if (this.drains(slot)) this.#stuck.add(slot);
    this.instances.move(slot, InstanceState.hung, now);
  }

  #goOn(slot: number, now: Instant): void {
    const isStuck = this.#stuck.delete(slot);
    this.instances.move(slot, isStuck ? InstanceState.draining : InstanceState.ready, now);
  }

  /** Whether what is up in a slot takes no more requests, and leaves as soon as it is empty; it may hang, too. */
  drains(slot: number): boolean {
    const state = this.instances.stateOf(slot);
    return state === InstanceState.draining || (state === InstanceState.hung && this.#stuck.has(slot));
  }

  /** An instance is lost with all that is inside: hands back the sequences, which have left it. It keeps its GPUs. */
  lose(slot: number, now: Instant): readonly HaltedSequence[] {
    const { instances } = this;
    const pool = this.#poolOf(slot);
    // One that was about to leave does not come back.
    if (!this.#isWanted(slot)) this.#retired.add(slot);
    this.#stuck.delete(slot);
    pool.renewCopy(now);
    const halted = instances.replicaOf(slot).halt(now);
    for (const _ of halted) pool.left();
    this.#takeDown(slot, InstanceState.lost, now);
    return halted;
  }

  /** A lost instance is repaired: a fresh one stands in its slot, or, where none is wanted, its GPUs are given back. */
  repair(slot: number, now: Instant): void {
    if (this.#retired.delete(slot)) {
      this.#free(slot, now);
      this.#changed(this.instances.poolOf(slot), now);
    } else {
      this.#poolOf(slot).renewCopy(now);
      this.instances.move(slot, InstanceState.free, now);
      this.#bringUp(slot, now);
    }
  }

  /**
   * Brings a pool to so many instances, those included that are lost and will be repaired: more by taking back what
   * drains and by launching, as far as there are GPUs; fewer by letting the last ones go.
   */
  resize(pool: number, replicas: number, now: Instant): void {
    const slots = [...this.instances.ofPool(pool)];
    const wanted = slots.filter((slot) => this.#isWanted(slot));
    for (const slot of wanted.slice(replicas).reverse()) this.#letGo(slot, now);
    let missing = replicas - wanted.length;
    for (const slot of slots) {
      if (missing <= 0) return;
      if (this.#isWanted(slot)) continue;
      this.#takeBack(slot, now);
      missing--;
    }
    for (; missing > 0; missing--) if (this.launch(pool, now) === NOWHERE) return;
  }

  /** The alarm of a replica has come. Returns whether its pool may have room that it did not have before. */
  wake(slot: number, now: Instant): boolean {
    this.#poolOf(slot).renewCopy(now);
    const hasRoom = this.instances.replicaOf(slot).wake(now);
    this.changed(slot, now);
    return hasRoom;
  }

  /** A replica may be more or less loaded than before, or have more or fewer places. */
  changed(slot: number, now: Instant): void {
    const { instances } = this;
    if (this.drains(slot)) this.#leaveIfEmpty(slot, now);
    else this.#poolOf(slot).changed(instances.leafOf(slot));
  }

  #isWanted(slot: number): boolean {
    return !this.drains(slot) && !this.#retired.has(slot);
  }

  #isHung(slot: number): boolean {
    return this.instances.stateOf(slot) === InstanceState.hung;
  }

  #letGo(slot: number, now: Instant): void {
    if (this.instances.stateOf(slot) === InstanceState.lost) this.#retired.add(slot);
    else this.drain(slot, now);
  }

  /** One that drains, or that would not be repaired for its pool. */
  #takeBack(slot: number, now: Instant): void {
    if (!this.#retired.delete(slot)) this.recall(slot, now);
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
    instances.install(slot, replica, this.pools[pool]!.add(slot, replica));
    this.#changed(pool, now);
  }

  #leaveIfEmpty(slot: number, now: Instant): void {
    const replica = this.instances.replicaOf(slot);
    if (replica.slotsBusy > 0) return;
    if (this.#isHung(slot)) this.#goOn(slot, now);
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
    if (!this.#isShort) return;
    this.#isShort = false;
    this.#freed(now);
  }
}
