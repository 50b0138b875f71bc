// Which replica of a pool is least loaded, without looking at all of them: a tournament over the replicas, in which one
// change is as many comparisons as the tree is deep. Knows loads as numbers.
import { assert } from "../base/assert.js";

/** No replica. */
export const NOWHERE = -1;

export class LoadIndex {
  readonly #leaves: number;
  readonly #loads: Float64Array;
  /** By node, the root at 1: the replica that won there. */
  readonly #winners: Int32Array;

  /** All replicas start out closed. */
  constructor(replicas: number) {
    assert(replicas > 0, "a pool has replicas");
    let leaves = 1;
    while (leaves < replicas) leaves *= 2;
    this.#leaves = leaves;
    this.#loads = new Float64Array(this.#leaves).fill(Number.POSITIVE_INFINITY);
    this.#winners = new Int32Array(this.#leaves);
    for (let node = this.#leaves - 1; node > 0; node--) this.#play(node);
  }

  /** The open replica with the least load, the first of equals; NOWHERE if none is open. */
  get least(): number {
    const winner = this.#leaves === 1 ? 0 : this.#winners[1]!;
    return this.#loads[winner] === Number.POSITIVE_INFINITY ? NOWHERE : winner;
  }

  loadOf(replica: number): number {
    return this.#loads[replica]!;
  }

  /** Infinity closes a replica. */
  set(replica: number, load: number): void {
    if (this.#loads[replica] === load) return;
    this.#loads[replica] = load;
    for (let node = (this.#leaves + replica) >> 1; node > 0; node >>= 1) this.#play(node);
  }

  #play(node: number): void {
    const left = this.#winnerAt(2 * node);
    const right = this.#winnerAt(2 * node + 1);
    this.#winners[node] = this.#loads[right]! < this.#loads[left]! ? right : left;
  }

  #winnerAt(node: number): number {
    return node >= this.#leaves ? node - this.#leaves : this.#winners[node]!;
  }
}
