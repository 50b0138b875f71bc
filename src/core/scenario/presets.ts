// Fleets to build on with `extends: preset:NAME`, as the data that a user could have written. A preset has no traffic
// and no name of its own: those are what the scenario is about.
import type { ScenarioInput } from "./schema.js";

/** Six H100s serve one 8B model on three paths: four in large batches, two in small. */
const SHARED_FLEET = {
  schemaVersion: 1,
  inventory: { gpus: 6 },
  pools: {
    shared: {
      replicas: 4,
      replica: { engine: "batching", profile: "llama-3.1-8b-h100", maxSequences: 256, kvTokens: "400k" },
    },
    // A small batch gives each request about twice the tokens per second, and the replica almost half as many in all.
    fast: {
      replicas: 2,
      replica: { engine: "batching", profile: "llama-3.1-8b-h100", maxSequences: 32, kvTokens: "400k" },
    },
  },
  paths: {
    // The default path: queued behind priority, shed first.
    standard: { model: "llama-3.1-8b", pool: "shared", rank: 1, price: { preset: "llama-3.1-8b" } },
    // The same model asked for with service_tier "priority", at 1.5 times the price.
    priority: { model: "llama-3.1-8b", serviceTier: "priority", pool: "shared", rank: 0 },
    // Another model id: the same weights in the fast pool. The price is illustrative.
    fast: {
      model: "llama-3.1-8b-turbo",
      pool: "fast",
      rank: 1,
      price: { input: 0.4, cached: 0.2, output: 0.4 },
    },
  },
} as const satisfies Partial<ScenarioInput>;

export const SCENARIO_PRESETS: ReadonlyMap<string, object> = new Map([["shared-fleet", SHARED_FLEET]]);
