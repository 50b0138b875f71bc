// Which replica of a pool is least loaded, without looking at all of them: a tournament over leaves, one a replica, in
// which one change is at most as many comparisons as the tree is deep. Where memory is short it also keeps, by node,
// the most room that any replica below it may have, so that a search leaves out whole branches. It grows leaf by leaf;
// a leaf without a replica is closed. Knows loads and room as numbers.

/** No replica. */
export const NOWHERE = -1;

/** The load of a leaf that takes nothing. */
export const CLOSED = Number.POSITIVE_INFINITY;

export class LoadIndex {
  /** Places for leaves, a power of two, and how many are there. */
  #capacity = 1;
  #size = 0;
  #loads = new Float64Array(1).fill(CLOSED);
  /** By node, the root at 1, leaves included: the leaf that won there. */
  #winners = new Int32Array(2);
  /** By node, leaves included: no replica below has more room. Infinity until a replica reports less. */
  #rooms = new Float64Array(2).fill(Number.POSITIVE_INFINITY);

  get size(): number {
    return this.#size;
  }

  /** One leaf more, closed: returns its number, counted from 0. */
  add(): number {
    if (this.#size === this.#capacity) this.#grow();
    return this.#size++;
  }

  /** The open leaf with the least load, the first of equals; NOWHERE if none is open. */
  get least(): number {
    const winner = this.#winners[1]!;
    return this.#loads[winner] === CLOSED ? NOWHERE : winner;
  }

  loadOf(leaf: number): number {
    return this.#loads[leaf]!;
  }

  /** CLOSED closes a leaf. */
  set(leaf: number, load: number): void {
    if (this.#loads[leaf] === load) return;
    this.#loads[leaf] = load;
    const loads = this.#loads;
    const winners = this.#winners;
    for (let node = (this.#capacity + leaf) >> 1; node > 0; node >>= 1) {
      const before = winners[node]!;
      const winner = betterOf(loads, winners[2 * node]!, winners[2 * node + 1]!);
      winners[node] = winner;
      // Above, nothing has changed: the one who won here wins still, with the load it had.
      if (before !== leaf && winner === before) return;
    }
  }

  /** A replica has no more room than that. */
  limitRoom(leaf: number, room: number): void {
    let node = this.#capacity + leaf;
    if (this.#rooms[node] === room) return;
    this.#rooms[node] = room;
    for (node >>= 1; node > 0; node >>= 1) {
      const most = Math.max(this.#rooms[2 * node]!, this.#rooms[2 * node + 1]!);
      if (this.#rooms[node] === most) return;
      this.#rooms[node] = most;
    }
  }

  /** The least loaded open leaf that may have that much room and that `fits`; NOWHERE if there is none. */
  leastWith(room: number, fits: (leaf: number) => boolean, node = 1, best = NOWHERE): number {
    if (this.#rooms[node]! < room) return best;
    const winner = this.#winners[node]!;
    const load = this.#loads[winner]!;
    // No replica below is better: with equal loads the first counts, and branches are gone through in order.
    if (load === CLOSED || (best !== NOWHERE && load >= this.#loads[best]!)) return best;
    if (node >= this.#capacity) return fits(winner) ? winner : best;
    const left = this.leastWith(room, fits, 2 * node, best);
    return this.leastWith(room, fits, 2 * node + 1, left);
  }

  #grow(): void {
    const before = this.#capacity;
    const capacity = 2 * before;
    const loads = new Float64Array(capacity).fill(CLOSED);
    loads.set(this.#loads);
    const rooms = new Float64Array(2 * capacity).fill(Number.POSITIVE_INFINITY);
    rooms.set(this.#rooms.subarray(before), capacity);
    this.#capacity = capacity;
    this.#loads = loads;
    this.#rooms = rooms;
    const winners = new Int32Array(2 * capacity);
    for (let leaf = 0; leaf < capacity; leaf++) winners[capacity + leaf] = leaf;
    for (let node = capacity - 1; node > 0; node--) {
      rooms[node] = Math.max(rooms[2 * node]!, rooms[2 * node + 1]!);
      winners[node] = betterOf(loads, winners[2 * node]!, winners[2 * node + 1]!);
    }
    this.#winners = winners;
  }
}

/** Of two leaves the one with less load, of equals the first. */
function betterOf(loads: Float64Array, left: number, right: number): number {
  return loads[right]! < loads[left]! ? right : left;
}
