import { describe, expect, it } from "vitest";
import { instant } from "../../../../src/core/base/units.js";
import { PoolLoad } from "../../../../src/core/engine/foresight/pool-load.js";
import type { Pool } from "../../../../src/core/server/fleet/pool.js";
import type { StepProfile } from "../../../../src/core/server/profile/step-profile.js";

interface Inside {
  readonly slotsBusy: number;
  readonly queued?: number;
  readonly kvUsed?: number;
  readonly kvMost?: number;
  readonly replicaCount?: number;
}

/** Replicas of ten places each. */
function poolOf({ slotsBusy, queued = 0, kvUsed = 0, kvMost = Infinity, replicaCount = 4 }: Inside): Pool {
  const pool = {
    ...{ slotsBusy, kvMost, serving: { replicas: replicaCount }, queue: { length: queued } },
    replicas: [{ slots: 10 }],
    kvUsed: () => kvUsed,
  };
  return pool as unknown as Pool;
}

function loadOf(inside: Inside, profile?: Partial<StepProfile>): number {
  const load = new PoolLoad(poolOf(inside), profile as StepProfile | undefined);
  load.measure(instant(0));
  return load.replicas;
}

describe("the load of a pool", () => {
  it("is its sequences, in the queue and inside, over those that fit into a replica", () => {
    expect(loadOf({ slotsBusy: 12, queued: 3 })).toBe(1.5);
    expect(loadOf({ slotsBusy: 0, queued: 3, kvMost: 1000 })).toBe(0.3);
  });

  it("is by KV cache where fewer fit into that than there are places", () => {
    // 200 tokens each, five of which fit; of 50 tokens more than ten would.
    expect(loadOf({ slotsBusy: 12, kvUsed: 2400, kvMost: 1000 })).toBeCloseTo(2.4, 12);
    expect(loadOf({ slotsBusy: 12, queued: 3, kvUsed: 2400, kvMost: 1000 })).toBeCloseTo(3, 12);
    expect(loadOf({ slotsBusy: 12, kvUsed: 600, kvMost: 1000 })).toBeCloseTo(1.2, 12);
  });

  it("takes into account that full replicas are slower: as many times more are inside as a step takes longer", () => {
    // Three in each replica, and ten once they are full: 100 + 3 x 10 x 0.5 against 100 + 10 x 10 x 0.5.
    const profile = { base: () => 100, slope: () => 0.5 };
    expect(loadOf({ slotsBusy: 12, kvUsed: 120, kvMost: 1000 }, profile)).toBeCloseTo(1.2 * (150 / 115), 12);
  });

  it("is no less than the sequences say where replicas are as full as can be", () => {
    const profile = { base: () => 100, slope: () => 0.5 };
    const full = { slotsBusy: 10, replicaCount: 1, kvUsed: 100, kvMost: 1000 };
    expect(loadOf(full, profile)).toBeCloseTo(1, 12);
  });

  it("goes by the contexts that it measured last while nothing is inside", () => {
    const inside = { slotsBusy: 10, kvUsed: 2000, kvMost: 1000 };
    const pool = poolOf(inside) as unknown as {
      slotsBusy: number;
      queue: { length: number };
    };
    const load = new PoolLoad(pool as unknown as Pool, undefined);
    load.measure(instant(0));
    pool.slotsBusy = 0;
    pool.queue.length = 5;
    load.measure(instant(1));
    expect(load.replicas).toBe(1);
  });
});
