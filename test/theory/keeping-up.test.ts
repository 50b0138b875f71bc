// How often the verdict on the load errs, on short runs that begin empty: a load that a fleet stands is said to grow
// in at most 5 of 100, by run and over seeds; one that it does not stand is found.
import { describe, expect, it } from "vitest";
import { parseScenario, type ScenarioInput, Simulation } from "../../src/core/index.js";
import { LOAD_ROWS, type Load } from "../../src/core/results/metrics/load.js";
import { gear } from "../support/mode.js";
import { servers } from "../support/oracle.js";

type Source = ScenarioInput["traffic"][string];
type Arrivals = Partial<Source["arrivals"]>;

interface System {
  readonly pool: Partial<ScenarioInput["pools"][string]>;
  readonly sizes: Pick<Source, "input" | "output" | "maxOutput">;
  /** Requests a second at a load of 1. */
  readonly capacity: number;
}

const REPLICA: System = {
  pool: {
    replicas: 1,
    replica: { engine: "batching", profile: "llama-3.1-8b-h100", maxSequences: 64, kvTokens: "200k" },
  },
  sizes: { input: 700, output: 250 },
  capacity: 20.3,
};

/** A tenth of a second each, exponential. */
const mm = (slots: number): System => ({
  pool: servers(slots),
  sizes: { input: 1, output: { dist: "exponential", mean: 1e5 }, maxOutput: 100_000_000 },
  capacity: 10 * slots,
});

function scenario({ pool, sizes }: System, duration: string, arrivals: Arrivals): ScenarioInput {
  return {
    schemaVersion: 1,
    duration,
    warmup: "0s",
    inventory: { gpus: 1 },
    pools: { p: { ...pool, admission: { policy: "none" } } as ScenarioInput["pools"][string] },
    paths: { std: { model: "m", pool: "p", rank: 0 } },
    traffic: {
      t: { arrivals: { process: "poisson", ...arrivals }, ...sizes, mix: { std: "100%" } } as Source,
    },
  };
}

const poisson = (system: System, duration: string, load: number) =>
  scenario(system, duration, { rate: `${load * system.capacity}/s` });

function loadsOf(input: ScenarioInput, seeds: number): Load[] {
  const parsed = parseScenario(input);
  return Array.from({ length: seeds }, (_, seed) => {
    const simulation = new Simulation(parsed, { seed: `keeping-up/${seed}` });
    simulation.run();
    return simulation.result().load;
  });
}

/** Of studies of so many seeds each, how many have a verdict, of how many. */
function studies(loads: readonly Load[], size: number, verdict: Load["verdict"] = "growing") {
  const { pool } = LOAD_ROWS.verdict.pool as {
    pool: (values: readonly Load["verdict"][], from: object) => Load["verdict"];
  };
  const verdicts = Array.from({ length: Math.floor(loads.length / size) }, (_, study) => {
    const rows = loads.slice(size * study, size * (study + 1));
    return pool(
      rows.map((load) => load.verdict),
      { rows, factors: rows.map(() => 1) },
    );
  });
  return { many: verdicts.filter((one) => one === verdict).length, of: verdicts.length };
}

const LOADS = [0.5, 0.7, 0.85, 0.9];
const SIZES = [1, 4, 8];

/** Of each size of a study, over all inputs. */
function expectFalseAlarms(inputs: readonly ScenarioInput[], seeds: number): void {
  const all = inputs.map((input) => loadsOf(input, seeds));
  for (const size of SIZES) {
    const found = all.map((loads) => studies(loads, size));
    const sum = (what: "many" | "of") => found.reduce((so, one) => so + one[what], 0);
    expect(sum("many") / sum("of"), `studies of ${size}`).toBeLessThanOrEqual(0.05);
  }
}

describe("a load that a fleet stands is said to grow in at most 5 of 100", () => {
  it.each([
    ["20 s of a batching replica, six services", REPLICA, "20s"],
    ["20 s of M/M/1", mm(1), "20s"],
    ...gear<[string, System, string][]>(
      [],
      [
        ["30 s of a batching replica", REPLICA, "30s"],
        ["60 s of M/M/1", mm(1), "60s"],
        ["20 s of M/M/10", mm(10), "20s"],
      ],
    ),
  ] as [string, System, string][])("%s, at loads of 0.5 to 0.9", (_, system, duration) => {
    expectFalseAlarms(
      LOADS.map((load) => poisson(system, duration, load)),
      gear(80, 320),
    );
  });

  it("closed loops whose callers come in bursts, on servers and in batches", () => {
    const think = { dist: "gamma", mean: 2, cv: 4 } as const;
    const closed = (system: System, duration: string, callers: number) =>
      scenario(system, duration, { process: "closed", callers, think } as Arrivals);
    const inputs = gear(["20s"], ["20s", "60s"]).flatMap((duration) => [
      closed(mm(4), duration, 10),
      closed(mm(4), duration, 40),
      closed(REPLICA, duration, 10),
      closed(REPLICA, duration, 40),
    ]);
    expectFalseAlarms(inputs, gear(40, 160));
  });
});

describe("a load that a fleet does not stand is found", () => {
  it.each([
    ["a batching replica", REPLICA, "60s"],
    ["M/M/1", mm(1), "300s"],
  ])("%s, half too much in every run, a tenth in 9 of 10 studies of four", (_, system, duration) => {
    const seeds = gear(16, 64);
    const half = loadsOf(poisson(system, duration, 1.5), seeds);
    expect(half.map(({ verdict }) => verdict)).toEqual(half.map(() => "growing"));
    const tenth = studies(loadsOf(poisson(system, duration, 1.1), seeds), 4);
    expect(tenth.many / tenth.of).toBeGreaterThanOrEqual(0.9);
  });

  it("2 % too much, in most studies of eight", () => {
    const found = [poisson(REPLICA, "300s", 1.02), poisson(mm(10), "120s", 1.02)].map((input) =>
      studies(loadsOf(input, gear(16, 64)), 8),
    );
    const sum = (what: "many" | "of") => found.reduce((so, one) => so + one[what], 0);
    expect(sum("many") / sum("of")).toBeGreaterThanOrEqual(0.75);
  });
});
