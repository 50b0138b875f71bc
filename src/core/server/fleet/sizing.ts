// How many instances each pool wants, and what is done about it: what drains is taken back, what sleeps is woken, the
// rest is launched or waits for GPUs; what is too much is let go, those first that are not up yet. A pool that
// displaces others makes them give up instances where there are no GPUs. Knows no requests; why a pool wants so many
// is a controller's business.
import { InstanceState, START_STAGES } from "../../base/instance-state.js";
import { after, type Duration, type Instant, NEVER, NO_TIME } from "../../base/units.js";
import type { Fleet } from "./fleet.js";
import type { FleetObserver } from "./fleet-observer.js";
import { NOWHERE } from "./load-index.js";
import { Role } from "./roles.js";

const { pending, sleeping, ready, hung, lost } = InstanceState;
/** Without GPUs yet, or under way. */
const STARTING = (["pending", ...START_STAGES] as const).map((name) => InstanceState[name]);

/** What one pool asks for beside its replicas. */
export interface PoolSizing {
  /** Instances kept asleep beside those that are wanted. */
  readonly warmPool: number;
  /** Pools that give up instances for it where there are no GPUs, the first first. */
  readonly displaces: readonly number[];
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
  readonly #retry: Duration;
  readonly #observers: Pick<FleetObserver, "resized">[] = [];
  #plan: (at: Instant) => void = () => undefined;
  /** Whether an instance waits for GPUs. */
  #isShort = false;
  /** Pools that are not there: nobody sizes them, and nothing stands by for them. */
  readonly #absent = new Set<number>();

  constructor(options: SizingOptions) {
    this.fleet = options.fleet;
    this.#claims = options.pools ?? [];
    this.#retry = options.retry ?? NO_TIME;
    this.#wanted = options.fleet.pools.map(() => 0);
    this.fleet.whenFreed((now) => this.gpusAreBack(now));
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
    const all = STARTING.reduce((sum, state) => sum + instances.times[pool]!.count(state), 0);
    if (all === 0 || this.#ofPool(pool).warmPool === 0) return all;
    const isStarting = (slot: number) => STARTING.some((state) => instances.stateOf(slot) === state);
    return all - this.standingBy(pool).filter(isStarting).length;
  }

  /** Whether another pool may take instances of this one, and so change what it wants. */
  canBeDisplaced(pool: number): boolean {
    return this.#claims.some(({ displaces }) => displaces.includes(pool));
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
    this.resize(pool, replicas, now);
  }

  /** A pool wants nothing any more, not even what stands by. */
  retirePool(pool: number, now: Instant): void {
    this.#absent.add(pool);
    this.resize(pool, 0, now);
    const { instances, roles, returns } = this.fleet;
    returns.oweAtMost(pool, Role.standsBy, 0);
    for (const slot of this.standingBy(pool)) {
      if (instances.isUp(slot)) roles.set(slot, Role.leaves);
      else this.fleet.abandon(slot, now);
    }
  }

  /** A pool wants so many from now on, those included that start, wait for GPUs, or are lost and will be repaired. */
  resize(pool: number, replicas: number, now: Instant): void {
    const before = this.#wanted[pool]!;
    this.#wanted[pool] = replicas;
    if (replicas !== before) {
      for (const observer of this.#observers) observer.resized?.(pool, before, replicas, now);
    }
    this.#settle(pool, now);
    if (replicas < before)
      this.fleet.returns.oweAtMost(pool, Role.serves, replicas - this.fleet.pools[pool]!.readyCount);
  }

  /** GPUs are there again that had gone. */
  gpusAreBack(now: Instant): void {
    if (this.#isShort && this.#retry === 0) this.#plan(now);
  }

  /** Instances of a pool have gone that are still wanted: others come in their place, once this instant is over. */
  replace(now: Instant): void {
    this.#plan(now);
  }

  /** Launches what waits for GPUs and what is missing, as far as there are GPUs now. Says when to try again. */
  supply(now: Instant): Instant {
    this.#isShort = false;
    const claims = this.#byClaim();
    for (const pool of claims) {
      for (const slot of this.#inState(pool, pending)) if (!this.fleet.tryPending(slot, now)) break;
    }
    for (const pool of claims) this.#settle(pool, now);
    this.#isShort = claims.some((pool) => this.fleet.instances.times[pool]!.count(pending) > 0);
    return this.#isShort && this.#retry > 0 ? after(now, this.#retry) : NEVER;
  }

  /** Those that displace others come first. */
  #byClaim(): number[] {
    const pools = [...this.#wanted.keys()];
    const displaces = (pool: number) => this.#ofPool(pool).displaces.length > 0;
    return [...pools.filter(displaces), ...pools.filter((pool) => !displaces(pool))];
  }

  #ofPool(pool: number): PoolSizing {
    return (this.isThere(pool) && this.#claims[pool]) || NOTHING;
  }

  #settle(pool: number, now: Instant): void {
    const { fleet } = this;
    const slots = [...fleet.instances.ofPool(pool)];
    const serving = slots.filter((slot) => fleet.roles.of(slot) === Role.serves);
    const wanted = this.#wanted[pool]!;
    if (serving.length > wanted) this.#letGo(pool, serving, serving.length - wanted, now);
    else if (serving.length < wanted) this.#take(pool, slots, wanted - serving.length, now);
    this.#keepAsleep(pool, now);
  }

  /** Those that are not up yet go first, those without GPUs before all, and of equals the last. */
  #letGo(pool: number, serving: readonly number[], count: number, now: Instant): void {
    const { instances } = this.fleet;
    const rank = (slot: number) => {
      const state = instances.stateOf(slot);
      if (state === pending) return 0;
      return state === ready || state === hung || state === lost ? 2 : 1;
    };
    const ordered = [...serving].sort((one, other) => rank(one) - rank(other) || other - one);
    for (const slot of ordered.slice(0, count)) this.#retire(pool, slot, now);
  }

  #retire(pool: number, slot: number, now: Instant): void {
    const { instances, roles } = this.fleet;
    const state = instances.stateOf(slot);
    if (state === lost) roles.set(slot, Role.leaves);
    else if (state === ready || state === hung) {
      const isMissed = this.standingBy(pool).length < this.asleepOf(pool);
      this.fleet.drain(slot, now, isMissed ? Role.standsBy : Role.leaves);
    } else this.fleet.abandon(slot, now);
  }

  #take(pool: number, slots: readonly number[], count: number, now: Instant): void {
    const { instances, roles } = this.fleet;
    let missing = count;
    for (const slot of slots) {
      if (missing === 0) return;
      if (!this.#canBeTakenBack(slot)) continue;
      this.#takeBack(slot, now);
      missing--;
    }
    for (const slot of this.#inState(pool, sleeping)) {
      if (missing === 0) return;
      this.fleet.rouse(slot, now);
      missing--;
    }
    for (const slot of slots) {
      if (missing === 0) return;
      if (roles.of(slot) !== Role.standsBy || instances.stateOf(slot) === sleeping) continue;
      roles.set(slot, Role.serves);
      missing--;
    }
    this.#launch(pool, missing, now);
  }

  /** Unless its node is about to go, or others wait for its GPUs that may displace it. */
  #canBeTakenBack(slot: number): boolean {
    const { fleet } = this;
    if (fleet.roles.of(slot) !== Role.leaves && !fleet.drains(slot)) return false;
    const { nodes } = fleet.inventory;
    if (nodes.nodesOf(slot).some((node) => nodes.isCordoned(node))) return false;
    return !this.#isClaimed(fleet.instances.poolOf(slot));
  }

