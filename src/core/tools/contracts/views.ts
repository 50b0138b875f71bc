// Requests and pools as a gateway and its policies see them, with whatever is not said at something plain.
import type { RequestFacts } from "../../server/gateway/request-facts.js";
import { PoolSignals } from "../../server/gateway/signals.js";

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

export interface PoolLoad {
  readonly replicas?: number;
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
  replicas = 1,
  slots = 10,
  busy = 0,
  openings = slots - busy,
  kvTokens = 1000,
  kvUsed = 0,
  queued = [0, 0],
}: PoolLoad = {}): PoolSignals {
  const seen = new PoolSignals(queued.length);
  seen.replicas = replicas;
  seen.slots = slots;
  seen.slotsBusy = busy;
  seen.openings = openings;
  seen.kvTokens = kvTokens;
  seen.kvUsed = kvUsed;
  seen.queuedByRank.set(queued);
  seen.queued = queued.reduce((sum, count) => sum + count, 0);
  return seen;
}
