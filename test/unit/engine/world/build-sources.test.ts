import { describe, expect, it } from "vitest";
import { type Instant, NEVER, seconds } from "../../../../src/core/base/units.js";
import { AccountNames } from "../../../../src/core/demand/traffic/accounts.js";
import { Contexts } from "../../../../src/core/demand/traffic/contexts.js";
import { OpenLoopSource } from "../../../../src/core/demand/traffic/open-loop.js";
import { PopulationSource } from "../../../../src/core/demand/traffic/population/population.js";
import { createSource } from "../../../../src/core/engine/world/build-sources.js";
import { parseScenario, type ScenarioInput } from "../../../../src/core/index.js";
import { gear } from "../../../support/mode.js";
import { take } from "../../demand/traffic/arrival.js";
import { drive, type Exchange } from "../../demand/traffic/sessions/drive.js";
import { tinyScenario } from "../tiny.js";

type Traffic = ScenarioInput["traffic"][string];

function build(given: Partial<Traffic>, seed = "1") {
  const more = { duration: "1h", warmup: "10m" };
  const scenario = parseScenario(
    tinyScenario({ more: { ...more, traffic: { calls: { mix: { standard: 1 }, ...given } as Traffic } } }),
  );
  const shared = { accounts: new AccountNames(), contexts: new Contexts() };
  const options = { seed, readTrace: undefined };
  return createSource("calls", scenario.traffic["calls"]!, scenario, options, shared);
}

function population(given: Partial<Traffic>, seed?: string): PopulationSource {
  const source = build(given, seed);
  if (!(source instanceof PopulationSource)) throw new Error("expected a population");
  return source;
}

const all = (source: PopulationSource): Exchange[] => drive(source, NEVER, { service: () => 1 });
const AGENTS = { arrivals: { workload: "agentic", rate: 1 }, archetypes: { agent: 1 } } as const;

describe("a random process", () => {
  it("follows its phases, in requests per second", () => {
    const phases = [
      { duration: "100s", arrivalRate: 10 },
      { pause: "100s" },
      { duration: "100s", arrivalRate: 0, rampTo: 20 },
    ];
    const source = build({ arrivals: { process: "poisson", phases }, input: 1, output: 1 });
    expect(source).toBeInstanceOf(OpenLoopSource);
    const counts = [0, 0, 0, 0];
    for (const { at } of take(source, 5000)) counts[Math.min(3, Math.floor(at / 100e6))]!++;
    expect(counts[0]).toBeGreaterThan(900);
    expect(counts[0]).toBeLessThan(1100);
    expect([counts[1], counts[3]]).toEqual([0, 0]);
    expect(counts[2]).toBeGreaterThan(900);
    expect(counts[2]).toBeLessThan(1100);
  });

  it("follows the hours, from the one at which the run begins", () => {
    const daily = [4, ...new Array<number>(23).fill(0)];
    const firstOf = (startHour: number) =>
      build({
        arrivals: { process: "poisson", rate: 1, shape: { daily, startHour } },
        input: 1,
        output: 1,
      }).nextAt;
    expect(firstOf(0)).toBeLessThan(3600e6);
    expect(firstOf(23)).toBeGreaterThan(3600e6);
    expect(firstOf(23)).toBeLessThan(7200e6);
  });
});

describe("a population", () => {
  it("is its profile where the scenario says nothing", () => {
    const hour = seconds(3600) as number as Instant;
    const api = drive(population({ arrivals: { workload: "steady", rate: 1 } }), hour, { service: () => 1 });
    expect(api.every(({ ticket, prefix, session }) => ticket === -1 && prefix === -1 && session === -1)).toBe(
      true,
    );
    expect(Math.abs(api.length / 3600 - 1)).toBeLessThan(0.1);
    expect(all(population(AGENTS)).every(({ ticket }) => ticket >= 0)).toBe(true);
  });

  it("takes single numbers of the scenario and leaves the rest of the profile", () => {
    const [first, second] = [{}, { agent: { prefix: { tokens: 99 } } }].map((more) =>
      population({ ...AGENTS, ...more }),
    );
    const prefixes = (source: PopulationSource) =>
      new Set(
        drive(source, seconds(600) as number as Instant, { service: () => 1 }).map((one) => one.prefixTokens),
      );
    expect(prefixes(first!)).toContain(15_000);
    expect(prefixes(second!)).toContain(99);
    expect(prefixes(second!)).not.toContain(15_000);
    // A sub-agent has its own, of the profile.
    const agents = { ...AGENTS, agent: { subAgents: { share: 1 } } };
    expect(prefixes(population(agents))).toContain(8000);
  });

  it("counts the sessions that start in the measured window", () => {
    const source = population(AGENTS);
    const taken = drive(source, NEVER, { service: () => 1 });
    const { sessions } = source;
    expect(sessions.startedCount).toBeGreaterThan(10);
    expect(sessions.finishedCount).toBe(sessions.startedCount);
    // Not those of the warmup.
    const measured = taken.filter(({ at, sharedTokens }) => at >= 600e6 && sharedTokens === 0).length;
    expect(sessions.startedCount).toBeLessThan(measured);
  });

  it("has its rushes spread over the accounts, as often as stated in the whole", () => {
    const burst = (flash: object | undefined) =>
      Math.max(
        ...gear(["1"], ["1", "2", "3"]).map((seed) => {
          const bins = new Map<number, number>();
          const arrivals = { workload: "steady", rate: 2, ...(flash && { flash }) } as const;
          for (const { at } of all(population({ arrivals, accounts: { count: 4 } }, seed))) {
            const bin = Math.floor(at / 60e6);
            bins.set(bin, (bins.get(bin) ?? 0) + 1);
          }
          return Math.max(...bins.values());
        }),
      );
    // Each account has a quarter of the rate, ten times that in a rush: 2 + 4.5 a second.
    expect(burst(undefined)).toBeLessThan(180);
    expect(burst({ every: "15m", from: 10, to: 10, median: "3m" })).toBeGreaterThan(250);
  });
});
