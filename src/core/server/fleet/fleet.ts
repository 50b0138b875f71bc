// The fleet: the pools of a region, the instances in them, and the inventory of GPUs that these live off. It brings an
// instance up, stage by stage, drains it, puts it to sleep and takes it away, keeps pool and table in step, and hands
// back what a lost instance held. Knows slots; how many a pool wants is sizing.ts, and what becomes of requests the
// service's.
import { assert } from "../../base/assert.js";
import { InstanceState } from "../../base/instance-state.js";
import { type Instant, START } from "../../base/units.js";
import type { ReplicaMaker } from "../replica/engine.js";
import type { HaltedSequence, ReplicaWork } from "../replica/replica.js";
import { NO_STAGES, type Stages } from "./cold-start.js";
import { type FleetObserver, FleetObservers } from "./fleet-observer.js";
import type { FleetOptions } from "./fleet-options.js";
import { Instances } from "./instances.js";
import { Inventory } from "./inventory.js";
import { NOWHERE } from "./load-index.js";
import type { Pool } from "./pool.js";
import { Returns } from "./returns.js";
import { Role, Roles } from "./roles.js";
import { Starts } from "./starts.js";

const { free, pending, ready, sleeping, draining, hung, lost } = InstanceState;

export class Fleet {
  readonly pools: readonly Pool[];
  readonly instances: Instances;
  readonly inventory: Inventory;
  readonly roles: Roles = new Roles();
  readonly observers: FleetObservers = new FleetObservers();
  readonly returns: Returns = new Returns();
  readonly #options: FleetOptions;
  readonly #starts: Starts;
  #freed: (now: Instant) => void = () => undefined;
  #mayStandIn: (pool: number, now: Instant) => void = () => undefined;
  #stays: (slot: number, now: Instant) => boolean = () => false;
  /** By slot: since when the instance has been wanted. */
  readonly #wantedAt: Instant[] = [];

  constructor(options: FleetOptions) {
    const { pools, inventory, events, startKind: kind } = options;
    this.#options = options;
    this.pools = pools.map(({ pool }) => pool);
    this.instances = new Instances(pools.length);
    this.inventory = new Inventory(inventory, pools.length);
    this.#starts = new Starts({ events, kind, instances: this.instances, nodes: this.inventory.nodes });
  }

  /** Told from now on what becomes of it. */
  watch(observer: FleetObserver): void {
    this.observers.add(observer);
  }

  /** Told from now on when GPUs are given back. */
  whenFreed(freed: (now: Instant) => void): void {
    this.#freed = freed;
  }

  /** Told from now on when one of a pool is lost or has fallen asleep, so that one might serve in another's place. */
  whenLostOrAsleep(mayStandIn: (pool: number, now: Instant) => void): void {
    this.#mayStandIn = mayStandIn;
  }

  /** Asked from now on whether an instance that has drained stays, asleep, instead of leaving. */
  whenDrained(stays: (slot: number, now: Instant) => boolean): void {
    this.#stays = stays;
  }

  /** GPUs that an instance of a pool takes. */
  gpusPerReplica(pool: number): number {
    return this.#options.pools[pool]!.gpusPerReplica;
  }

  /** Types of nodes that they may stand on, the first that has room first. */
  nodeTypesOf(pool: number): readonly number[] {
    return this.#options.pools[pool]!.nodeTypes ?? this.inventory.allTypes;
  }

  /** What each of its replicas holds: sequences, and tokens of KV cache, Infinity for no bound. */
  shapeOf(pool: number): Pick<ReplicaMaker, "slots" | "kvTokens"> {
    return this.#options.pools[pool]!.maker;
  }

  /** About how long an instance of a pool takes to start, in seconds. */
  coldStartOf(pool: number): number {
    const { coldStart } = this.#options.pools[pool]!;
    const usable = this.nodeTypesOf(pool).map((type) => this.inventory.types[type]!);
    return coldStart?.meanOn(usable.every(({ isStanding }) => isStanding)) ?? 0;
  }

  /** What all replicas that a pool ever had have done. */
  workOf(pool: number): ReplicaWork {
    return this.#options.pools[pool]!.maker.work;
  }

  /** What a run begins with: it has always been there, and so have those that are asleep. */
  begin(pool: number, replicas: number, asleep = 0): void {
    for (let count = 0; count < replicas + asleep; count++) {
      const slot = this.#next(pool, START);
      assert(
        this.#take(slot, this.nodeTypesOf(pool), START),
        "LAW-15: a run begins with no more GPUs than there are",
      );
      if (count < replicas) this.#bringUp(slot, START);
      else this.#sleep(slot, START);
    }
  }

