// How close a pool is to shedding a path, as one whole number: its importance function. Any would keep the estimate
// unbiased; this one makes it sharp, since a pool sheds a request only when it is full of those that go before it.
import { assert } from "../../base/assert.js";
import type { SimulatedParts } from "../../engine/world/build-service.js";
import type { Pool } from "../../server/fleet/pool.js";

export class Crowding {
  readonly #pool: Pool;
  /** Lanes whose requests an arrival of the path has to wait behind or cannot displace. */
  readonly #lanes: readonly number[];

  constructor(parts: SimulatedParts, tier: number) {
    const path = parts.paths[tier];
    assert(path !== undefined, "only a path of the scenario is shed by a pool");
    const { displaceLower } = parts.policies[path.pool]!;
    this.#pool = parts.pools[path.pool]!;
    this.#lanes = this.#pool.queue.ranks.flatMap((rank, lane) =>
      rank <= path.rank || !displaceLower ? [lane] : [],
    );
  }

  /** Sequences inside, and requests in the queue. */
  get level(): number {
    const { queue, slotsBusy } = this.#pool;
    if (queue.length === 0) return slotsBusy;
    let level = slotsBusy;
    for (let index = 0; index < this.#lanes.length; index++) level += queue.countOf(this.#lanes[index]!);
    return level;
  }
}
