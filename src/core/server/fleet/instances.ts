// The instances of a fleet in a table of slots: of each its state, its pool, its replica, how fast it is, and its place
// among those of the pool. A slot is used again once it is free, the lowest first. Events carry slots. Knows which
// state may follow which; what brings an instance from one to the next is others' business.
import { assert } from "../../base/assert.js";
import { grown } from "../../base/grown.js";
import { InstanceState, START_STATES } from "../../base/instance-state.js";
import type { Instant } from "../../base/units.js";
import type { Replica } from "../replica/replica.js";
import { assertFollows } from "./instance-life.js";
import { StateTimes } from "./state-times.js";

const FIRST_CAPACITY = 16;

export class Instances {
  /** By pool. */
  readonly times: readonly StateTimes[];
  /** By slot; undefined where nothing is up. */
  readonly #replicas: (Replica | undefined)[] = [];
  #states = new Uint8Array(FIRST_CAPACITY);
  #pools = new Int32Array(FIRST_CAPACITY);
  #leaves = new Int32Array(FIRST_CAPACITY);
  /** How often the slot has become free. */
  #lives = new Int32Array(FIRST_CAPACITY);
  #speeds = new Float64Array(FIRST_CAPACITY);
  /** Slots of lost instances that are out as long as the scenario says, however many are wanted meanwhile. */
  readonly #keptOut = new Set<number>();
  /** No slot below is free. */
  #firstFree = 0;

  constructor(pools: number) {
    this.times = Array.from({ length: pools }, () => new StateTimes());
  }

  /** Slots to look through when visiting all instances. */
  get size(): number {
    return this.#replicas.length;
  }

  stateOf(slot: number): InstanceState {
    return this.#states[slot]! as InstanceState;
  }

  poolOf(slot: number): number {
    return this.#pools[slot]!;
  }

  /** Its place among the replicas of its pool. */
  leafOf(slot: number): number {
    return this.#leaves[slot]!;
  }

  /** Which instance of those that a slot has had: another number once it has been free. */
  lifeOf(slot: number): number {
    return this.#lives[slot]!;
  }

  /** Whether there is a replica in a slot. */
  isUp(slot: number): boolean {
    return this.#replicas[slot] !== undefined;
  }

  replicaOf(slot: number): Replica {
    return this.#replicas[slot]!;
  }

  /** Of the replica in a slot, as a share of its profile's: 0 where it hangs. */
  speedOf(slot: number): number {
    return this.#speeds[slot]!;
  }

  noteSpeed(slot: number, speed: number): void {
    this.#speeds[slot] = speed;
  }

  /** How many of all pools are in a stage of their start. */
  get starting(): number {
    return this.times.reduce((sum, times) => sum + times.countOf(START_STATES), 0);
  }

  isKeptOut(slot: number): boolean {
    return this.#keptOut.has(slot);
  }

  /** A lost instance is to be among those of its pool until it is repaired, as far as these are not all let go. */
  keepOut(slot: number): void {
    assert(this.stateOf(slot) === InstanceState.lost, "only what is lost is out");
    this.#keptOut.add(slot);
  }

  /** Replicas that are up, by slot, in the order of slots. */
  *up(): Generator<readonly [slot: number, replica: Replica]> {
    for (const [slot, replica] of this.#replicas.entries()) {
      if (replica !== undefined) yield [slot, replica];
    }
  }

  /** Slots of a pool's instances in the order of slots. */
  *ofPool(pool: number): Generator<number> {
    for (let slot = 0; slot < this.size; slot++) {
      if (this.#pools[slot] === pool && this.#states[slot] !== InstanceState.free) yield slot;
    }
  }

  /** The slot that the next instance gets: free, and for the pool from now on. */
  next(pool: number): number {
    let slot = this.#firstFree;
    while (slot < this.size && this.#states[slot] !== InstanceState.free) slot++;
    this.#firstFree = slot;
    if (slot === this.size) this.#replicas.push(undefined);
    if (slot === this.#states.length) this.#grow();
    this.#pools[slot] = pool;
    return slot;
  }

  move(slot: number, to: InstanceState, now: Instant): void {
    const from = this.stateOf(slot);
    assertFollows(from, to);
    if (from === InstanceState.lost) this.#keptOut.delete(slot);
    this.#states[slot] = to;
    this.times[this.#pools[slot]!]!.move(from, to, now);
    if (to !== InstanceState.free) return;
    this.#firstFree = Math.min(this.#firstFree, slot);
    this.#lives[slot]!++;
  }

  /** What is up in a slot, at full speed, and where it stands in its pool. */
  install(slot: number, replica: Replica, leaf: number): void {
    assert(this.#replicas[slot] === undefined, "a slot has one replica");
    this.#replicas[slot] = replica;
    this.#leaves[slot] = leaf;
    this.#speeds[slot] = 1;
  }

  uninstall(slot: number): void {
    this.#replicas[slot] = undefined;
  }

  #grow(): void {
    const size = 2 * this.#states.length;
    this.#states = grown(this.#states, size);
    this.#pools = grown(this.#pools, size);
    this.#leaves = grown(this.#leaves, size);
    this.#lives = grown(this.#lives, size);
    this.#speeds = grown(this.#speeds, size);
  }
}
