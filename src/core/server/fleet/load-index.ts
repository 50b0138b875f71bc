// Which replica of a pool is least loaded, without looking at all of them: a tournament over the replicas, in which one
// change is as many comparisons as the tree is deep. Where memory is short it also keeps, by node, the most room that
// any replica below it may have, so that a search leaves out whole branches. Knows loads and room as numbers.
import { assert } from "../../base/assert.js";

/** No replica. */
export const NOWHERE = -1;

export class LoadIndex {
  readonly #leaves: number;
  readonly #loads: Float64Array;
  /** By node, the root at 1: the replica that won there. */
  readonly #winners: Int32Array;
  /** By node, leaves included: no replica below has more room. Infinity until a replica reports less. */
  readonly #rooms: Float64Array;

  /** All replicas start out closed. */
  constructor(replicas: number) {
    assert(replicas > 0, "a pool has replicas");
    let leaves = 1;
    while (leaves < replicas) leaves *= 2;
    this.#leaves = leaves;
    this.#loads = new Float64Array(leaves).fill(Number.POSITIVE_INFINITY);
    this.#rooms = new Float64Array(2 * leaves).fill(Number.POSITIVE_INFINITY);
    this.#winners = new Int32Array(leaves);
    for (let node = leaves - 1; node > 0; node--) this.#play(node);
  }

  /** The open replica with the least load, the first of equals; NOWHERE if none is open. */
  get least(): number {
    const winner = this.#winnerAt(1);
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

  /** A replica has no more room than that. */
  limitRoom(replica: number, room: number): void {
    let node = this.#leaves + replica;
    if (this.#rooms[node] === room) return;
    this.#rooms[node] = room;
    for (node >>= 1; node > 0; node >>= 1) {
      const most = Math.max(this.#rooms[2 * node]!, this.#rooms[2 * node + 1]!);
      if (this.#rooms[node] === most) return;
      this.#rooms[node] = most;
    }
  }

  /** The least loaded open replica that may have that much room and that `fits`; NOWHERE if there is none. */
  leastWith(room: number, fits: (replica: number) => boolean, node = 1, best = NOWHERE): number {
    if (this.#rooms[node]! < room) return best;
    const winner = this.#winnerAt(node);
    const load = this.#loads[winner]!;
    // No replica below is better: with equal loads the first counts, and branches are gone through in order.
    if (load === Number.POSITIVE_INFINITY || (best !== NOWHERE && load >= this.#loads[best]!)) return best;
    if (node >= this.#leaves) return fits(winner) ? winner : best;
    const left = this.leastWith(room, fits, 2 * node, best);
    return this.leastWith(room, fits, 2 * node + 1, left);
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
