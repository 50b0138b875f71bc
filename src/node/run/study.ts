// Runs a study of a loaded scenario: replications on all processors, pooled, as many as were asked for or as it takes.
import {
  type ReplicationPlan,
  type RunResult,
  type StudyOutcome,
  settledScenario,
  study,
} from "../../core/index.js";
import type { LoadedScenario } from "../scenario-file.js";
import { openReplications, type Replications, type UnderWay } from "./replications.js";
import { traceReader } from "./trace-reader.js";

export interface StudySettings {
  /** Replications have the seeds `seed/1`, `seed/2`, ...; left out: the scenario's own. */
  readonly seed?: string | undefined;
  readonly replications: ReplicationPlan;
  /** Default 0.95. */
  readonly confidence?: number | undefined;
  /** An open-ended study begins no replication after so many seconds. */
  readonly maxSeconds?: number | undefined;
  readonly stepByStep?: boolean | undefined;
  /** Threads; left out: one for each processor. Ignored where the hooks bring replications. */
  readonly workers?: number | undefined;
}

/** How a study stands. */
export interface StudyProgress {
  /** Replications that have ended, and at most. */
  readonly runs: number;
  readonly most: number;
  readonly underWay: UnderWay;
  /** Pools everything that has ended; undefined before the first. */
  readonly soFar: (() => RunResult) | undefined;
}

export interface StudyHooks {
  readonly onProgress?: ((progress: StudyProgress) => void) | undefined;
  readonly isInterrupted?: (() => boolean) | undefined;
  /** Opened by the caller, who also closes it: for many studies on the same threads. */
  readonly replications?: Replications | undefined;
}

export interface FinishedStudy extends StudyOutcome {
  /** False when it was interrupted. */
  readonly finished: boolean;
}

/** Throws as the simulation does, and USAGE for a number of replications that is none. */
export async function runStudy(
  loaded: LoadedScenario,
  settings: StudySettings,
  hooks: StudyHooks = {},
): Promise<FinishedStudy> {
  const {
    replications: plan,
    stepByStep = false,
    confidence,
    maxSeconds = Number.POSITIVE_INFINITY,
  } = settings;
  const most = plan.kind === "fixed" ? plan.count : plan.most;
  const progress = { runs: 0, soFar: undefined as StudyProgress["soFar"] };
  const tell = () => hooks.onProgress?.({ ...progress, most, underWay: threads.underWay() });
  const workers = settings.workers ?? (most === 1 ? 1 : undefined);
  const threads =
    hooks.replications ?? openReplications(workers, { onSlice: tell, isInterrupted: hooks.isInterrupted });
  const started = performance.now();
  try {
    const settled = settledScenarioFile(loaded, settings.seed);
    const outcome = await study((seed) => threads.run(settled, seed, { stepByStep }), {
      seed: settings.seed ?? loaded.scenario.seed,
      plan,
      confidence,
      concurrency: threads.concurrency,
      isInterrupted: hooks.isInterrupted,
      isOverBudget: () => (performance.now() - started) / 1000 > maxSeconds,
      abortOn: abortingThresholds(loaded),
      onResult:
        hooks.onProgress &&
        ((soFar, runs) => {
          progress.soFar = soFar;
          progress.runs = runs;
          tell();
        }),
    });
    return { ...outcome, finished: outcome.ended !== "interrupted" };
  } finally {
    if (hooks.replications === undefined) await threads.close();
  }
}

/** The scenario with its warm-up found by pilot runs, where it says so. */
export function settledScenarioFile(loaded: LoadedScenario, seed: string | undefined): LoadedScenario {
  const readTrace = traceReader(loaded.traces);
  return { ...loaded, scenario: settledScenario(loaded.scenario, { seed, readTrace }) };
}

/** Places of the thresholds whose failure ends a study. */
function abortingThresholds({ scenario }: LoadedScenario): number[] {
  const all = Object.values(scenario.thresholds).flat();
  return all.flatMap((one, index) => (one.abortOnFail ? [index] : []));
}
