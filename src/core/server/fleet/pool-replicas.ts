// The replicas behind the queue of one pool: which of them take sequences, how loaded each is, and where a sequence
// goes. Each has a leaf, its place in the load index and in the order of equals; a leaf is used again once its replica
// has left, the lowest first. Knows no queue and no policy.
import { assert } from "../../base/assert.js";
import type { Instant } from "../../base/units.js";
import type { StatedPrompt } from "../attempts/stated/prompt.js";
import { NO_REQUEST } from "../gateway/queue/queue.js";
import type { Replica } from "../replica/replica.js";
import { CLOSED, LoadIndex, NOWHERE } from "./load-index.js";
import type { DatedSignals } from "./placement/rule.js";
import { Placement, type PlacementOptions } from "./placement.js";

/** What replicas have together. */
export class Capacity {
  replicas = 0;
  slots = 0;
  #kvTokens = 0;
  /** How many have memory without a bound. */
  #unbounded = 0;

  get kvTokens(): number {
    return this.#unbounded > 0 ? Number.POSITIVE_INFINITY : this.#kvTokens;
  }

  /** By one replica more, or less. */
  change({ slots, kvTokens }: Replica, by: 1 | -1): void {
    this.replicas += by;
    this.slots += by * slots;
    if (kvTokens === Number.POSITIVE_INFINITY) this.#unbounded += by;
    else this.#kvTokens += by * kvTokens;
  }
}

export class PoolReplicas {
  /** Of those that serve, and of those among them that take more: not those that drain. */
  readonly serving = new Capacity();
  readonly ready = new Capacity();
  /** Sequences that could start at once, as far as anything but memory is concerned. */
  openings = 0;
  /** By leaf: the replica, and its slot in the table of instances. */
  readonly #replicas: (Replica | undefined)[] = [];
  readonly #slots: number[] = [];
  #peakOfLeft = 0;
  /** Leaves whose replicas take sequences, in order; those whose replicas drain; those without one, in order. */
  readonly #readyLeaves: number[] = [];
  /** Counts the changes of that first list. */
  #membership = 0;
  readonly #drainingLeaves: number[] = [];
  readonly #freeLeaves: number[] = [];
  readonly #loads = new LoadIndex();
  readonly #placement: Placement;
  readonly #openingsOf: number[] = [];
  /** The request that found room in no replica, and the leaves that have changed since: no other has room for it. */
  #blocked = NO_REQUEST;
  readonly #changed: number[] = [];
  /** By leaf: whether it stands in that list. */
  readonly #isChanged: boolean[] = [];

