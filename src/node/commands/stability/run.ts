// `surgefleet stability`: runs a scenario with a trigger on many seeds and tells whether its goodput comes back.
import {
  type SeedOutcome,
  Simulation,
  SurgefleetError,
  seedOutcome,
  stabilityOf,
} from "../../../core/index.js";
import { stabilityText } from "../../../core/internal.js";
import { openRealm } from "../../code/open-realm.js";
import { ExitCode } from "../../exit-code.js";
import { printDocument } from "../../print.js";
import { drive } from "../../run/drive.js";
import { liveLines } from "../../run/progress.js";
import { traceReader } from "../../run/trace-reader.js";
import { watched } from "../../run/watched.js";
import { type LoadedScenario, loadScenarioFile } from "../../scenario-file.js";
import { pageFor, type Terminal } from "../../terminal.js";
import { headline } from "./text.js";

export interface StabilityFlags {
  readonly allowCode?: boolean | undefined;
  readonly set?: readonly string[] | undefined;
  readonly seeds: number;
  readonly check?: boolean | undefined;
  readonly json?: boolean | undefined;
  readonly color: boolean;
  readonly ascii?: boolean | undefined;
}

export async function stabilityCommand(
  path: string,
  flags: StabilityFlags,
  terminal: Terminal,
): Promise<ExitCode> {
  const { seeds } = flags;
  const loaded = loadScenarioFile(path, flags.set ?? [], flags);
  if (loaded.scenario.trigger === undefined) {
    const message = `${path} has no "trigger": without one there is nothing to recover from`;
    throw new SurgefleetError("INVALID_SCENARIO", message);
  }
  const { outcomes, finished } = await runSeeds(loaded, seeds, terminal);
  const stability = stabilityOf(loaded.scenario.name, outcomes);
  printDocument(flags, terminal, {
    document: () => stability,
    report: () => stabilityText(stability, pageFor(flags, terminal)),
  });
  if (!finished) {
    terminal.errors.write(`interrupted after ${outcomes.length} of ${seeds} seeds\n`);
    return ExitCode.interrupted;
  }
  return flags.check === true && stability.verdict !== "stable" ? ExitCode.thresholdFailed : ExitCode.ok;
}

/** Seeds are those of `replicate`: the scenario's own with a number behind it. */
function runSeeds(
  { scenario, traces }: LoadedScenario,
  seeds: number,
  terminal: Terminal,
): Promise<{ outcomes: SeedOutcome[]; finished: boolean }> {
  const outcomes: SeedOutcome[] = [];
  const display = liveLines<Simulation>(terminal, false, ({ now }) => ({
    headline: headline(outcomes, seeds, now),
  }));
  return watched(display, async ({ isInterrupted, update }) => {
    for (let run = 1; run <= seeds; run++) {
      const simulation = new Simulation(scenario, {
        seed: `${scenario.seed}/${run}`,
        readTrace: traceReader(traces),
        openRealm,
      });
      const finished = await drive((events) => simulation.run(events), {
        onSlice: () => update(simulation),
        isInterrupted,
      });
      // Half a run tells nothing of what came after it.
      if (!finished) return { outcomes, finished };
      outcomes.push(seedOutcome(simulation.result()));
    }
    return { outcomes, finished: true };
  });
}
