// The simulation behind `surgefleet run`: once, or on many seeds whose results are pooled, watched and to be stopped.
import { performance } from "node:perf_hooks";
import { type RunResult, Simulation } from "../../../core/index.js";
import { defaultSeeds, type ReplicationPlan, toSeconds } from "../../../core/internal.js";
import { openRealm } from "../../code/open-realm.js";
import { patientRun } from "../../code/patience.js";
import { RequestsFile } from "../../results/requests-file.js";
import type { ResultFolder } from "../../results/result-folder.js";
import { drive } from "../../run/drive.js";
import { runProgress, studyProgress } from "../../run/progress.js";
import { openReplications } from "../../run/replications.js";
import { runStudy, settledScenarioFile } from "../../run/study.js";
import { traceReader } from "../../run/trace-reader.js";
import { watched } from "../../run/watched.js";
import type { LoadedScenario } from "../../scenario-file.js";
import type { Terminal } from "../../terminal.js";
import type { RunFlags, RunSettings } from "./settings.js";

export interface FinishedRun {
  readonly result: RunResult;
  /** False when it was interrupted. */
  readonly finished: boolean;
  readonly wallSeconds: number;
  readonly requests: number;
}

/** Undefined where it was interrupted before there was anything to report. */
export function simulate(
  loaded: LoadedScenario,
  settings: RunSettings,
  flags: RunFlags,
  folder: ResultFolder | undefined,
  terminal: Terminal,
): Promise<FinishedRun | undefined> {
  const plan = planOf(loaded, settings);
  return plan.kind === "fixed" && plan.count === 1
    ? simulateOnce(loaded, settings, flags, folder, terminal)
    : simulateMany(plan, loaded, settings, flags, terminal);
}

/** Rows of attempts are of one run; else as many seeds as the kind of the scenario needs. */
function planOf({ scenario }: LoadedScenario, { requests, replications }: RunSettings): ReplicationPlan {
  if (replications.plan !== null) return replications.plan;
  return { kind: "fixed", count: requests ? 1 : defaultSeeds(scenario) };
}

function simulateOnce(
  loaded: LoadedScenario,
  settings: RunSettings,
  flags: RunFlags,
  folder: ResultFolder | undefined,
  terminal: Terminal,
): Promise<FinishedRun | undefined> {
  const requestsFile = settings.requests && folder !== undefined ? new RequestsFile(folder) : undefined;
  const display = runProgress(terminal, flags.quiet === true);
  const started = performance.now();
  return watched(
    display,
    async ({ isInterrupted, update }) => {
      const settled = await settle(loaded, settings, isInterrupted);
      if (settled === undefined) return undefined;
      const simulation = new Simulation(settled.scenario, {
        ...(settings.seed === null ? {} : { seed: settings.seed }),
        ...(requestsFile === undefined ? {} : { onAttempt: (row) => requestsFile.add(row) }),
        stepByStep: flags.stepByStep === true,
        readTrace: traceReader(settled.traces),
        openRealm,
      });
      const run = patientRun(settled.scenario, (events) => simulation.run(events));
      const finished = await drive(run, {
        onSlice: () => update(simulation),
        isInterrupted,
      });
      const result = simulation.result({ partial: !finished });
      requestsFile?.finish();
      const wallSeconds = (performance.now() - started) / 1000;
      return { result, finished, wallSeconds, requests: simulation.requests };
    },
    () => folder?.discard(),
  );
}

/** Threads are opened only for pilots: most scenarios say how long their warm-up is. */
async function settle(
  loaded: LoadedScenario,
  { seed, replications: { workers } }: RunSettings,
  isInterrupted: () => boolean,
): Promise<LoadedScenario | undefined> {
  if (!loaded.scenario.findsWarmup) return loaded;
  const pilots = openReplications(workers, { isInterrupted });
  return settledScenarioFile(loaded, seed ?? undefined, pilots).finally(pilots.close);
}

/** Many replications, pooled; undefined where not one of them ended. */
function simulateMany(
  plan: ReplicationPlan,
  loaded: LoadedScenario,
  settings: RunSettings,
  flags: RunFlags,
  terminal: Terminal,
): Promise<FinishedRun | undefined> {
  const { maxSeconds, workers } = settings.replications;
  const { duration } = loaded.scenario;
  const length = duration === undefined ? Number.POSITIVE_INFINITY : toSeconds(duration);
  const started = performance.now();
  return watched(studyProgress(terminal, flags.quiet === true, length), async ({ isInterrupted, update }) => {
    const stepByStep = flags.stepByStep === true;
    const { result, finished } = await runStudy(
      loaded,
      { seed: settings.seed ?? undefined, replications: plan, maxSeconds, workers, stepByStep },
      { onProgress: update, isInterrupted },
    );
    if (result === undefined) return undefined;
    const wallSeconds = (performance.now() - started) / 1000;
    return { result, finished, wallSeconds, requests: result.all.requests.offered };
  });
}
