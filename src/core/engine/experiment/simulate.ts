// The library's short form: a scenario in, a result out. And the same over many seeds, which shows how far a number of
// one seed can be trusted.
import { SurgefleetError } from "../../base/errors.js";
import type { RunResult } from "../../results/shape/result.js";
import { loadScenario } from "../../scenario/load.js";
import type { Scenario, ScenarioInput } from "../../scenario/schema.js";
import { type MeanInterval, meanInterval } from "../../stats/interval.js";
import { Simulation, type SimulationOptions } from "./simulation.js";
import { settledScenario } from "./warm-up.js";

/**
 * Runs a scenario to its end. Takes what a scenario file holds, as an object or as YAML or JSON text.
 * Throws SurgefleetError INVALID_SCENARIO with every problem of the scenario, or INVALID_TRACE.
 */
export function simulate(scenario: ScenarioInput | string, options: SimulationOptions = {}): RunResult {
  const simulation = new Simulation(settledScenario(parseScenario(scenario), options), options);
  simulation.run();
  return simulation.result();
}

export interface ReplicationOptions extends Omit<SimulationOptions, "seed" | "onAttempt" | "neverAborts"> {
  /** Independent runs, at least 2. */
  readonly replications: number;
  /** Confidence of the interval, such as 0.95. */
  readonly confidence: number;
}

/**
 * Runs a scenario on seeds `<seed>/1` to `<seed>/n` and returns, for each measure, Student's t interval of its mean
 * over the runs. A run in which a measure is null, for want of data, does not count for it: `n` says how many do, and
 * with none left mean and bounds are NaN. Throws SurgefleetError USAGE for fewer than two replications.
 */
export function replicate<Name extends string>(
  scenario: ScenarioInput | string,
  measures: Readonly<Record<Name, (result: RunResult) => number | null>>,
  { replications, confidence, ...options }: ReplicationOptions,
): Record<Name, MeanInterval> {
  if (!(Number.isSafeInteger(replications) && replications >= 2)) {
    throw new SurgefleetError("USAGE", `replications is a whole number from 2 up, got ${replications}`);
  }
  const parsed = settledScenario(parseScenario(scenario), options);
  const names = Object.keys(measures) as Name[];
  const samples = names.map((): number[] => []);
  for (let run = 1; run <= replications; run++) {
    const simulation = new Simulation(parsed, {
      ...options,
      seed: `${parsed.seed}/${run}`,
      neverAborts: true,
      batches: false,
    });
    simulation.run();
    const result = simulation.result();
    for (const [index, name] of names.entries()) {
      const value = measures[name](result);
      if (value !== null && !Number.isNaN(value)) samples[index]!.push(value);
    }
  }
  const intervals = names.map((name, index) => [name, meanInterval(samples[index]!, confidence)]);
  return Object.fromEntries(intervals) as Record<Name, MeanInterval>;
}

/** Reads a scenario given as an object or as text. Throws SurgefleetError INVALID_SCENARIO. */
export function parseScenario(scenario: ScenarioInput | string): Scenario {
  if (typeof scenario !== "string" && (typeof scenario !== "object" || scenario === null)) {
    throw new SurgefleetError(
      "USAGE",
      `a scenario is an object, or YAML or JSON text, not ${String(scenario)}`,
    );
  }
  const text = typeof scenario === "string" ? scenario : JSON.stringify(scenario, spelledOut);
  const loaded = loadScenario({ file: "scenario", text });
  if (!loaded.ok) throw new SurgefleetError("INVALID_SCENARIO", "the scenario is not valid", loaded.issues);
  return loaded.scenario;
}

/** JSON has no word for NaN and infinity and would drop them: as text they are refused by name. */
function spelledOut(_key: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}
