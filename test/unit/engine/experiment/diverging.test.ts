// A load that a fleet does not stand, as commands pool it: no threshold on a time passes, however few the seeds and
// however short the run; and a busy fleet that stands its load is not said to diverge.
import { describe, expect, it } from "vitest";
import { parseScenario, type RunResult, type ScenarioInput, Simulation } from "../../../../src/core/index.js";
import { LOAD_ROWS, type Load } from "../../../../src/core/results/metrics/load.js";
import { gear } from "../../../support/mode.js";

/** Of this pool with these requests, a second. */
const CAPACITY = 20.3;

type Source = ScenarioInput["traffic"][string];

function scenario(duration: string, arrivals: Partial<Source["arrivals"]>, warmup = "0s"): ScenarioInput {
  return {
    schemaVersion: 1,
    duration,
    warmup,
    drain: true,
    inventory: { gpus: 1 },
    pools: {
      p: {
        replicas: 1,
        replica: { engine: "batching", profile: "llama-3.1-8b-h100", maxSequences: 64, kvTokens: "200k" },
        admission: { policy: "none" },
      },
    },
    paths: { std: { model: "m", pool: "p", rank: 0 } },
    traffic: {
      t: {
        arrivals: { process: "poisson", ...arrivals },
        input: 700,
        output: 250,
        mix: { std: "100%" },
      } as Source,
    },
    thresholds: { "ttft{tier:std}": ["p(95)<30s", "avg<30s"], "queue_wait{tier:std}": ["p(95)<30s"] },
  };
}

function runs(input: ScenarioInput, seeds: number): RunResult[] {
  const parsed = parseScenario(input);
  return Array.from({ length: seeds }, (_, seed) => {
    const simulation = new Simulation(parsed, { seed: `diverging/${seed}` });
    simulation.run();
    return simulation.result();
  });
}

/** The verdict of so many seeds together. */
function together(results: readonly RunResult[]): Load["verdict"] {
  const rows = results.map(({ load }) => load);
  const { pool } = LOAD_ROWS.verdict.pool as {
    pool: (values: readonly Load["verdict"][], from: object) => Load["verdict"];
  };
  return pool(
    rows.map(({ verdict }) => verdict),
    { rows, factors: rows.map(() => 1) },
  );
}

describe("a load of a quarter more than a fleet stands", () => {
  it.each(["60s", "2m", "5m"])(
    "is not sustainable in any run of %s: nothing passes, and the rate is told",
    (duration) => {
      const found = runs(scenario(duration, { rate: "25/s" }), gear(4, 16));
      for (const { load, thresholds, caveats } of found) {
        expect(load).toMatchObject({ verdict: "growing", where: "queue of p" });
        expect(Math.abs(load.perSecond! - (25 - CAPACITY))).toBeLessThan(2.5);
        expect(thresholds.filter(({ verdict }) => verdict === "pass")).toEqual([]);
        expect(caveats.find(({ kind }) => kind === "growing")!.text).toMatch(
          /^not sustainable: the queue of p grows by [\d.]+\/s/,
        );
      }
      expect([2, 3, 4].map((seeds) => together(found.slice(0, seeds)))).toEqual([
        "growing",
        "growing",
        "growing",
      ]);
    },
  );
});

describe("a load of nine tenths of what a fleet stands", () => {
  it.each<[string, Partial<Source["arrivals"]>]>([
    ["poisson", {}],
    ["in bursts", { process: "gamma", cv: 3 }],
  ])("%s is not said to grow", (_, arrivals) => {
    const rate = `${0.9 * CAPACITY}/s`;
    const found = runs(scenario("120s", { ...arrivals, rate }, "20s"), gear(8, 320));
    const growing = found.filter(({ load }) => load.verdict === "growing").length;
    expect(growing).toBeLessThanOrEqual(0.03 * found.length);
    const ofFour = Array.from({ length: found.length / 4 }, (__, n) =>
      together(found.slice(4 * n, 4 * n + 4)),
    );
    expect(ofFour.filter((verdict) => verdict === "growing").length).toBeLessThanOrEqual(
      0.03 * ofFour.length,
    );
  });
});
