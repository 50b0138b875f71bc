// How close a pool is to shedding a path, as one whole number: its importance function. Any would keep the estimate
// unbiased; this one makes it sharp, since a pool sheds a request only when it is full of those that go before it.
import { assert } from "../../base/assert.js";
import type { SimulatedParts } from "../../engine/world/build-service.js";
import type { Pool } from "../../server/fleet/pool.js";

export class Crowding {
  readonly #pool: Pool;
  readonly #rank: number;

  constructor({ paths, pools }: Pick<SimulatedParts, "paths" | "pools">, tier: number) {
    const path = paths[tier];
    assert(path !== undefined, "only a path of the scenario is shed by a pool");
    this.#pool = pools[path.pool]!;
    this.#rank = path.rank;
  }

  /** Sequences inside, and requests in the queue. */
  get level(): number {
    return this.#pool.crowding(this.#rank);
  }
}
