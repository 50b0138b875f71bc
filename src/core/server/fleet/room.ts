// What others give up so that instances find room: those that make a node free enough, and none in vain. GPUs count
// where they are free, or held by instances that leave, on nodes that take instances and are of a type that will do.
// Knows slots, nodes and GPUs; who may displace whom, and how far, is displacement.ts's business.
import type { Inventory } from "./inventory.js";

/** Room for instances of one size on types of nodes, as it will be once some that are there have left. */
export class Room {
  readonly #inventory: Inventory;
  readonly #gpus: number;
  readonly #types: readonly number[];
  /** By node: GPUs that are free then. */
  readonly #free: Float64Array;
  /** By type: how many instances fit; where one takes whole nodes, how many nodes are free. */
  readonly #fitting: number[];

  constructor(inventory: Inventory, gpus: number, types: readonly number[]) {
    const { nodes } = inventory;
    this.#inventory = inventory;
    this.#gpus = gpus;
    this.#types = types;
    this.#free = Float64Array.from({ length: nodes.count }, (_, node) => nodes.freeOf(node));
    this.#fitting = nodes.types.map(() => 0);
    for (let node = 0; node < nodes.count; node++) this.#fitting[nodes.typeOf(node)]! += this.#onNode(node);
  }

  /** How many instances of its size find a place. */
  get fits(): number {
    return this.#types.reduce((sum, type) => {
      const whole = this.#gpus / this.#inventory.types[type]!.gpusPerNode;
      return sum + Math.floor(this.#fitting[type]! / Math.max(1, whole));
    }, 0);
  }

  /** Whether an instance stands where one of its size might. */
  isOf(slot: number): boolean {
    const holding = this.#inventory.holdingOf(slot);
    if (holding === undefined || !this.#types.includes(holding.type)) return false;
    const { nodes } = this.#inventory;
    return nodes.nodesOf(slot).some((node) => nodes.isOpen(node));
  }

  /** An instance leaves. */
  leaves(slot: number): void {
    this.#change(slot, 1);
  }

  /** It stays after all. */
  stays(slot: number): void {
    this.#change(slot, -1);
  }

  /** One of any size comes, of these types the first that has room, if any: what others wait for as well. */
  comes(gpus: number, types: readonly number[]): void {
    const { nodes } = this.#inventory;
    for (const type of types) {
      const share = Math.min(gpus, nodes.types[type]!.gpusPerNode);
      const isEnough = (node: number) => nodes.isOpen(node) && this.#free[node]! >= share;
      const found = [...nodes.ofType(type)].filter(isEnough).slice(0, gpus / share);
      if (found.length < gpus / share) continue;
      for (const node of found) this.#add(node, -share);
      return;
    }
  }

  #change(slot: number, sign: 1 | -1): void {
    const { gpus } = this.#inventory.holdingOf(slot)!;
    const nodes = this.#inventory.nodes.nodesOf(slot);
    for (const node of nodes) this.#add(node, (sign * gpus) / nodes.length);
  }

  #add(node: number, gpus: number): void {
    const type = this.#inventory.nodes.typeOf(node);
    this.#fitting[type]! -= this.#onNode(node);
    this.#free[node]! += gpus;
    this.#fitting[type]! += this.#onNode(node);
  }

  #onNode(node: number): number {
    const { nodes } = this.#inventory;
    const { gpusPerNode } = nodes.types[nodes.typeOf(node)]!;
    if (!nodes.isOpen(node)) return 0;
    if (this.#gpus <= gpusPerNode) return Math.floor(this.#free[node]! / this.#gpus);
    return this.#gpus % gpusPerNode === 0 && this.#free[node] === gpusPerNode ? 1 : 0;
  }
}

/**
 * Of those that may be given up, the first first, the ones that make room for so many, as far as that can be made. The
 * room is left without these.
 */
export function givenUp(room: Room, waiting: number, slots: readonly number[]): readonly number[] {
  const chosen: number[] = [];
  for (const slot of slots) {
    if (room.fits >= waiting) break;
    room.leaves(slot);
    chosen.push(slot);
  }
  const reached = Math.min(room.fits, waiting);
  return chosen.filter((slot) => {
    room.stays(slot);
    if (room.fits >= reached) return false;
    room.leaves(slot);
    return true;
  });
}
