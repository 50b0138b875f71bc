// Two tiers, each with a pool of its own: no value of one pool changes what the other one refuses, which is nothing.
import type { ScenarioInput } from "../../src/core/index.js";
import { PLANNED } from "./planned.js";

const pool = (replicas: number): ScenarioInput["pools"][string] => ({
  replicas,
  replica: { engine: "slots", slots: 4, tokensPerSecond: 100 },
  admission: { policy: "tail-drop", maxQueue: 0 },
});
const calls = (rate: number, tier: string): ScenarioInput["traffic"][string] => ({
  arrivals: { process: "poisson", rate },
  input: 20,
  output: { dist: "exponential", mean: 100 },
  mix: { [tier]: 1 },
});

export const TWO_POOLS: ScenarioInput = {
  ...PLANNED[0]!.scenario,
  duration: "30s",
  warmup: "8s",
  inventory: { gpus: 24 },
  pools: { a: pool(4), b: pool(20) },
  paths: {
    standard: { model: "m", pool: "a", rank: 0 },
    batch: { model: "n", pool: "b", rank: 0 },
  },
  traffic: { ones: calls(6, "standard"), twos: calls(2, "batch") },
  thresholds: {
    "overloaded_rate{tier:standard,per:attempt}": "rate<5%",
    "overloaded_rate{tier:batch,per:attempt}": "rate<1%",
  },
};
