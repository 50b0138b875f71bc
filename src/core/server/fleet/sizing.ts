// How many instances each pool wants, and what is done about it: what drains is taken back, what sleeps is woken, the
// rest is launched or waits for GPUs; what is too much is let go, those first that are not up yet. A pool that
// displaces others makes them give up instances where there are no GPUs, and they get them back once there are. Knows
// no requests; why a pool wants so many is a controller's business.
import { InstanceState, START_STATES } from "../../base/instance-state.js";
import { after, type Duration, type Instant, NEVER, NO_TIME } from "../../base/units.js";
import { Displacement, leastMissed, typesBeside } from "./displacement.js";
import type { Fleet } from "./fleet.js";
import type { FleetObserver } from "./fleet-observer.js";
import { NOWHERE } from "./load-index.js";
import { Role } from "./roles.js";

const { pending, sleeping, lost } = InstanceState;
/** Without GPUs yet, or under way. */
const STARTING = [pending, ...START_STATES];

/** What one pool asks for beside its replicas. */
export interface PoolSizing {
  /** Instances kept asleep beside those that are wanted. */
  readonly warmPool: number;
  /** Pools that give up instances for it where there are no GPUs, the first first. */
  readonly displaces: readonly number[];
  /** So many at least are left to it by those; left out: none. */
  readonly least?: number;
}

export interface SizingOptions {
  readonly fleet: Fleet;
  /** By pool; left out: nothing of the kind. */
  readonly pools?: readonly PoolSizing[];
  /** How long after GPUs were refused they are asked for again; 0: as soon as some are given back. */
  readonly retry?: Duration;
}

const NOTHING: PoolSizing = { warmPool: 0, displaces: [] };

export class Sizing {
  readonly fleet: Fleet;
  readonly #claims: readonly PoolSizing[];
  /** By pool. */
  readonly #wanted: number[];
  /** By pool: instances given up for others, that it gets back once there are GPUs. */
  readonly #owed: number[];
  readonly #displacement: Displacement;
  readonly #retry: Duration;
  readonly #observers: Pick<FleetObserver, "resized">[] = [];
  #plan: (at: Instant) => void = () => undefined;
  /** Whether anything is missing for want of GPUs: an instance waits, sleeps nowhere, or was given up. */
  #isShort = false;
  /** Pools that are not there: nobody sizes them, and nothing stands by for them. */
  readonly #absent = new Set<number>();

  constructor(options: SizingOptions) {
    this.fleet = options.fleet;
    this.#claims = options.pools ?? [];
    this.#retry = options.retry ?? NO_TIME;
    this.#wanted = options.fleet.pools.map(() => 0);
    this.#owed = options.fleet.pools.map(() => 0);
    this.#displacement = new Displacement(
      options.fleet,
      this.#claims.map(({ displaces }) => displaces),
    );
    this.fleet.whenFreed((now) => this.gpusAreBack(now));
    this.fleet.whenLostOrAsleep((pool, now) => {
      if (this.#ofPool(pool).warmPool > 0 && this.#lostOf(pool).length > 0) this.#plan(now);
    });
  }

  /** Told from now on what pools want. */
  watch(observer: Pick<FleetObserver, "resized">): void {
    this.#observers.push(observer);
  }

  /** Who lets `supply` be called at an instant: where GPUs were refused, or given back. */
  whenDue(plan: (at: Instant) => void): void {
    this.#plan = plan;
  }

  wantedOf(pool: number): number {
    return this.#wanted[pool]!;
  }

