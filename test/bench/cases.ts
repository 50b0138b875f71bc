// The rows of the benchmark: the event queue by itself, and runs of static fleets. Timing is the runner's business.

import type { Instant } from "../../src/core/base/units.js";
import { parseScenario, type ScenarioInput, Simulation } from "../../src/core/index.js";
import { EventQueue } from "../../src/core/kernel/event-queue.js";
import { Phase } from "../../src/core/kernel/phase.js";
import { openStream } from "../../src/core/random/stream.js";
import { type BenchCase, REPLICA, simulated, WARM_UP } from "./bench-case.js";

/** Hold model: pop the next event, push another at a random later time. */
function eventQueue(pending: number, pairs: number): BenchCase {
  return {
    name: `event queue, ${pending} pending`,
    unit: "pairs",
    prepare: () => () => {
      const stream = openStream("bench", "queue");
      const delays = Float64Array.from({ length: 4096 }, () => 1 + stream.below(1_000_000));
      const queue = new EventQueue(pending);
      for (let index = 0; index < pending; index++)
        queue.schedule(delays[index % 4096]! as Instant, Phase.step, 0, index);
      for (let pair = 0; pair < pairs; pair++) {
        queue.pop();
        queue.schedule((queue.time + delays[pair % 4096]!) as Instant, Phase.step, 0, queue.subject);
      }
      return { amount: pairs, events: pairs, epochs: 0, kept: queue };
    },
  };
}

const LOAD = 0.7;
const PROMPT_TOKENS = 1024;

export interface FleetCase {
  readonly replicas: number;
  readonly requests: number;
  readonly outputTokens: number;
  readonly stepByStep?: boolean;
  readonly gated?: Gated;
}

interface Demand {
  readonly rate: number;
  readonly duration: number;
  readonly queue: number;
}

type PoolInput = ScenarioInput["pools"][string];

/** What stands in front of the pool, beside its default. */
export type Gated = Pick<PoolInput, "admission" | "concurrency" | "discipline">;

function fleet(
  { replicas, outputTokens, gated }: FleetCase,
  { rate, duration, queue }: Demand,
): ScenarioInput {
  return {
    schemaVersion: 1,
    name: "bench",
    duration,
    inventory: { gpus: replicas },
    pools: {
      shared: {
        replicas,
        replica: REPLICA,
        admission: { policy: "trunk-reservation", maxQueue: queue, queueTimeout: "1h" },
        ...gated,
      },
    },
    paths: {
      standard: { model: "llama-3.1-8b", pool: "shared", rank: 1 },
      priority: { model: "llama-3.1-8b", serviceTier: "priority", pool: "shared", rank: 0 },
    },
    limits: { requests: "60000000/min" },
    sampling: { interval: Math.max(1, duration / 1000) },
    traffic: {
      callers: {
        arrivals: { process: "poisson", rate },
        accounts: { count: 200, skew: 1.2 },
        input: { dist: "exponential", mean: PROMPT_TOKENS },
        output: { dist: "exponential", mean: outputTokens },
        mix: { standard: 0.8, priority: 0.2 },
      },
    },
  };
}

/** Requests per second that one replica serves at most: its tokens per second when it always has work, simulated. */
function capacity(outputTokens: number): number {
  const flooded = {
    rate: 8000 / outputTokens + 5,
    duration: 1200 * Math.max(1, outputTokens / 512),
    queue: 300,
  };
  const one = { replicas: 1, requests: 0, outputTokens };
  const run = new Simulation(parseScenario({ ...fleet(one, flooded), warmup: flooded.duration / 2 }));
  run.run();
  const { throughput } = run.result().all;
  return throughput! / outputTokens;
}

/** The whole simulator - gateway, limits, ledger and history on - at 70 % of what its replicas can serve. */
export function fleetCase(spec: FleetCase, name?: string): BenchCase {
  const { replicas, requests, outputTokens, stepByStep = false } = spec;
  const count = (number: number) => number.toLocaleString("en");
  const form = stepByStep ? ", step by step" : "";
  return {
    name: name ?? `${count(replicas)} x ${count(outputTokens)} tokens, ${count(requests)}${form}`,
    unit: "requests",
    prepare: () => {
      const rate = LOAD * replicas * capacity(outputTokens);
      const lasting = (count: number) =>
        parseScenario(fleet(spec, { rate, duration: count / rate, queue: 10_000 }));
      return simulated(lasting(Math.min(requests, WARM_UP)), lasting(requests), { stepByStep });
    },
  };
}

/** The full mix of agents, programs and chats on a fleet that keeps up with it: sessions, prefix caches, affinity. */
function agenticCase(requests: number): BenchCase {
  const rate = 40;
  const scenario = (count: number): ScenarioInput => ({
    schemaVersion: 1,
    name: "bench-agentic",
    duration: count / rate,
    inventory: { gpus: 120 },
    pools: {
      shared: {
        replicas: 120,
        replica: {
          engine: "batching",
          profile: "llama-3.1-8b-h100",
          maxSequences: 256,
          maxBatchedTokens: 8192,
          kvTokens: 1_000_000,
        },
        placement: "affinity",
        admission: { policy: "trunk-reservation", maxQueue: 1000, queueTimeout: "1m" },
      },
    },
    paths: {
      standard: { model: "llama-3.1-8b", pool: "shared", rank: 1 },
      priority: { model: "llama-3.1-8b", serviceTier: "priority", pool: "shared", rank: 0 },
    },
    limits: { requests: "60000000/min" },
    sampling: { interval: Math.max(1, count / rate / 1000) },
    traffic: {
      agents: {
        arrivals: { workload: "agentic", rate },
        accounts: { count: 200, skew: 1.2 },
        mix: { standard: 0.8, priority: 0.2 },
        client: "openai-node-6",
      },
    },
  });
  return {
    name: AGENTIC_NAME,
    unit: "requests",
    prepare: () =>
      simulated(parseScenario(scenario(Math.min(requests, WARM_UP))), parseScenario(scenario(requests))),
  };
}

export const AGENTIC_NAME = "agentic mix, 1,000,000";
export const PLAIN_NAME = "16 x 256 tokens, 1,000,000";

const base = { replicas: 16, requests: 1_000_000, outputTokens: 256 };

/** The rows of the table, with a part of their requests where `share` is less than 1. */
export function casesOf(share: number): readonly BenchCase[] {
  const requests = base.requests * share;
  return [
    eventQueue(1000, 3_000_000 * share),
    fleetCase({ ...base, requests: requests / 10, stepByStep: true }),
    fleetCase({ ...base, requests: requests / 10 }),
    fleetCase({ ...base, requests }),
    fleetCase({ ...base, requests, outputTokens: 1024 }),
    fleetCase({ ...base, requests, replicas: 1000 }),
    agenticCase(requests),
  ];
}

/** `npm run bench -- --curves`: how speed changes with each of three things, all else as in the middle. */
export const CURVES = {
  requests: [10_000, 100_000, 1_000_000, 10_000_000].map((requests) => ({ ...base, requests })),
  replicas: [1, 4, 16, 64, 256, 1000].map((replicas) => ({ ...base, replicas })),
  outputTokens: [64, 128, 256, 512, 1024, 2048, 4096].map((outputTokens) => ({ ...base, outputTokens })),
} as const satisfies Record<string, readonly FleetCase[]>;
