// Elastic fleets: autoscaled pools of one inventory, under load that swings. A large fleet of many models beside a
// small one, with the same load for each instance: what a request costs must not grow with how many there are.
import { parseScenario, type ScenarioInput } from "../../src/core/index.js";
import { type BenchCase, REPLICA, simulated, WARM_UP } from "./bench-case.js";

export interface ElasticCase {
  /** At the start, over all models alike. */
  readonly instances: number;
  readonly models: number;
  readonly requests: number;
}

const PROMPT_TOKENS = 1024;
const OUTPUT_TOKENS = 1024;
/** Requests per second and instance at the start, at the mean of a swing, and how far that goes up and down. */
const RATE = 5;
const SWING = 0.4;
const GPUS_PER_NODE = 8;

function fleet({ instances, models, requests }: ElasticCase): ScenarioInput {
  const each = instances / models;
  const [low, high] = [each * RATE * (1 - SWING), each * RATE * (1 + SWING)];
  const duration = requests / (instances * RATE);
  const names = Array.from({ length: models }, (_, model) => `model-${model}`);
  const ofEach = <Value>(value: (name: string) => Value) =>
    Object.fromEntries(names.map((name) => [name, value(name)]));
  return {
    schemaVersion: 1,
    name: "bench-elastic",
    duration,
    inventory: { nodes: { h100: { gpu: "H100", count: Math.ceil((2 * instances) / GPUS_PER_NODE) } } },
    pools: ofEach(() => ({
      replicas: each,
      coldStart: { preset: "warm" },
      autoscaler: {
        algorithm: "target-load",
        targets: { concurrency: 80 },
        min: Math.ceil(each / 4),
        max: 2 * each,
        upWindow: "10s",
        downWindow: "20s",
      },
      replica: REPLICA,
      admission: { policy: "trunk-reservation", maxQueue: 10_000, queueTimeout: "1h" },
    })),
    paths: ofEach((name) => ({ model: name, pool: name, rank: 0 })),
    limits: { requests: "60000000/min" },
    sampling: { interval: Math.max(1, duration / 1000) },
    traffic: ofEach((name) => ({
      arrivals: {
        process: "poisson",
        phases: [
          { duration: "20s", arrivalRate: low, rampTo: high },
          { duration: "20s", arrivalRate: high, rampTo: low },
        ],
        repeat: true,
      },
      accounts: { count: 200, skew: 1.2 },
      input: { dist: "exponential", mean: PROMPT_TOKENS },
      output: { dist: "exponential", mean: OUTPUT_TOKENS },
      mix: { [name]: "100%" },
    })),
  };
}

function elasticCase(spec: ElasticCase): BenchCase {
  const { instances, models, requests } = spec;
  const count = (number: number) => number.toLocaleString("en");
  const of = models === 1 ? "1 model" : `${models} models`;
  return {
    name: `elastic, ${count(instances)} instances, ${of}, ${count(requests)}`,
    unit: "requests",
    prepare: () => {
      const lasting = (most: number) => parseScenario(fleet({ ...spec, requests: Math.min(requests, most) }));
      return simulated(lasting(WARM_UP), lasting(requests));
    },
  };
}

/** The rows of elastic fleets, the small one first. */
export function elasticCases(share: number): readonly BenchCase[] {
  const requests = 1_000_000 * share;
  return [
    elasticCase({ instances: 16, models: 1, requests }),
    elasticCase({ instances: 1000, models: 20, requests }),
  ];
}
