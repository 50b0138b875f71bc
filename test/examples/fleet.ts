// A small fleet at any rate of requests, and at one that is more than it can serve.
import { defineScenario } from "../../src/core/index.js";

export const fleetAt = (rate: string) =>
  defineScenario({
    schemaVersion: 1,
    duration: "10m",
    warmup: "1m",
    inventory: { gpus: 1 },
    pools: {
      shared: {
        replicas: 1,
        replica: { engine: "batching", profile: "llama-3.1-8b-h100", maxSequences: 32, kvTokens: "200k" },
        admission: { policy: "tail-drop", maxQueue: 16 },
      },
    },
    paths: { standard: { model: "llama-3.1-8b", pool: "shared", rank: 0 } },
    traffic: {
      calls: {
        arrivals: { process: "poisson", rate },
        input: { dist: "lognormal", median: 500, sigma: 1 },
        output: { dist: "exponential", mean: 200 },
        mix: { standard: 1 },
      },
    },
    thresholds: { "overloaded_rate{tier:standard}": ["rate<1%"] },
  });

export const fleet = fleetAt("16/s");
