// The world in which canaries plant their faults.
import type { ScenarioInput } from "../../src/core/scenario/schema.js";

/** Busy, but not drowned: all tiers wait and are shed, memory is short, and there is an outage. */
export const CANARY_WORLD: ScenarioInput = {
  schemaVersion: 1,
  duration: "40s",
  warmup: "5s",
  inventory: { gpus: 2 },
  pools: {
    shared: {
      replicas: 2,
      replica: { engine: "batching", profile: "llama-3.1-8b-h100", maxSequences: 8, kvTokens: 1500 },
      admission: { policy: "tail-drop", maxQueue: 4, queueTimeout: "2s" },
    },
  },
  paths: {
    standard: { model: "m", pool: "shared", rank: 1 },
    priority: { model: "m", serviceTier: "priority", pool: "shared", rank: 0 },
  },
  outages: [{ pool: "shared", from: "20s", for: "2s" }],
  traffic: {
    agents: {
      arrivals: { process: "gamma", rate: 20, cv: 2 },
      input: { dist: "lognormal", median: 100, sigma: 0.5 },
      output: { dist: "lognormal", median: 60, sigma: 0.5 },
      mix: { standard: 0.6, priority: 0.4 },
      client: "openai-node-6",
    },
  },
};