  /** Instances that wait for GPUs or start, so as to serve. */
  startingOf(pool: number): number {
    const { instances } = this.fleet;
    const all = instances.times[pool]!.countOf(STARTING);
    if (all === 0 || this.#ofPool(pool).warmPool === 0) return all;
    const isStarting = (slot: number) => STARTING.includes(instances.stateOf(slot));
    return all - this.standingBy(pool).filter(isStarting).length;
  }

  /** Whether another pool may take instances of this one, and so change what it wants. */
  canBeDisplaced(pool: number): boolean {
    return this.#displacement.canBeDisplaced(pool);
  }

  /** What a run begins with. */
  begin(pool: number, replicas: number): void {
    this.#wanted[pool] = replicas;
    this.fleet.begin(pool, replicas, this.#ofPool(pool).warmPool);
  }

  /** A pool is not there yet: it begins with nothing. */
  beginAbsent(pool: number): void {
    this.#absent.add(pool);
  }

  isThere(pool: number): boolean {
    return !this.#absent.has(pool);
  }

  /** A pool is there from now on, and wants so many. */
  launchPool(pool: number, replicas: number, now: Instant): void {
    this.#absent.delete(pool);
    this.#resize(pool, replicas, now);
  }

  /** A pool wants nothing any more, not even what stands by. */
  retirePool(pool: number, now: Instant): void {
    this.#absent.add(pool);
    this.resize(pool, 0, now);
    this.fleet.returns.oweAtMost(pool, Role.standsBy, 0);
    for (const slot of this.standingBy(pool)) this.retire(slot, now);
  }

  /**
   * A pool wants so many from now on, those included that start, wait for GPUs, or are lost and will be repaired: as
   * many as before, too, is a word of its own, with which what it gave up for others is not owed to it any more.
   */
  resize(pool: number, replicas: number, now: Instant): void {
    if (replicas !== this.#wanted[pool] || this.#owed[pool]! > 0) this.#resize(pool, replicas, now);
  }

  #resize(pool: number, replicas: number, now: Instant): void {
    const before = this.#wanted[pool]!;
    this.#owed[pool] = 0;
    this.#want(pool, replicas, now);
    this.#settle(pool, now);
    this.#keepAsleep(pool, now, this.#typesNotOwed(pool));
    if (replicas <= before)
      this.fleet.returns.oweAtMost(pool, Role.serves, replicas - this.fleet.pools[pool]!.ready.replicas);
  }

  #want(pool: number, replicas: number, now: Instant): void {
    const before = this.#wanted[pool]!;
    if (replicas === before) return;
    this.#wanted[pool] = replicas;
    for (const observer of this.#observers) observer.resized?.(pool, before, replicas, now);
  }

  /** GPUs can be had that could not, or that others waited for. */
  gpusAreBack(now: Instant): void {
    if (this.#isShort) this.#plan(this.#retry === 0 ? now : after(now, this.#retry));
  }

  /** Instances of a pool have gone that are still wanted: others come in their place, once this instant is over. */
  replace(now: Instant): void {
    this.#plan(now);
  }

  /** Launches what waits for GPUs and what is missing, as far as there are GPUs now. Says when to try again. */
  supply(now: Instant): Instant {
    const { order } = this.#displacement;
    for (const pool of order) {
      const types = this.#displacement.typesFor(pool);
      for (const slot of this.#inState(pool, pending)) if (!this.fleet.tryPending(slot, types, now)) break;
      // What was to leave for them may have gone another way.
      this.#displace(pool, now);
    }
    for (const pool of order) this.#settle(pool, now);
    for (const pool of order) this.#giveBack(pool, now);
    for (const pool of order) this.#keepAsleep(pool, now);
    const waits = order.some((pool) => this.#displacement.waitingOf(pool) > 0);
    this.#isShort = waits || order.some((pool) => this.#lacks(pool));
    return waits && this.#retry > 0 ? after(now, this.#retry) : NEVER;
  }

  /** Whether a pool has not got back all that it gave up, or has fewer asleep than it keeps. */
  #lacks(pool: number): boolean {
    return this.#owed[pool]! > 0 || this.standingBy(pool).length < this.asleepOf(pool);
  }

  #ofPool(pool: number): PoolSizing {
    return (this.isThere(pool) && this.#claims[pool]) || NOTHING;
  }

  #settle(pool: number, now: Instant): void {
    const { fleet } = this;
    this.#standIn(pool, now);
    const slots = [...fleet.instances.ofPool(pool)];
    const serving = slots.filter((slot) => fleet.roles.of(slot) === Role.serves);
    const wanted = this.#wanted[pool]!;
    if (serving.length > wanted) this.#letGo(pool, serving, serving.length - wanted, now);
    else if (serving.length < wanted) this.#launch(pool, wanted - serving.length, now);
  }

  /** What sleeps serves in the place of what is lost, which falls asleep instead once it is back. */
  #standIn(pool: number, now: Instant): void {
    const { roles } = this.fleet;
    const missing = this.#lostOf(pool);
    for (const slot of this.#inState(pool, sleeping).slice(0, missing.length)) {
      roles.set(missing.shift()!, Role.standsBy);
      this.fleet.rouse(slot, now);
    }
  }

  #letGo(pool: number, serving: readonly number[], count: number, now: Instant): void {
    const waited = this.#displacement.waitingOf(pool) > 0;
    const leaving = leastMissed(serving, this.fleet.instances).slice(0, count);
    for (const slot of leaving) this.retire(slot, now);
    if (waited) this.gpusAreBack(now);
  }

  /**
   * One is let go: what is not up gives back its GPUs at once, lost or not; what is up drains, and counts among those
   * that stand by from now on if one is missing there, so that no other starts for it.
   */
  retire(slot: number, now: Instant): void {
    const { instances, roles } = this.fleet;
    if (!instances.isUp(slot)) this.fleet.abandon(slot, now);
    else if (this.fleet.drains(slot)) roles.set(slot, Role.leaves);
    else {
      const pool = instances.poolOf(slot);
      const isMissed = this.standingBy(pool).length < this.asleepOf(pool);
      this.fleet.drain(slot, now, isMissed ? Role.standsBy : Role.leaves);
    }
  }

  /** How many of so many more are missing then: without GPUs they do not wait for any. */
  #take(pool: number, count: number, now: Instant): number {
    const { fleet } = this;
    const { instances, roles } = fleet;
    const slots = [...instances.ofPool(pool)];
    let missing = count;
    for (const slot of slots) {
      if (missing === 0) return 0;
      if (!this.#canBeTakenBack(slot)) continue;
      fleet.recall(slot, now);
      missing--;
    }
    for (const slot of this.#inState(pool, sleeping)) {
      if (missing === 0) return 0;
      fleet.rouse(slot, now);
      missing--;
    }
    for (const slot of slots) {
      if (missing === 0) return 0;
      // One that drains still stands where it cannot stay.
      if (roles.of(slot) !== Role.standsBy || instances.isUp(slot)) continue;
      fleet.enlist(slot, now);
      missing--;
    }
    const types = this.#displacement.typesFor(pool);
    while (missing > 0 && fleet.launch(pool, now, types) !== NOWHERE) missing--;
    return missing;
  }

  /** What drains, unless its node is about to go, or others wait for its GPUs that may displace it. */
  #canBeTakenBack(slot: number): boolean {
    const { fleet } = this;
    if (!fleet.drains(slot) || fleet.inventory.nodes.isLeaving(slot)) return false;
    const { type } = fleet.inventory.holdingOf(slot)!;
    return this.#displacement.typesFor(fleet.instances.poolOf(slot)).includes(type);
  }