  /** Whether a pool waits for GPUs that may displace this one. */
  #isClaimed(pool: number): boolean {
    const { times } = this.fleet.instances;
    return this.#claims.some(
      ({ displaces }, other) => displaces.includes(pool) && times[other]!.count(pending) > 0,
    );
  }

  /**
   * How many of a pool are to be asleep now: none while GPUs are missing for those that serve, in it or in one that may
   * displace it.
   */
  asleepOf(pool: number): number {
    const isShort = this.fleet.instances.times[pool]!.count(pending) > 0;
    return isShort || this.#isClaimed(pool) ? 0 : this.#ofPool(pool).warmPool;
  }

  /** One that drains, or that would not be repaired for its pool. */
  #takeBack(slot: number, now: Instant): void {
    const { fleet } = this;
    if (fleet.instances.isUp(slot)) fleet.recall(slot, now);
    else fleet.roles.set(slot, Role.serves);
  }

  #launch(pool: number, count: number, now: Instant): void {
    const { fleet } = this;
    let missing = count;
    if (!this.#isClaimed(pool)) while (missing > 0 && fleet.launch(pool, now) !== NOWHERE) missing--;
    if (missing === 0) return;
    // They wait from now on, so that what others give up goes to none but them.
    for (let left = missing; left > 0; left--) fleet.pend(pool, now);
    this.#wait(now);
    this.#displace(pool, missing, now);
  }

  /** Others give up as many instances as make up for those that are missing, as far as they have any. */
  #displace(pool: number, missing: number, now: Instant): void {
    let gpus = missing * this.fleet.gpusPerReplica(pool);
    for (const other of this.#ofPool(pool).displaces) {
      const each = this.fleet.gpusPerReplica(other);
      for (const slot of this.standingBy(other)) {
        if (gpus <= 0 || this.fleet.instances.isUp(slot)) continue;
        this.fleet.abandon(slot, now);
        gpus -= each;
      }
      if (gpus <= 0) return;
      const given = Math.min(this.#wanted[other]!, Math.ceil(gpus / each));
      if (given === 0) continue;
      this.resize(other, this.#wanted[other]! - given, now);
      gpus -= given * each;
      if (gpus <= 0) return;
    }
  }

  /** Fills the warm pool, with what GPUs there are; it displaces nobody. */
  #keepAsleep(pool: number, now: Instant): void {
    const asleep = this.asleepOf(pool);
    for (let count = this.standingBy(pool).length; count < asleep; count++) {
      if (this.fleet.launch(pool, now, Role.standsBy) === NOWHERE) return;
    }
  }

  /** Slots of a pool whose instances are asleep, or on the way there. */
  standingBy(pool: number): number[] {
    const { instances, roles } = this.fleet;
    return [...instances.ofPool(pool)].filter((slot) => roles.of(slot) === Role.standsBy);
  }

  #wait(now: Instant): void {
    if (this.#isShort) return;
    this.#isShort = true;
    if (this.#retry > 0) this.#plan(after(now, this.#retry));
  }

  #inState(pool: number, state: InstanceState): number[] {
    const { instances } = this.fleet;
    return [...instances.ofPool(pool)].filter((slot) => instances.stateOf(slot) === state);
  }
}
