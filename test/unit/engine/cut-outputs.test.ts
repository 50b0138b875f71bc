// Outputs that end where the memory of a replica does are counted, token by token, and told; wherever they are served.
import { expect, test } from "vitest";
import {
  parseScenario,
  type RunResult,
  type ScenarioInput,
  Simulation,
  textReport,
} from "../../../src/core/index.js";

const OUTPUT = 50;

function run(kvTokens: number, changes: Partial<ScenarioInput> = {}): RunResult {
  const pool = (kv: number) => ({
    replicas: 1,
    replica: { engine: "batching", profile: "llama-3.1-8b-h100", maxSequences: 64, kvTokens: kv },
    admission: { policy: "none" },
  });
  const simulation = new Simulation(
    parseScenario({
      schemaVersion: 1,
      duration: "20s",
      drain: true,
      inventory: { gpus: 2 },
      pools: { p: pool(kvTokens), other: pool(912) },
      paths: { std: { model: "m", pool: "p", rank: 0 }, other: { model: "o", pool: "other", rank: 0 } },
      traffic: {
        t: {
          arrivals: { process: "poisson", rate: "10/s" },
          input: 900,
          output: OUTPUT,
          mix: { std: "100%" },
        },
      },
      ...changes,
    } as ScenarioInput),
    { seed: "3" },
  );
  simulation.run();
  return simulation.result();
}

const cuts = ({ pools }: RunResult) => pools.map(({ cutOutputs, cutTokens }) => [cutOutputs, cutTokens]);

test("every token that was wanted and is not generated is counted, and why is told", () => {
  const short = run(928);
  const { completed } = short.all.outcomes;
  expect(completed).toBeGreaterThan(100);
  expect(short.all.outputTokens).toBe(28 * completed);
  expect(cuts(short)).toEqual([
    [completed, OUTPUT * completed - short.all.outputTokens],
    [0, 0],
  ]);
  const text = short.caveats.find(({ kind }) => kind === "cut")!.text;
  expect(text).toContain(`${completed} outputs of p ended where the memory of 928 tokens of a replica does`);
  expect(textReport(short).replaceAll(/\s+/g, " ")).toContain(text);
});

test("nothing is counted where all fits, to the token", () => {
  const [fits, lacks] = [run(960), run(944)];
  expect(cuts(fits)).toEqual(new Array(2).fill([0, 0]));
  expect(fits.caveats.filter(({ kind }) => kind === "cut")).toEqual([]);
  expect(lacks.pools[0]!.cutTokens).toBe(6 * lacks.all.outcomes.completed);
});

test("what is served elsewhere is counted there, and what is refused nowhere", () => {
  const full = { policy: "tail-drop", maxQueue: 0 } as const;
  const replica = {
    engine: "batching",
    profile: "llama-3.1-8b-h100",
    maxSequences: 1,
    kvTokens: 944,
  } as const;
  const pool = { replicas: 1, replica, admission: full };
  const moved = run(0, {
    pools: { p: pool, other: { ...pool, replica: { ...replica, kvTokens: 912 } } },
    paths: {
      std: { model: "m", pool: "p", rank: 0, instead: [{ spill: "other" }] },
      other: { model: "o", pool: "other", rank: 0 },
    },
  });
  const { completed, overloaded } = moved.all.outcomes;
  const spilled = moved.all.spilled;
  expect([spilled, overloaded].every((count) => count > 10)).toBe(true);
  expect(cuts(moved)).toEqual([
    [completed - spilled, 6 * (completed - spilled)],
    [spilled, 38 * spilled],
  ]);
});