  /**
   * An instance that starts on nodes of one of these types, and is ready at once where that takes no time: its slot, or
   * NOWHERE without GPUs.
   */
  launch(
    pool: number,
    now: Instant,
    types: readonly number[] = this.nodeTypesOf(pool),
    role: Role = Role.serves,
  ): number {
    const slot = this.#next(pool, now);
    if (!this.#take(slot, types, now)) return NOWHERE;
    this.roles.set(slot, role);
    this.#start(slot, now);
    return slot;
  }

  /** One that waits for GPUs. */
  pend(pool: number, now: Instant): void {
    this.instances.move(this.#next(pool, now), pending, now);
    this.observers.happened("no-gpus", pool, now);
  }

  /** One that waits for GPUs starts, if there are any of these types: says whether. */
  tryPending(slot: number, types: readonly number[], now: Instant): boolean {
    if (!this.#take(slot, types, now)) return false;
    this.#start(slot, now);
    return true;
  }

  /** An instance takes no more requests; once it is empty it falls asleep if that is its role, or leaves. */
  drain(slot: number, now: Instant, role: Role = Role.leaves): void {
    const { instances } = this;
    const pool = this.#poolOf(slot);
    pool.renewCopy(now);
    this.roles.set(slot, role);
    // Nobody may know that one hangs: it keeps that state while it drains.
    if (!this.#isHung(slot)) instances.move(slot, draining, now);
    pool.drain(instances.leafOf(slot), now);
    this.#leaveIfEmpty(slot, now);
  }

  /** One that drains takes requests again. */
  recall(slot: number, now: Instant): void {
    const { instances } = this;
    const pool = this.#poolOf(slot);
    pool.renewCopy(now);
    this.roles.set(slot, Role.serves);
    if (!this.#isHung(slot)) instances.move(slot, ready, now);
    pool.recall(instances.leafOf(slot), now);
    this.#tellIfBack(slot, now);
  }

  /** One that is asleep wakes up, to serve. */
  rouse(slot: number, now: Instant): void {
    this.enlist(slot, now);
    const { coldStart } = this.#options.pools[this.instances.poolOf(slot)]!;
    if (coldStart === undefined || this.#starts.wake(slot, coldStart.wake(), now))
      this.#hasStarted(slot, now);
  }

  /** One that is not up is to serve once it is. */
  enlist(slot: number, now: Instant): void {
    this.roles.set(slot, Role.serves);
    this.#wantedAt[slot] = now;
  }

  /** One that is not up is given up: it sleeps, starts, waits for GPUs, or is lost and not repaired. */
  abandon(slot: number, now: Instant): void {
    this.#starts.stop(slot);
    this.returns.forget(slot);
    this.#free(slot, now);
    this.observers.changed(this.instances.poolOf(slot), now);
  }

  /** What is up in a slot works at that share of its speed; at 0 it hangs, and takes requests (`Replica.setSpeed`). */
  setSpeed(slot: number, speed: number, now: Instant): void {
    const { instances } = this;
    assert(instances.isUp(slot), "only what is up has a speed");
    this.#poolOf(slot).renewCopy(now);
    instances.replicaOf(slot).setSpeed(speed, now);
    instances.noteSpeed(slot, speed);
    const kind = speed === 0 ? "instance-hung" : speed < 1 ? "instance-slow" : "instance-back";
    this.observers.happened(kind, instances.poolOf(slot), now);
    if (speed > 0 && this.#isHung(slot)) this.#goOn(slot, now);
    else if (speed === 0 && !this.#isHung(slot)) instances.move(slot, hung, now);
  }

  #goOn(slot: number, now: Instant): void {
    this.instances.move(slot, this.roles.of(slot) === Role.serves ? ready : draining, now);
  }

  /** Whether what is up in a slot takes no more requests, and leaves as soon as it is empty; it may hang, too. */
  drains(slot: number): boolean {
    const state = this.instances.stateOf(slot);
    return state === draining || (state === hung && this.roles.of(slot) !== Role.serves);
  }

  /** One is lost with all inside: hands back the sequences, which have left it. It keeps its GPUs if it was to stay. */
  lose(slot: number, now: Instant): readonly HaltedSequence[] {
    const { instances } = this;
    this.observers.happened("instance-lost", instances.poolOf(slot), now);
    // What comes in its place has been wanted since then.
    this.#wantedAt[slot] = now;
    if (!instances.isUp(slot)) {
      this.#starts.stop(slot);
      instances.move(slot, lost, now);
      this.#mayStandIn(instances.poolOf(slot), now);
      return [];
    }
    const pool = this.#poolOf(slot);
    pool.renewCopy(now);
    const halted = instances.replicaOf(slot).halt(now);
    for (const { sequence } of halted) pool.left(sequence);
    this.#takeDown(slot, lost, now);
    if (this.roles.of(slot) === Role.leaves) this.abandon(slot, now);
    return halted;
  }

  /** A lost instance is repaired: a fresh one stands in its slot. */
  repair(slot: number, now: Instant): void {
    this.returns.startsAgain(slot);
    this.#hasStarted(slot, now);
  }

  /** A lost instance starts anew where it stands. */
  restart(slot: number, now: Instant): void {
    this.returns.startsAgain(slot);
    if (this.#starts.again(slot, this.#stagesOf(slot), now)) this.#hasStarted(slot, now);
  }

  /** The stage of an instance that starts is over. Returns whether it takes requests now. */
  advance(slot: number, now: Instant): boolean {
    return this.#starts.advance(slot, now) && this.#hasStarted(slot, now);
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

  #isHung(slot: number): boolean {
    return this.instances.stateOf(slot) === hung;
  }

  #poolOf(slot: number): Pool {
    return this.pools[this.instances.poolOf(slot)]!;
  }

  #stagesOf(slot: number): Stages {
    return this.#options.pools[this.instances.poolOf(slot)]!.coldStart?.next() ?? NO_STAGES;
  }

  /** A free slot, for an instance of a pool that is wanted from now on. */
  #next(pool: number, now: Instant): number {
    const slot = this.instances.next(pool);
    this.#wantedAt[slot] = now;
    this.roles.set(slot, Role.serves);
    return slot;
  }

  #take(slot: number, types: readonly number[], now: Instant): boolean {
    const pool = this.instances.poolOf(slot);
    return this.inventory.take(slot, pool, this.gpusPerReplica(pool), types, now);
  }

  /** It has its GPUs. */
  #start(slot: number, now: Instant): void {
    if (this.#starts.begin(slot, this.#stagesOf(slot), now)) this.#hasStarted(slot, now);
    else this.observers.changed(this.instances.poolOf(slot), now);
  }

  /** Whether it takes requests now. */
  #hasStarted(slot: number, now: Instant): boolean {
    this.#poolOf(slot).renewCopy(now);
    this.#tellIfBack(slot, now);
    if (this.roles.of(slot) === Role.serves) this.#bringUp(slot, now);
    else this.#sleep(slot, now);
    return this.instances.isUp(slot);
  }

  #tellIfBack(slot: number, now: Instant): void {
    const pool = this.instances.poolOf(slot);
    if (this.returns.hasStarted(slot, pool, this.roles.of(slot)))
      this.observers.happened("instance-back", pool, now);
  }

  #sleep(slot: number, now: Instant): void {
    this.roles.set(slot, Role.standsBy);
    this.instances.move(slot, sleeping, now);
    this.observers.changed(this.instances.poolOf(slot), now);
    this.#mayStandIn(this.instances.poolOf(slot), now);
  }

  #bringUp(slot: number, now: Instant): void {
    const { instances } = this;
    const { events, kind, listener, pools } = this.#options;
    const pool = instances.poolOf(slot);
    const replica = pools[pool]!.maker.create({ events, kind, subject: slot }, listener);
    instances.move(slot, ready, now);
    instances.install(slot, replica, this.pools[pool]!.add(slot, replica, now));
    this.observers.started(pool, this.#wantedAt[slot]!, now);
    this.observers.changed(pool, now);
  }

  #leaveIfEmpty(slot: number, now: Instant): void {
    const replica = this.instances.replicaOf(slot);
    if (replica.slotsBusy > 0) return;
    if (this.#isHung(slot)) this.#goOn(slot, now);
    const halted = replica.halt(now);
    assert(halted.length === 0, "an instance that leaves is empty");
    if (this.roles.of(slot) === Role.leaves && this.#stays(slot, now)) this.roles.set(slot, Role.standsBy);
    this.#takeDown(slot, this.roles.of(slot) === Role.standsBy ? sleeping : free, now);
  }

  /** What is up in a slot has stopped and leaves its pool. */
  #takeDown(slot: number, state: InstanceState, now: Instant): void {
    const { instances } = this;
    this.#poolOf(slot).remove(instances.leafOf(slot), now);
    instances.uninstall(slot);
    if (state === free) this.#free(slot, now);
    else instances.move(slot, state, now);
    this.observers.changed(instances.poolOf(slot), now);
    if (state !== free) this.#mayStandIn(instances.poolOf(slot), now);
  }

  #free(slot: number, now: Instant): void {
    this.instances.move(slot, free, now);
    if (this.inventory.holdingOf(slot) === undefined) return;
    if (this.inventory.giveBack(slot, now)) this.#freed(now);
  }
}
