// What is measured. Every case does a stated amount of work and says how much; timing is the runner's business.

import type { Instant } from "../../src/core/base/units.js";
import { parseScenario, type ScenarioInput, Simulation } from "../../src/core/index.js";
import { EventQueue } from "../../src/core/kernel/event-queue.js";
import { Phase } from "../../src/core/kernel/phase.js";
import { openStream } from "../../src/core/random/stream.js";

export interface Work {
  /** How many of `unit` were done. */
  readonly amount: number;
  readonly events: number;
}

export interface BenchCase {
  readonly name: string;
  readonly unit: "pairs" | "requests";
  run(): Work;
}

/** Hold model: pop the next event, push another at a random later time. */
function eventQueue(pending: number, pairs: number): BenchCase {
  return {
    name: `event queue, ${pending} pending`,
    unit: "pairs",
    run: () => {
      const stream = openStream("bench", "queue");
      const delays = Float64Array.from({ length: 4096 }, () => 1 + stream.below(1_000_000));
      const queue = new EventQueue(pending);
      for (let index = 0; index < pending; index++)
        queue.schedule(delays[index % 4096]! as Instant, Phase.step, 0, index);
      for (let pair = 0; pair < pairs; pair++) {
        queue.pop();
        queue.schedule((queue.time + delays[pair % 4096]!) as Instant, Phase.step, 0, queue.subject);
      }
      return { amount: pairs, events: pairs };
    },
  };
}

/** Requests per second that one replica of the shipped 8B profile serves at 1,024 in and 256 out, about. */
const REPLICA_CAPACITY = 17;
const LOAD = 0.7;

function fleet(replicas: number, requests: number, outputTokens = 256): ScenarioInput {
  const rate = (LOAD * REPLICA_CAPACITY * replicas * 256) / outputTokens;
  return {
    schemaVersion: 1,
    name: `bench-${replicas}-${requests}`,
    duration: requests / rate,
    inventory: { gpus: replicas },
    pools: {
      shared: {
        replicas,
        replica: { engine: "batching", profile: "llama-3.1-8b-h100", maxSequences: 256, kvTokens: 400_000 },
      },
    },
    paths: {
      standard: { model: "llama-3.1-8b", pool: "shared", rank: 1 },
      priority: { model: "llama-3.1-8b", serviceTier: "priority", pool: "shared", rank: 0 },
    },
    limits: { requests: "6000000/min" },
    traffic: {
      callers: {
        arrivals: { process: "poisson", rate },
        accounts: { count: 200, skew: 1.2 },
        input: { dist: "exponential", mean: 1024 },
        output: { dist: "exponential", mean: outputTokens },
        mix: { standard: 0.8, priority: 0.2 },
      },
    },
  };
}

/** The whole simulator - gateway, limits, ledger and history on - with the step-by-step replica. */
function simulation(replicas: number, requests: number): BenchCase {
  return {
    name: `${replicas} ${replicas === 1 ? "replica" : "replicas"}, ${requests.toLocaleString("en")} requests`,
    unit: "requests",
    run: () => {
      const run = new Simulation(parseScenario(fleet(replicas, requests)));
      run.run();
      run.result();
      return { amount: run.requests, events: run.events };
    },
  };
}

export const CASES: readonly BenchCase[] = [
  eventQueue(1000, 3_000_000),
  simulation(1, 20_000),
  simulation(1, 200_000),
  simulation(16, 20_000),
  simulation(16, 200_000),
];
