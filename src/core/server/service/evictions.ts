// Evictions: who is ended while it runs, for one of a higher rank that has to wait. Only where that makes room, and
// where the queue rule has one of a higher rank take it. Which of those inside a pool it would be is the admission's to
// say.
import type { Instant } from "../../base/units.js";
import type { AttemptTable } from "../attempts/attempt-table.js";
import type { Fleet } from "../fleet/fleet.js";
import type { Pool, WaitingFacts } from "../fleet/pool.js";
import type { Gateway } from "../gateway/gateway.js";
import { NO_REQUEST } from "../gateway/queue/queue.js";

interface EvictionParts {
  readonly gateway: Gateway;
  readonly fleet: Fleet;
  readonly pools: readonly Pool[];
}

export class Evictions {
  readonly #attempts: AttemptTable;
  readonly #facts: WaitingFacts;
  readonly #parts: EvictionParts;
  /**
   * Whether the instance of a running attempt takes another in its place. Made outside the constructor: a closure over
   * that one's variables had engines keep whole worlds until their next full collection (2.6 MB instead of 0.3 with
   * every small one).
   */
  readonly #takesOthers = (attempt: number): boolean =>
    !this.#parts.fleet.drains(this.#attempts.work.instance(attempt));

  constructor(attempts: AttemptTable, facts: WaitingFacts, parts: EvictionParts) {
    this.#attempts = attempts;
    this.#facts = facts;
    this.#parts = parts;
  }

  /** The running attempt that one of `rank` which has to wait in a pool ends; NO_REQUEST for none. */
  victimOf(rank: number, pool: number, now: Instant): number {
    const { gateway, fleet, pools } = this.#parts;
    const { stated, work } = this.#attempts;
    const admission = gateway.admissionOf(pool);
    if (!admission.policy.evictsLower) return NO_REQUEST;
    const next = pools[pool]!.nextUp(this.#facts, now);
    if (next === NO_REQUEST) return NO_REQUEST;
    const victim = admission.evictedBy(Math.max(rank, stated.rank(next)), this.#takesOthers);
    if (victim === NO_REQUEST) return NO_REQUEST;
    const replica = fleet.instances.replicaOf(work.instance(victim));
    return replica.openingsWithout(victim) > 0 ? victim : NO_REQUEST;
  }
}
