// The library's short form: a scenario in, a result out. And the same over many seeds, which says how far a number of
// one seed can be trusted.
import { SurgefleetError } from "../../base/errors.js";
import { dataSource } from "../../document/data.js";
import type { RunResult } from "../../results/shape/result.js";
import { loadScenario } from "../../scenario/load.js";
import { type LoadResult, readScenario } from "../../scenario/read.js";
import type { Scenario, ScenarioInput } from "../../scenario/schema.js";
import { type MeanInterval, meanInterval } from "../../stats/interval.js";
import { Simulation, type SimulationOptions } from "./simulation.js";
import { settledScenario } from "./warm-up.js";

/**
 * Runs a scenario to its end: an object that holds what a scenario file does, or what `parseScenario` or `loadScenario`
 * made of a text. The same scenario, seed and version give the same result, bit for bit.
 *
 * Throws SurgefleetError: INVALID_SCENARIO with every problem of the scenario, INVALID_TRACE, NOT_FOUND for a trace
 * without `readTrace`.
 */
export function simulate(scenario: ScenarioInput | Scenario, options: SimulationOptions = {}): RunResult {
  const simulation = new Simulation(settledScenario(checkedScenario(scenario), options), options);
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
  scenario: ScenarioInput | Scenario,
  measures: Readonly<Record<Name, (result: RunResult) => number | null>>,
  { replications, confidence, ...options }: ReplicationOptions,
): Record<Name, MeanInterval> {
  if (!(Number.isSafeInteger(replications) && replications >= 2)) {
    throw new SurgefleetError("USAGE", `replications is a whole number from 2 up, got ${replications}`);
  }
  const parsed = settledScenario(checkedScenario(scenario), options);
  const names = Object.keys(measures) as Name[];
  const samples = names.map((): number[] => []);
  for (let run = 1; run <= replications; run++) {
    const simulation = new Simulation(parsed, {
      ...options,
      seed: `${parsed.seed}/${run}`,
      neverAborts: true,
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

/**
 * Checks the text of a scenario file, YAML or JSON, or an object that holds what one does, and resolves its units,
 * presets and defaults. Throws SurgefleetError INVALID_SCENARIO with every problem in `issues`.
 */
export function parseScenario(scenario: ScenarioInput | string): Scenario {
  if (typeof scenario !== "string") return checkedScenario(scenario);
  return orThrow(loadScenario({ file: "scenario", text: scenario }));
}

/** As `parseScenario`, without the parser of texts; what was checked before is handed back. */
export function checkedScenario(scenario: ScenarioInput | Scenario): Scenario {
  if (typeof scenario !== "object" || scenario === null) {
    const text = "for YAML or JSON text: parseScenario(text)";
    throw new SurgefleetError("USAGE", `a scenario is an object, not ${typeof scenario}; ${text}`);
  }
  if (isScenario(scenario)) return scenario;
  return orThrow(readScenario(dataSource("scenario", scenario)));
}

/** No scenario file may have this key. */
function isScenario(scenario: ScenarioInput | Scenario): scenario is Scenario {
  return "findsWarmup" in scenario;
}

function orThrow(loaded: LoadResult): Scenario {
  if (loaded.ok) return loaded.scenario;
  throw new SurgefleetError("INVALID_SCENARIO", "the scenario is not valid", loaded.issues);
}
