// What a run tells of its accounts and of how its values are spread adds up to what it tells of its tiers.
import { describe, expect, it } from "vitest";
import { type AccountResult, type ScenarioInput, simulate } from "../../../src/core/index.js";

const SCENARIO: ScenarioInput = {
  schemaVersion: 1,
  duration: "5m",
  warmup: "20s",
  inventory: { gpus: 2 },
  pools: {
    shared: {
      replicas: 2,
      replica: { engine: "slots", slots: 4, tokensPerSecond: 50 },
      admission: { policy: "tail-drop", maxQueue: 2, queueTimeout: "1s" },
    },
  },
  paths: {
    standard: { model: "m", pool: "shared", rank: 0, price: { input: 1, cached: 0.5, output: 2 } },
    priority: {
      model: "m",
      serviceTier: "priority",
      pool: "shared",
      rank: 1,
      price: { input: 2, cached: 1, output: 4 },
    },
  },
  limits: { requests: { rate: "60/min", burst: 10 } },
  outages: [{ pool: "shared", from: "100s", for: "20s" }],
  traffic: {
    agents: {
      arrivals: { process: "poisson", rate: 20 },
      accounts: { count: 80, skew: 1.2 },
      input: { dist: "lognormal", median: 100, sigma: 1 },
      output: { dist: "exponential", mean: 20 },
      mix: { standard: 0.7, priority: 0.3 },
      client: "openai-node-6",
    },
  },
};

describe("a run", () => {
  const { accounts, distributions, all, tiers, series } = simulate(SCENARIO);
  const sum = (column: Exclude<keyof AccountResult, "account">) =>
    accounts.reduce((total, row) => total + row[column]!, 0);

  it("has every attempt, token and dollar with one account", () => {
    expect(accounts).toHaveLength(51);
    expect(accounts.slice(0, -1).every(({ account }) => account?.startsWith("agents-"))).toBe(true);
    const counted = ["attempts", "completed", "rateLimited", "overloaded", "unavailable"] as const;
    const { completed, rate_limited, overloaded, unavailable } = all.outcomes;
    expect(counted.map(sum)).toEqual([all.attempts, completed, rate_limited, overloaded, unavailable]);
    expect(Math.min(...counted.map(sum))).toBeGreaterThan(0);
    expect([sum("inputTokens"), sum("outputTokens")]).toEqual([all.inputTokens, all.outputTokens]);
    expect(sum("cost")).toBeCloseTo(all.cost!.total, 9);
  });

  it("has every measured value in one bin", () => {
    const counts = distributions.map(({ tier, measure, counts }) => [
      tier,
      measure,
      counts.reduce((total, count) => total + count, 0),
    ]);
    const wanted = tiers.flatMap(({ tier, ttft, tokensPerSecond, latency, outcomes }) => [
      [tier, "ttft", ttft.count],
      [tier, "tokensPerSecond", tokensPerSecond.count],
      [tier, "latency", latency.count],
      [tier, "inputTokens", outcomes.completed],
      [tier, "outputTokens", outcomes.completed],
    ]);
    expect(counts).toEqual(wanted);
  });

  it("has every value between the ends of its distribution", () => {
    for (const { tier, measure, edges } of distributions) {
      if (measure !== "ttft" && measure !== "latency" && measure !== "tokensPerSecond") continue;
      const { min, max } = tiers.find((one) => one.tier === tier)![measure];
      expect([edges[0]! <= min! + 1e-3, max! < edges.at(-1)! + 1e-3], `${tier} ${measure}`).toEqual([
        true,
        true,
      ]);
    }
  });

  it("shows in its history when its replicas were up", () => {
    const { interval, pools } = series;
    const at = (time: number) => pools[0]!.replicas[Math.floor(time / interval)];
    expect([at(50), at(110), at(150)]).toEqual([2, 0, 2]);
  });
});