  constructor(placement: PlacementOptions) {
    this.#placement = new Placement(placement, {
      replicas: this.#replicas as readonly Replica[],
      ready: this.#readyLeaves,
      membership: () => this.#membership,
      loads: this.#loads,
    });
  }

  /** What placement knows by copy; undefined where it sees them as they are. */
  get placementSignals(): DatedSignals | undefined {
    return this.#placement.signals;
  }

  /** Of those that serve, in the order of leaves. */
  all(): Replica[] {
    return this.#replicas.filter((replica) => replica !== undefined);
  }

  /** Of those that take sequences, likewise. */
  takers(): Replica[] {
    return this.#readyLeaves.map((leaf) => this.#replicas[leaf]!);
  }

  slotOf(leaf: number): number {
    return this.#slots[leaf]!;
  }

  kvUsed(now: Instant): number {
    let tokens = 0;
    for (const replica of this.#replicas) if (replica !== undefined) tokens += replica.kvUsed(now);
    return tokens;
  }

  get isDraining(): boolean {
    return this.#drainingLeaves.length > 0;
  }

  /** The most KV tokens that one of them has had in use since `forgetPeak`, those that have left included. */
  kvPeak(now: Instant): number {
    return this.all().reduce((peak, replica) => Math.max(peak, replica.kvPeak(now)), this.#peakOfLeft);
  }

  forgetPeak(now: Instant): void {
    this.#peakOfLeft = 0;
    for (const replica of this.all()) replica.forgetPeak(now);
  }

  /** Sequences in replicas that drain, and the KV tokens that they take. */
  get drainingBusy(): number {
    let busy = 0;
    for (const leaf of this.#drainingLeaves) busy += this.#replicas[leaf]!.slotsBusy;
    return busy;
  }

  drainingKv(now: Instant): number {
    let tokens = 0;
    for (const leaf of this.#drainingLeaves) tokens += this.#replicas[leaf]!.kvUsed(now);
    return tokens;
  }

  /** One replica more, that takes sequences: returns its leaf. */
  add(slot: number, replica: Replica): number {
    const leaf = this.#freeLeaves.shift() ?? this.#open();
    this.#replicas[leaf] = replica;
    this.#slots[leaf] = slot;
    this.serving.change(replica, 1);
    this.takeMore(leaf);
    return leaf;
  }

  /** A replica that serves takes sequences, for the first time or again. */
  takeMore(leaf: number): void {
    removeFrom(this.#drainingLeaves, leaf);
    insert(leaf, this.#readyLeaves);
    this.#membership++;
    this.ready.change(this.#replicas[leaf]!, 1);
    this.changed(leaf);
  }

  /** It keeps what it has, and takes no more. */
  drain(leaf: number): void {
    removeFrom(this.#readyLeaves, leaf);
    this.#membership++;
    this.#drainingLeaves.push(leaf);
    this.ready.change(this.#replicas[leaf]!, -1);
    this.#close(leaf);
  }

  /** An empty replica leaves. */
  remove(leaf: number, now: Instant): void {
    const replica = this.#replicas[leaf]!;
    assert(replica.slotsBusy === 0, "a replica leaves its pool empty");
    this.#peakOfLeft = Math.max(this.#peakOfLeft, replica.kvPeak(now));
    if (removeFrom(this.#readyLeaves, leaf)) {
      this.#membership++;
      this.ready.change(replica, -1);
    } else removeFrom(this.#drainingLeaves, leaf);
    this.serving.change(replica, -1);
    this.#close(leaf);
    this.#replicas[leaf] = undefined;
    insert(leaf, this.#freeLeaves);
  }

  /** A replica may be more or less loaded than before, or have more or fewer places. */
  changed(leaf: number): void {
    if (this.#drainingLeaves.length > 0 && this.#drainingLeaves.includes(leaf)) return;
    const { openings, slotsBusy, slots } = this.#replicas[leaf]!;
    this.openings += openings - this.#openingsOf[leaf]!;
    this.#openingsOf[leaf] = openings;
    this.#loads.set(leaf, openings > 0 ? slotsBusy / slots : CLOSED);
    this.#placement.changed(leaf);
    if (this.#blocked === NO_REQUEST || this.#isChanged[leaf]!) return;
    this.#isChanged[leaf] = true;
    this.#changed.push(leaf);
  }

  /** Where a request that is to start next goes; NOWHERE if no replica has room for it. */
  place(request: number, work: StatedPrompt, now: Instant): number {
    const isStillBlocked = request === this.#blocked;
    const leaf = isStillBlocked
      ? this.#placement.chooseAmong(this.#changed, work, now)
      : this.#placement.choose(work, now);
    this.#blocked = leaf === NOWHERE ? request : NO_REQUEST;
    while (this.#changed.length > 0) this.#isChanged[this.#changed.pop()!] = false;
    return leaf;
  }

  /** A request is not to start any more. */
  forget(request: number): void {
    if (request === this.#blocked) this.#blocked = NO_REQUEST;
  }

  /** Whether one that takes sequences has room for this one. */
  hasRoomFor(work: StatedPrompt, now: Instant): boolean {
    return this.#readyLeaves.some((leaf) => this.#replicas[leaf]!.fits(work, now));
  }

  #open(): number {
    this.#replicas.push(undefined);
    this.#openingsOf.push(0);
    this.#isChanged.push(false);
    return this.#loads.add();
  }

  #close(leaf: number): void {
    this.openings -= this.#openingsOf[leaf]!;
    this.#openingsOf[leaf] = 0;
    this.#loads.set(leaf, CLOSED);
  }
}

/** Into a list that is in order. */
function insert(leaf: number, leaves: number[]): void {
  const last = leaves.at(-1);
  if (last === undefined || last < leaf) leaves.push(leaf);
  else
    leaves.splice(
      leaves.findIndex((other) => other > leaf),
      0,
      leaf,
    );
}

/** Whether it was there. */
function removeFrom(leaves: number[], leaf: number): boolean {
  const place = leaves.indexOf(leaf);
  if (place >= 0) leaves.splice(place, 1);
  return place >= 0;
}
