// A world in which policy reads memory, not slots.
import type { ScenarioInput } from "../../src/core/scenario/schema.js";

/** A reserve of memory that holds requests back by their prompts, long before memory itself is short. */
export const RESERVED: ScenarioInput = {
  schemaVersion: 1,
  duration: "8s",
  inventory: { gpus: 1 },
  pools: {
    shared: {
      replicas: 1,
      replica: {
        engine: "batching",
        profile: { base: "100ms", perSequence: 0, perContextToken: 0, perPrefillToken: 0 },
        maxSequences: 100,
        maxBatchedTokens: 100_000,
        maxPrefillSequences: 100,
        kvTokens: 100_000,
      },
      admission: { policy: "trunk-reservation", signal: "kv", reserve: { standard: 0.6 }, maxQueue: 5 },
    },
  },
  paths: { standard: { model: "m", pool: "shared", rank: 0 } },
  traffic: {
    callers: {
      arrivals: { process: "poisson", rate: 20 },
      input: 2000,
      output: 100,
      maxOutput: 2000,
      mix: { standard: 1 },
    },
  },
};
