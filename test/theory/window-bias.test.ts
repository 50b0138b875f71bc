// Short windows against long ones: a window of ten mean durations, after a warm-up that settles, must say the same of every
// metric as a window fifty times as long, since what begins in it is followed to its end. By night, on many runs.
import { describe, expect, it } from "vitest";
import { Simulation } from "../../src/core/engine/experiment/simulation.js";
import { parseScenario, type RunResult, type ScenarioInput } from "../../src/core/index.js";
import { thresholdsOf } from "../../src/core/internal.js";
import { pooledResult } from "../../src/core/results/build/pooled.js";
import { measureKey } from "../../src/core/results/verdict/measures.js";
import { NIGHTLY } from "../support/mode.js";

/** Seconds that a request takes on average, alone. */
const DURATION = 5;
const WARMUP = 100;

const scenario = (window: number): ScenarioInput => ({
  schemaVersion: 1,
  inventory: { gpus: 1 },
  pools: {
    shared: {
      replicas: 1,
      replica: { engine: "slots", slots: 60, tokensPerSecond: 40 },
      admission: {
        policy: "trunk-reservation",
        reserve: { standard: "10%" },
        maxQueue: 30,
        queueTimeout: "4s",
      },
    },
  },
  paths: {
    standard: { model: "m", pool: "shared", rank: 1, price: { input: 1, cached: 0.1, output: 4 } },
    priority: { model: "m", serviceTier: "priority", pool: "shared", rank: 0 },
  },
  traffic: {
    callers: {
      arrivals: { process: "poisson", rate: 13 },
      accounts: { count: 8, skew: 0.5 },
      input: { dist: "lognormal", median: 500, sigma: 0.5 },
      output: { dist: "exponential", mean: 40 * DURATION },
      mix: { standard: "75%", priority: "25%" },
      client: "openai-node-6",
    },
  },
  // Only to be measured: none of them can fail.
  thresholds: Object.fromEntries(
    ["standard", "priority"].flatMap((tier) => [
      ...["latency", "ttft", "queue_wait"].map((metric) => [
        `${metric}{tier:${tier}}`,
        ["avg<999s", "p(90)<999s"],
      ]),
      [`failure_rate{tier:${tier}}`, "rate<=1"],
      [`completed_rate{tier:${tier},per:attempt}`, "rate<=1"],
      [`completed_rate{tier:${tier},per:request}`, "rate<=1"],
      [`tokens_per_second{tier:${tier}}`, ["avg>0", "p(5)>0"]],
    ]),
  ),
  warmup: `${WARMUP}s`,
  duration: `${WARMUP + window}s`,
});

function runs(window: number, count: number): RunResult[] {
  const parsed = parseScenario(scenario(window));
  return Array.from({ length: count }, (_, run) => {
    const simulation = new Simulation(parsed, {
      seed: `${window}/${run}`,
      isPooled: true,
      neverAborts: true,
    });
    simulation.run();
    return simulation.result();
  });
}

const pooled = (window: number, count: number) =>
  pooledResult(runs(window, count), {
    ...{ seed: "bias", confidence: 0.99 },
    thresholds: thresholdsOf(parseScenario(scenario(window))),
  }).estimates;

describe.runIf(NIGHTLY)("a window of ten mean durations", () => {
  it("is off by at most 1 % in every rate, mean, quantile and speed", () => {
    const long = new Map(pooled(500 * DURATION, 60).map((one) => [measureKey(one), one]));
    const off: string[] = [];
    let compared = 0;
    for (const short of pooled(10 * DURATION, 3000)) {
      const key = measureKey(short);
      const other = long.get(key);
      if (short.value === null || other?.value == null || other.value === 0) continue;
      // Counts and totals are of the window, and extremes of its length.
      if (["count", "min", "max"].includes(short.aggregation)) continue;
      if (short.metric.startsWith("cost{") || short.metric.startsWith("worst_account_")) continue;
      if (short.low === null || short.high === null || other.low === null || other.high === null) continue;
      const noise = (one: typeof short) => (one.high! - one.low!) / 2 / one.value!;
      // What chance leaves open at 99 % is not held against it; what it leaves wide open is no evidence.
      const chance = Math.hypot(noise(short), noise(other));
      if (chance > 0.02) continue;
      compared++;
      const bias = short.value / other.value - 1;
      if (Math.abs(bias) > 0.01 + chance)
        off.push(`${key}: ${(100 * bias).toFixed(2)} %, chance ${(100 * chance).toFixed(2)} %`);
      if (process.env["SURGEFLEET_TABLE"] === "1") {
        process.stdout.write(
          `${key}: ${short.value} ${other.value} ${(100 * bias).toFixed(2)} % +- ${(100 * chance).toFixed(2)}\n`,
        );
      }
    }
    expect(off).toEqual([]);
    expect(compared).toBeGreaterThan(40);
  });
});
