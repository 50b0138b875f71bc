// The GPUs of a region by type of node: how many there are, which instances hold them, and how long they have been
// held, free, or out of reach because their node is gone. At every instant the three are all GPUs there are (LAW-15).
import type { Instant } from "../../base/units.js";
import { GpuTime } from "./gpu-time.js";
import { gpusOn, type NodeType } from "./node-type.js";
import { Nodes } from "./nodes.js";

interface TypeTimes {
  /** By pool. */
  readonly held: GpuTime[];
  readonly free: GpuTime;
  readonly gone: GpuTime;
}

export interface Holding {
  readonly pool: number;
  readonly gpus: number;
  readonly type: number;
}

export class Inventory {
  readonly nodes: Nodes;
  /** At most. */
  readonly gpus: number;
  readonly allTypes: readonly number[];
  readonly #times: readonly TypeTimes[];
  /** By slot. */
  readonly #holdings: (Holding | undefined)[] = [];
  #taken = 0;

  constructor(types: readonly NodeType[], pools: number) {
    this.nodes = new Nodes(types);
    this.allTypes = [...types.keys()];
    this.gpus = gpusOn(types);
    this.#times = types.map(({ nodes, gpusPerNode }) => ({
      held: Array.from({ length: pools }, () => new GpuTime()),
      free: new GpuTime(nodes * gpusPerNode),
      gone: new GpuTime(),
    }));
  }

  get types(): readonly NodeType[] {
    return this.nodes.types;
  }

  /** GPUs that instances hold. */
  get taken(): number {
    return this.#taken;
  }

  /** GPUs that a fault may strike. */
  get breakable(): number {
    return gpusOn(this.types.filter(({ isSpared }) => isSpared !== true));
  }

  /** Whether no fault strikes an instance where it stands. */
  isSpared(slot: number): boolean {
    const holding = this.#holdings[slot];
    return holding !== undefined && this.types[holding.type]!.isSpared === true;
  }

  /** What an instance holds. */
  holdingOf(slot: number): Holding | undefined {
    return this.#holdings[slot];
  }

  /** Takes GPUs of the first of these types that has them as an instance needs: says whether. */
  take(slot: number, pool: number, gpus: number, types: readonly number[], now: Instant): boolean {
    const type = types.find((one) => this.nodes.put(slot, gpus, one));
    if (type === undefined) return false;
    const { held, free } = this.#times[type]!;
    held[pool]!.change(gpus, now);
    free.change(-gpus, now);
    this.#holdings[slot] = { pool, gpus, type };
    this.#taken += gpus;
    return true;
  }

  /** Says whether any of them can be had again. */
  giveBack(slot: number, now: Instant): boolean {
    const { pool, gpus, type } = this.#holdings[slot]!;
    const { held, free, gone } = this.#times[type]!;
    const nodes = this.nodes.nodesOf(slot);
    const share = gpus / nodes.length;
    this.nodes.remove(slot, gpus);
    this.#holdings[slot] = undefined;
    this.#taken -= gpus;
    held[pool]!.change(-gpus, now);
    let canBeHad = false;
    for (const node of nodes) {
      const isGone = this.nodes.isGone(node);
      (isGone ? gone : free).change(share, now);
      if (!isGone && !this.nodes.isCordoned(node)) canBeHad = true;
    }
    return canBeHad;
  }

  /** A node is gone: its free GPUs are, too, and those that are held as soon as they are given back. */
  nodeGoes(node: number, now: Instant): void {
    this.#moveFree(node, -1, now);
    this.nodes.goes(node);
  }

  nodeComesBack(node: number, now: Instant): void {
    this.nodes.comesBack(node);
    this.#moveFree(node, 1, now);
  }

  #moveFree(node: number, sign: 1 | -1, now: Instant): void {
    const gpus = this.nodes.freeOf(node);
    const { free, gone } = this.#times[this.nodes.typeOf(node)]!;
    free.change(sign * gpus, now);
    gone.change(-sign * gpus, now);
  }

  /** Times count from now on. */
  reset(now: Instant): void {
    for (const time of this.#all()) time.reset(now);
  }

  /** GPU-seconds that no instance has held, of one type or of all, until an instant not before the last change. */
  freeSeconds(until: Instant, type?: number): number {
    return this.#ofTypes(type).reduce((sum, { free }) => sum + free.seconds(until), 0);
  }

  /** GPU-seconds of nodes that were gone, likewise. */
  goneSeconds(until: Instant, type?: number): number {
    return this.#ofTypes(type).reduce((sum, { gone }) => sum + gone.seconds(until), 0);
  }

  /** GPU-seconds of a type that instances of a pool have held, likewise. */
  heldSeconds(type: number, pool: number, until: Instant): number {
    return this.#times[type]!.held[pool]!.seconds(until);
  }

  #ofTypes(type: number | undefined): readonly TypeTimes[] {
    return type === undefined ? this.#times : [this.#times[type]!];
  }

  *#all(): Generator<GpuTime> {
    for (const { held, free, gone } of this.#times) yield* [...held, free, gone];
  }
}