  /**
   * How many of a pool are to be asleep now: none while GPUs are missing for those that serve, in it or in one that may
   * displace it.
   */
  asleepOf(pool: number): number {
    const isShort = this.#displacement.waitingOf(pool) > 0 || this.#displacement.isClaimed(pool);
    return isShort ? 0 : this.#ofPool(pool).warmPool;
  }

  #launch(pool: number, count: number, now: Instant): void {
    const missing = this.#take(pool, count, now);
    if (missing === 0) return;
    // They wait from now on, so that what others give up goes to none but them.
    for (let left = missing; left > 0; left--) this.fleet.pend(pool, now);
    this.#isShort = true;
    if (this.#retry > 0) this.#plan(after(now, this.#retry));
    this.#displace(pool, now);
  }

  /** Others give up what makes room for those that wait, as far as anything of theirs does. */
  #displace(pool: number, now: Instant): void {
    const { instances, roles } = this.fleet;
    const spareOf = (other: number) =>
      this.#wanted[other]! - this.#displacement.waitingOf(other) - (this.#ofPool(other).least ?? 0);
    const given = this.#displacement.toGiveUp(pool, spareOf);
    for (const other of this.#ofPool(pool).displaces) {
      const own = given.filter((slot) => instances.poolOf(slot) === other);
      const serving = own.filter((slot) => roles.of(slot) === Role.serves);
      this.#owed[other]! += serving.length;
      this.#want(other, this.#wanted[other]! - serving.length, now);
      for (const slot of own) this.retire(slot, now);
    }
  }

  /** What a pool gave up it gets back, as far as it may have GPUs now. */
  #giveBack(pool: number, now: Instant): void {
    const owed = this.#owed[pool]!;
    if (owed === 0) return;
    const missing = this.#take(pool, owed, now);
    this.#owed[pool] = missing;
    this.#want(pool, this.#wanted[pool]! + owed - missing, now);
  }

  /** Fills the warm pool, with what GPUs there are on nodes of these types; it displaces no pool. */
  #keepAsleep(pool: number, now: Instant, types: readonly number[] = this.fleet.nodeTypesOf(pool)): void {
    const asleep = this.asleepOf(pool);
    for (let count = this.standingBy(pool).length; count < asleep; count++) {
      if (this.fleet.launch(pool, now, types, Role.standsBy) !== NOWHERE) continue;
      this.#isShort = true;
      // What is left once pools have what is owed to them is for it.
      if (types.length < this.fleet.nodeTypesOf(pool).length) this.gpusAreBack(now);
      return;
    }
  }

  /** Types of a pool's nodes on which no pool is to get back what it gave up. */
  #typesNotOwed(pool: number): readonly number[] {
    const owedTo = [...this.#owed.keys()].filter((other) => this.#owed[other]! > 0);
    return typesBeside(this.fleet, pool, owedTo);
  }

  /** Slots of a pool's lost instances that count as replicas. */
  #lostOf(pool: number): number[] {
    return this.#inState(pool, lost).filter((slot) => this.fleet.roles.of(slot) === Role.serves);
  }

  /** Slots of a pool whose instances are asleep, or on the way there. */
  standingBy(pool: number): number[] {
    const { instances, roles } = this.fleet;
    return [...instances.ofPool(pool)].filter((slot) => roles.of(slot) === Role.standsBy);
  }

  #inState(pool: number, state: InstanceState): number[] {
    const { instances } = this.fleet;
    return [...instances.ofPool(pool)].filter((slot) => instances.stateOf(slot) === state);
  }
}
