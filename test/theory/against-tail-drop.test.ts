// What a concurrency limit, a policy or a queue rule is for: each against tail-drop alone, on the same seeds, in a world
// of its own where the two differ in sign. Intervals of the means over the replications must be apart.
import { expect, test } from "vitest";
import type { MeanInterval, RunResult, ScenarioInput } from "../../src/core/index.js";
import { measured } from "../support/oracle.js";

type PoolInput = ScenarioInput["pools"][string];

const OPTIONS = { replications: 10, confidence: 0.99 };

/** That all of `less` lies below all of `more`. */
function expectBelow(less: MeanInterval, more: MeanInterval): void {
  expect(less.high).toBeLessThan(more.low);
}

const CHAT: ScenarioInput = {
  schemaVersion: 1,
  duration: "3m",
  warmup: "60s",
  inventory: { gpus: 1 },
  pools: {
    shared: {
      replicas: 1,
      replica: {
        engine: "batching",
        profile: "llama-3.1-8b-h100",
        maxSequences: 256,
        maxBatchedTokens: 2048,
      },
    },
  },
  paths: {
    standard: { model: "m", pool: "shared", rank: 1 },
    priority: { model: "m", serviceTier: "priority", pool: "shared", rank: 0 },
  },
  traffic: {
    callers: {
      arrivals: { process: "poisson", rate: 16 },
      input: { dist: "lognormal", median: 1500, sigma: 0.6 },
      output: { dist: "lognormal", median: 300, sigma: 0.5 },
      mix: { standard: 0.8, priority: 0.2 },
    },
  },
};

function measuredWith<Name extends string>(
  changes: Partial<PoolInput>,
  measures: Readonly<Record<Name, (run: RunResult) => number | null>>,
  world = CHAT,
): Record<Name, MeanInterval> {
  const pools = { shared: { ...world.pools["shared"]!, ...changes } };
  return measured({ ...world, pools }, measures, OPTIONS);
}

test("saturation: Priority waits less, since Standard is refused long before the queue is full", () => {
  const { replica } = CHAT.pools["shared"]!;
  const pool = { replica: { ...replica, kvTokens: 120_000 } as PoolInput["replica"] };
  const measures = {
    ttft: ({ tiers }: RunResult) => tiers[1]!.ttft.p99,
    wait: ({ tiers }: RunResult) => tiers[1]!.queueWait.mean,
    shed: ({ tiers }: RunResult) => tiers[0]!.overloadedRate,
    queued: ({ pools }: RunResult) => pools[0]!.queuedMean,
  };
  const alone = measuredWith({ ...pool, admission: { policy: "tail-drop", maxQueue: 20 } }, measures);
  const refusing = measuredWith({ ...pool, admission: { policy: "saturation", maxQueue: 20 } }, measures);
  expectBelow(refusing.wait, alone.wait);
  expectBelow(refusing.ttft, alone.ttft);
  expectBelow(alone.shed, refusing.shed);
  expect([alone.queued.mean > 15, refusing.queued.high < 1]).toEqual([true, true]);
});

test("aimd: first tokens of those let in come sooner under overload, and more are shed for it", () => {
  const admission = { policy: "tail-drop", maxQueue: 0 } as const;
  const measures = {
    ttft: ({ all }: RunResult) => all.ttft.p99,
    speed: ({ all }: RunResult) => all.tokensPerSecond.p50,
    shed: ({ all }: RunResult) => all.overloadedRate,
  };
  const alone = measuredWith({ admission }, measures);
  const concurrency = { limit: "aimd", slow: "200ms", least: 10, most: 256 } as const;
  const limited = measuredWith({ admission, concurrency }, measures);
  expectBelow(limited.ttft, alone.ttft);
  expectBelow(alone.speed, limited.speed);
  expectBelow(alone.shed, limited.shed);
});

test("vtc: a light account beside a heavy one hardly waits, and is not shed for it", () => {
  const ofOne = (rate: number, path: string) => ({
    ...CHAT.traffic["callers"]!,
    arrivals: { process: "poisson", rate } as const,
    mix: { [path]: 1 },
  });
  const light = { model: "m", serviceTier: "light", pool: "shared", rank: 1 };
  const beside: ScenarioInput = {
    ...CHAT,
    paths: { standard: CHAT.paths["standard"]!, light },
    traffic: { heavy: ofOne(12, "standard"), light: ofOne(1, "light") },
  };
  const { replica } = CHAT.pools["shared"]!;
  const pool: Partial<PoolInput> = {
    replica: { ...replica, maxSequences: 64 } as PoolInput["replica"],
    admission: { policy: "tail-drop", maxQueue: 1000, queueTimeout: "10s" },
  };
  const measures = {
    wait: ({ tiers }: RunResult) => tiers[1]!.queueWait.mean,
    shed: ({ tiers }: RunResult) => tiers[1]!.overloadedRate,
    heavyWait: ({ tiers }: RunResult) => tiers[0]!.queueWait.mean,
  };
  const first = measuredWith({ ...pool, discipline: "fifo" }, measures, beside);
  const fair = measuredWith({ ...pool, discipline: "vtc" }, measures, beside);
  expect([fair.wait.high < 1, first.wait.low > 5]).toEqual([true, true]);
  expectBelow(fair.shed, first.shed);
  expect(fair.heavyWait.mean).toBeGreaterThan(5);
});
