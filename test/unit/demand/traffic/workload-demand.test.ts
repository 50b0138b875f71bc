// What named workloads send, through the whole source as a scenario builds it: how bursty it is, and how much.
import { mean, median } from "simple-statistics";
import { describe, expect, it } from "vitest";
import { type Instant, NEVER, seconds } from "../../../../src/core/base/units.js";
import { AccountNames } from "../../../../src/core/demand/traffic/accounts.js";
import { Contexts } from "../../../../src/core/demand/traffic/contexts.js";
import type { PopulationSource } from "../../../../src/core/demand/traffic/population/population.js";
import { createSource } from "../../../../src/core/engine/world/build-sources.js";
import { parseScenario, type ScenarioInput } from "../../../../src/core/index.js";
import { CountingStatistics } from "../../../../src/core/stats/counting.js";
import { gear, NIGHTLY } from "../../../support/mode.js";
import type { TimedArrival } from "./arrival.js";
import { drive } from "./sessions/drive.js";

type Source = ScenarioInput["traffic"][string];

function populationOf(source: Partial<Source>, duration: number, seed: string): PopulationSource {
  const scenario = parseScenario({
    schemaVersion: 1,
    duration,
    inventory: { gpus: 1 },
    pools: { shared: { replicas: 1, replica: { engine: "slots", slots: 1, tokensPerSecond: 1 } } },
    paths: { standard: { model: "kimi", pool: "shared", rank: 0 } },
    traffic: { callers: { mix: { standard: 1 }, ...source } as Source },
  });
  const spec = scenario.traffic["callers"]!;
  const shared = { accounts: new AccountNames(), contexts: new Contexts() };
  return createSource("callers", spec, scenario, { seed, readTrace: undefined }, shared) as PopulationSource;
}

/** Seconds that an answer takes: none at all, or as many as before the start. */
type Service = (exchange: TimedArrival) => number;
const atOnce: Service = () => 0;
const nominal: Service = ({ outputTokens }) => 1 + outputTokens / 60;

/** Statistics of what a population sends. */
function sent(
  source: Partial<Source>,
  duration: number,
  seed: string,
  windows: readonly number[],
  service: Service = atOnce,
): CountingStatistics {
  const end = seconds(duration) as number as Instant;
  const statistics = new CountingStatistics(windows.map(seconds));
  const population = populationOf(source, duration, seed);
  for (const { at } of drive(population, end, { service: (_, exchange) => service(exchange) }))
    statistics.arrived(at as Instant);
  statistics.close(end);
  return statistics;
}

/** As long as Azure's traces. */
const HOUR = 3500;
const seedsTo = (count: number) => Array.from({ length: count }, (_, index) => `${index + 1}`);

/** Two halves of one trace differ by a quarter. */
function expectNear(value: number, published: number): void {
  expect(value).toBeGreaterThan(published / 1.5);
  expect(value).toBeLessThan(published * 1.5);
}

describe("how bursty a profile is", () => {
  it("conv has the eta of Azure's conversations at 60 and 300 s, in the median of several seeds", () => {
    const conv = { arrivals: { workload: "conv", rate: 5.53 }, accounts: { count: 160, skew: 1.2 } } as const;
    const runs = seedsTo(gear(3, 20)).map((seed) => sent(conv, HOUR, seed, [60, 300]));
    expectNear(median(runs.map((run) => run.eta(0))), 0.046);
    expectNear(median(runs.map((run) => run.eta(1))), 0.036);
  });

  it("code-bursty has the eta of Azure's coding service at 60 s, in the median of several seeds", () => {
    const code = { arrivals: { workload: "code-bursty", rate: 2.57 } } as const;
    expectNear(median(seedsTo(gear(3, 20)).map((seed) => sent(code, HOUR, seed, [60]).eta(0))), 1.1);
  });

  it("steady is as even as chance allows: an index of dispersion of 1 within 99 %", () => {
    const steady = {
      arrivals: { workload: "steady", rate: 5.53 },
      accounts: { count: 50, skew: 1 },
    } as const;
    const run = sent(steady, HOUR, "1", [1, 10, 60]);
    for (const i of [0, 1, 2]) {
      const freedom = run.windows(i) - 1;
      // Wilson and Hilferty's cube.
      const at = (z: number) => (1 - 2 / (9 * freedom) + z * Math.sqrt(2 / (9 * freedom))) ** 3;
      expect(run.idc(i)).toBeGreaterThan(at(-2.576));
      expect(run.idc(i)).toBeLessThan(at(2.576));
    }
  });
});

describe("how much a profile sends", () => {
  const AGENTIC = {
    arrivals: { workload: "agentic", rate: 10 },
    accounts: { count: 200, skew: 1.2 },
  } as const;

  const calm: Partial<Source> = { ...AGENTIC, arrivals: { ...AGENTIC.arrivals, swings: [], shape: {} } };
  const rateOf = (source: Partial<Source>, seeds: number) =>
    mean(seedsTo(seeds).map((seed) => sent(source, HOUR, seed, [60], nominal).rate));

  // One seed of an hour is off by a fifth with its swings, and by a twentieth without: three standard errors.
  it("agentic sends its rate, answers as fast as before the start", () => {
    expect(Math.abs(rateOf(calm, gear(1, 4)) / 10 - 1)).toBeLessThan(gear(0.12, 0.06));
  });

  it.runIf(NIGHTLY)("agentic sends its rate with all its swings as well, in the mean of seeds", () => {
    expect(Math.abs(rateOf(AGENTIC, 6) / 10 - 1)).toBeLessThan(0.25);
  });
});

it("starts no session once the run is over", () => {
  const population = populationOf({ arrivals: { workload: "agentic", rate: 5 } }, 60, "1");
  let last = 0;
  expect(population.sessions.startedCount).toBe(0);
  for (const { at } of drive(population, NEVER, { service: () => 0 })) last = at;
  expect(last).toBeGreaterThan(60e6);
  expect(population.nextAt).toBe(NEVER);
  expect(population.liveThreads).toBe(0);
});
