// Requests and pools as the gateway and its policies see them, for unit tests and the contract of policies.
import type { Occupancy } from "../../src/core/server/gateway/policy.js";
import type { RequestFacts } from "../../src/core/server/gateway/request-facts.js";
import { PoolSignals } from "../../src/core/server/gateway/signals.js";

export function facts(changes: Partial<RequestFacts> = {}): RequestFacts {
  return {
    account: 0,
    path: 0,
    model: 0,
    pool: 0,
    rank: 0,
    inputTokens: 100,
    cachedTokens: 0,
    maxTokens: 50,
    ...changes,
  };
}

interface Load {
  readonly slots?: number;
  readonly busy?: number;
  /** By default as many as there are free slots. */
  readonly openings?: number;
  readonly kvTokens?: number;
  readonly kvUsed?: number;
  /** Waiting requests by rank. */
  readonly queued?: readonly number[];
}

export function signals({
  slots = 10,
  busy = 0,
  openings = slots - busy,
  kvTokens = 1000,
  kvUsed = 0,
  queued = [0, 0],
}: Load = {}): PoolSignals {
  const seen = new PoolSignals(queued.length);
  seen.slots = slots;
  seen.slotsBusy = busy;
  seen.openings = openings;
  seen.kvTokens = kvTokens;
  seen.kvUsed = kvUsed;
  seen.queuedByRank.set(queued);
  seen.queued = queued.reduce((sum, count) => sum + count, 0);
  return seen;
}

/** A pool as its own scheduler sees it. */
export const occupancy = (changes: Partial<Occupancy> = {}): Occupancy => ({
  slots: 10,
  slotsBusy: 0,
  kvTokens: 1000,
  kvUsed: 0,
  ...changes,
});
