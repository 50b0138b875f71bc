// The nodes of a region: of each its type and zone, how many of its GPUs are free, which instances stand on it, and
// whether it is there. An instance goes to the node in use that it fills best, so that others stay whole; one larger
// than a node takes whole ones. Knows slots and GPUs, no pools and no time.
import { assert } from "../../base/assert.js";
import type { NodeType } from "./node-type.js";

export class Nodes {
  readonly types: readonly NodeType[];
  /** By type: its first node; behind the last, how many there are in all. */
  readonly #first: readonly number[];
  /** By type: from this node on none has ever been used. */
  readonly #unused: number[];
  readonly #typeOf: Int32Array;
  readonly #free: Float64Array;
  /** By node: how many have said that it is about to go, which it stays whatever else becomes of it. */
  readonly #cordons: Int32Array;
  readonly #gone: Uint8Array;
  /** By node: slots of the instances on it, in the order in which they came. */
  readonly #slots: number[][];
  /** By slot: the nodes that it stands on. */
  readonly #nodesOf: (readonly number[])[] = [];

  constructor(types: readonly NodeType[]) {
    this.types = types;
    const first = [0];
    for (const { nodes } of types) first.push(first.at(-1)! + nodes);
    const count = first.at(-1)!;
    this.#first = first;
    this.#unused = first.slice(0, -1);
    this.#typeOf = new Int32Array(count);
    this.#free = new Float64Array(count);
    this.#cordons = new Int32Array(count);
    this.#gone = new Uint8Array(count);
    this.#slots = Array.from({ length: count }, () => []);
    for (const [type, { gpusPerNode }] of types.entries()) {
      this.#typeOf.fill(type, first[type]!, first[type + 1]!);
      this.#free.fill(gpusPerNode, first[type]!, first[type + 1]!);
    }
  }

  get count(): number {
    return this.#typeOf.length;
  }

  typeOf(node: number): number {
    return this.#typeOf[node]!;
  }

  /** Counted within its type. */
  zoneOf(node: number): number {
    const type = this.typeOf(node);
    return (node - this.#first[type]!) % this.types[type]!.zones;
  }

  /** Nodes of a type, in order. */
  *ofType(type: number): Generator<number> {
    for (let node = this.#first[type]!; node < this.#first[type + 1]!; node++) yield node;
  }

  /** Of one that is gone none are free. */
  freeOf(node: number): number {
    return this.isGone(node) ? 0 : this.#free[node]!;
  }

  /** Slots of the instances on a node, in the order in which they came. */
  instancesOn(node: number): readonly number[] {
    return this.#slots[node]!;
  }

  /** Nodes that an instance stands on; none while it has no GPUs. */
  nodesOf(slot: number): readonly number[] {
    return this.#nodesOf[slot] ?? [];
  }

  isGone(node: number): boolean {
    return this.#gone[node] === 1;
  }

  isCordoned(node: number): boolean {
    return this.#cordons[node]! > 0;
  }

  /** Whether a node on which an instance stands is about to go. */
  isLeaving(slot: number): boolean {
    return this.nodesOf(slot).some((node) => this.isCordoned(node));
  }

  /** It takes no more instances until each that has said so takes it back. */
  cordon(node: number): void {
    this.#cordons[node]!++;
  }

  uncordon(node: number): void {
    assert(this.isCordoned(node), "a node that is uncordoned was cordoned");
    this.#cordons[node]!--;
  }

  goes(node: number): void {
    assert(!this.isGone(node), "a node goes once");
    this.#gone[node] = 1;
  }

  comesBack(node: number): void {
    assert(this.isGone(node), "a node that comes back was gone");
    this.#gone[node] = 0;
  }

  /** Whether it takes instances. */
  isOpen(node: number): boolean {
    return this.#gone[node] === 0 && this.#cordons[node] === 0;
  }

  /** Puts an instance of so many GPUs on nodes of a type, if there is room: says whether. */
  put(slot: number, gpus: number, type: number): boolean {
    const { gpusPerNode } = this.types[type]!;
    const nodes = gpus <= gpusPerNode ? this.#fitting(gpus, type) : this.#whole(gpus / gpusPerNode, type);
    if (nodes === undefined) return false;
    const share = Math.min(gpus, gpusPerNode);
    for (const node of nodes) {
      this.#unused[type] = Math.max(this.#unused[type]!, node + 1);
      this.#free[node]! -= share;
      this.#slots[node]!.push(slot);
    }
    this.#nodesOf[slot] = nodes;
    return true;
  }

  /** An instance of so many GPUs leaves its nodes. */
  remove(slot: number, gpus: number): void {
    for (const node of this.nodesOf(slot)) {
      this.#free[node]! += Math.min(gpus, this.types[this.typeOf(node)]!.gpusPerNode);
      const slots = this.#slots[node]!;
      slots.splice(slots.indexOf(slot), 1);
    }
    this.#nodesOf[slot] = [];
  }

  /** The node in use with the fewest free GPUs that are enough, the first of equals; else the first that is not. */
  #fitting(gpus: number, type: number): readonly number[] | undefined {
    let best = -1;
    for (let node = this.#first[type]!; node < this.#first[type + 1]!; node++) {
      if (best >= 0 && node >= this.#unused[type]!) break;
      const free = this.#free[node]!;
      if (free < gpus || !this.isOpen(node)) continue;
      if (best < 0 || free < this.#free[best]!) best = node;
    }
    return best < 0 ? undefined : [best];
  }

  #whole(count: number, type: number): readonly number[] | undefined {
    const { gpusPerNode } = this.types[type]!;
    if (!Number.isInteger(count)) return undefined;
    const found: number[] = [];
    for (let node = this.#first[type]!; node < this.#first[type + 1]!; node++) {
      if (this.#free[node] === gpusPerNode && this.isOpen(node)) found.push(node);
      if (found.length >= count) return found;
    }
    return undefined;
  }
}
