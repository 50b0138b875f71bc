// What the documents say a distribution is of is what is in it: counted from the rows of attempts, of a run in which
// attempts are refused, wait in vain, break off, are given up and end.
import { expect, test } from "vitest";
import {
  parseScenario,
  type ScenarioInput,
  Simulation,
  type TierResult,
} from "../../../../src/core/index.js";
import { METRICS } from "../../../../src/core/results/metrics/metrics.js";
import type { AttemptRow } from "../../../../src/core/results/shape/attempt-row.js";

/** By what a row of the table says its values are of. */
const POPULATIONS: Readonly<Record<string, (row: AttemptRow) => boolean>> = {
  "attempts that got a first token": ({ firstToken }) => firstToken !== null,
  "attempts that started, whether or not their caller still waited": ({ started }) => started !== null,
  "completed attempts": ({ outcome }) => outcome === "completed",
  "completed attempts with two or more output tokens": ({ outcome, outputTokens }) =>
    outcome === "completed" && outputTokens >= 2,
};

const TRENDS = METRICS.filter(({ kind, of }) => kind === "trend" && of === "attempts");

const READ: Readonly<Record<string, (tier: TierResult) => number>> = {
  ttft: ({ ttft }) => ttft.count,
  tokens_per_second: ({ tokensPerSecond }) => tokensPerSecond.count,
  latency: ({ latency }) => latency.count,
  queue_wait: ({ queueWait }) => queueWait.count,
};

function overloaded(onTimeout: "cancel" | "abandon" = "cancel") {
  const rows: AttemptRow[] = [];
  const scenario: ScenarioInput = {
    schemaVersion: 1,
    duration: "60s",
    inventory: { gpus: 1 },
    pools: {
      p: {
        replicas: 1,
        replica: { engine: "slots", slots: 4, tokensPerSecond: 20, prefillTokensPerSecond: 1000 },
        admission: { policy: "tail-drop", maxQueue: 500, queueTimeout: "10m" },
      },
    },
    paths: {
      hi: { model: "m", serviceTier: "priority", pool: "p", rank: 0 },
      lo: { model: "m", pool: "p", rank: 1 },
    },
    outages: [20, 30, 40, 50].map((from) => ({ pool: "p", from: `${from}s`, for: "2s" })),
    traffic: {
      a: {
        arrivals: { process: "poisson", rate: "6/s" },
        input: 700,
        output: { dist: "exponential", mean: 3 },
        mix: { hi: "70%", lo: "30%" },
        client: { preset: "none", timeout: "3s", onTimeout },
      },
      b: { arrivals: { process: "poisson", rate: "3/s" }, input: 90, output: 30, mix: { hi: "100%" } },
    },
  };
  const simulation = new Simulation(parseScenario(scenario), {
    seed: "1",
    onAttempt: (row) => rows.push({ ...row }),
  });
  simulation.run();
  return { result: simulation.result(), rows: rows.filter(({ arrived }) => arrived < 60) };
}

test("every distribution of attempts names its population", () => {
  expect(TRENDS.map(({ name }) => name).sort()).toEqual(Object.keys(READ).sort());
  expect(TRENDS.filter(({ basis }) => POPULATIONS[basis!] === undefined)).toEqual([]);
});

test.each(TRENDS.map(({ name, basis }) => [name, basis!] as const))("%s is of %s", (name, basis) => {
  const { result, rows } = overloaded();
  const counts = Object.values(POPULATIONS).map((isIn) => rows.filter(isIn).length);
  // No two of them are the same attempts, so that each name is right or wrong.
  expect([new Set(counts).size, counts]).toEqual([counts.length, counts]);
  for (const tier of result.tiers.filter(({ attempts }) => attempts > 0)) {
    const own = rows.filter((row) => row.tier === tier.tier);
    expect(own.length).toBe(tier.attempts);
    expect(READ[name]!(tier)).toBe(own.filter(POPULATIONS[basis]!).length);
  }
});

test("queue waits are also of what starts after its caller has given up, and times to first token are not", () => {
  const { result, rows } = overloaded("abandon");
  const { queueWait, ttft } = result.all;
  expect(queueWait.count).toBeGreaterThan(rows.filter(({ started }) => started !== null).length);
  expect(ttft.count).toBe(rows.filter(({ firstToken }) => firstToken !== null).length);
});
