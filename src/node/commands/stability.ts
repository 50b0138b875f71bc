// `surgefleet stability`: runs a scenario with a trigger on many seeds and tells whether its goodput comes back.
import {
  type SeedOutcome,
  Simulation,
  type StabilityResult,
  SurgefleetError,
  seedOutcome,
  stabilityOf,
  stabilityText,
} from "../../core/index.js";
import { ExitCode } from "../exit-code.js";
import { wholeNumber } from "../flags.js";
import { drive } from "../run/drive.js";
import { watchInterrupt } from "../run/interrupt.js";
import { traceReader } from "../run/trace-reader.js";
import { type LoadedScenario, loadScenarioFile } from "../scenario-file.js";
import { pageFor, type Terminal } from "../terminal.js";

/** The flags of `stability`, as commander hands them over. */
export interface StabilityFlags {
  readonly set?: readonly string[];
  readonly seeds?: string;
  readonly check?: boolean;
  readonly json?: boolean;
  readonly color: boolean;
  readonly ascii?: boolean;
}

export const DEFAULT_SEEDS = 20;
const MOST_SEEDS = 10_000;

export async function stabilityCommand(
  path: string,
  flags: StabilityFlags,
  terminal: Terminal,
): Promise<ExitCode> {
  const seeds = flags.seeds === undefined ? DEFAULT_SEEDS : wholeNumber("--seeds", flags.seeds, MOST_SEEDS);
  const loaded = loadScenarioFile(path, flags.set ?? []);
  if (loaded.scenario.trigger === undefined) {
    const message = `${path} has no "trigger": without one there is nothing to recover from`;
    throw new SurgefleetError("INVALID_SCENARIO", message);
  }
  const { outcomes, finished } = await runSeeds(loaded, seeds);
  const stability = stabilityOf(loaded.scenario.name, outcomes);
  print(stability, flags, terminal);
  if (!finished) {
    terminal.errors.write(`interrupted after ${outcomes.length} of ${seeds} seeds\n`);
    return ExitCode.interrupted;
  }
  return flags.check === true && stability.verdict !== "stable" ? ExitCode.thresholdFailed : ExitCode.ok;
}

/** Seeds are those of `replicate`: the scenario's own with a number behind it. */
async function runSeeds(
  { scenario, traces }: LoadedScenario,
  seeds: number,
): Promise<{ outcomes: SeedOutcome[]; finished: boolean }> {
  const outcomes: SeedOutcome[] = [];
  const interrupt = watchInterrupt(() => {});
  try {
    for (let run = 1; run <= seeds; run++) {
      const simulation = new Simulation(scenario, {
        seed: `${scenario.seed}/${run}`,
        readTrace: traceReader(traces),
      });
      const finished = await drive(simulation, { onSlice: () => {}, isInterrupted: interrupt.isRequested });
      // Half a run tells nothing of what came after it.
      if (!finished) return { outcomes, finished };
      outcomes.push(seedOutcome(simulation.result()));
    }
    return { outcomes, finished: true };
  } finally {
    interrupt.release();
  }
}

function print(result: StabilityResult, flags: StabilityFlags, terminal: Terminal): void {
  if (flags.json === true) {
    terminal.output.write(`${JSON.stringify(result, null, 2)}\n`);
    return;
  }
  terminal.output.write(stabilityText(result, pageFor(flags, terminal)));
}
