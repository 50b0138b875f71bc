// How close a pool is to shedding a path, as one whole number: its importance function. Any would keep the estimate
// unbiased; this one makes it sharp, since a pool sheds a request only when it is full of those that go before it.
import { assert } from "../../base/assert.js";
import type { SimulatedParts } from "../../engine/world/build-service.js";
import type { Pool } from "../../server/fleet/pool.js";

export class Crowding {
  readonly #pool: Pool;
  /** Ranks, from 0, whose requests an arrival of the path has to wait behind or cannot displace. */
  readonly #ranks: number;

  constructor(parts: SimulatedParts, tier: number) {
    const path = parts.paths[tier];
    assert(path !== undefined, "only a path of the scenario is shed by a pool");
    const { displaceLower } = parts.admissions[path.pool]!.policy;
    this.#pool = parts.pools[path.pool]!;
    this.#ranks = displaceLower ? path.rank + 1 : this.#pool.queue.rankCount;
  }

  /** Sequences inside, and requests in the queue. */
  get level(): number {
    const { queue, slotsBusy } = this.#pool;
    if (queue.length === 0) return slotsBusy;
    let level = slotsBusy;
    for (let rank = 0; rank < this.#ranks; rank++) level += queue.countOfRank(rank);
    return level;
  }
}
