// Runs a study of a loaded scenario: replications on all processors, pooled, as many as were asked for or as it takes.
import { type RunResult, SurgefleetError } from "../../core/index.js";
import {
  type Clusters,
  isSwinging,
  mostOf,
  pilotSeeds,
  type ReplicationPlan,
  requestsPerSquare,
  type SeedPlan,
  type StudyOutcome,
  type Subject,
  seedPlan,
  settledBy,
  study,
  thresholdsOf,
} from "../../core/internal.js";
import type { LoadedScenario } from "../scenario-file.js";
import { openReplications, type Replications, type UnderWay } from "./replications.js";

export interface StudySettings {
  /** From which the seeds of replications are made; left out: the scenario's own. */
  readonly seed?: string | undefined;
  readonly replications: ReplicationPlan;
  /** What is run, where something else was run on the same: `seedsOf` its result. */
  readonly seeds?: SeedPlan | undefined;
  /** Default 0.95. */
  readonly confidence?: number | undefined;
  /** An open-ended study begins no replication after so many seconds. */
  readonly maxSeconds?: number | undefined;
  readonly stepByStep?: boolean | undefined;
  /** Runs all replications, also where a threshold with abortOnFail has failed. */
  readonly neverAborts?: boolean | undefined;
  /** What is estimated besides what always is, and what thresholds ask for. */
  readonly asked?: readonly Subject[] | undefined;
  /** How refusals cluster, as far as other fleets of the like have shown it. */
  readonly clusters?: Clusters | undefined;
  /** Of the risk that the confidence leaves, the part that it may spend. Default 1. */
  readonly share?: number | undefined;
  /** Thresholds that are judged together, of all scenarios of a suite; left out: this scenario's. */
  readonly family?: number | undefined;
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

/** Throws USAGE where replications are to go on until thresholds are decided, and there are none. */
export function assertThresholds({ scenario }: LoadedScenario, plan: ReplicationPlan | null): void {
  if (plan?.kind !== "decided" || Object.keys(scenario.thresholds).length > 0) return;
  const why = "it has no thresholds to decide";
  throw new SurgefleetError("USAGE", `${scenario.name}: --seeds until: ${why}; give a number`);
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
  const most = settings.seeds?.most ?? mostOf(plan);
  const progress = { runs: 0, soFar: undefined as StudyProgress["soFar"] };
  const tell = () => hooks.onProgress?.({ ...progress, most, underWay: threads.underWay() });
  const workers = settings.workers ?? (most === 1 ? 1 : undefined);
  const threads =
    hooks.replications ?? openReplications(workers, { onSlice: tell, isInterrupted: hooks.isInterrupted });
  try {
    const settled = await settledScenarioFile(loaded, settings.seed, threads);
    if (settled === undefined) {
      const nothing = { result: undefined, runs: 0, looks: 0, clusters: () => ({}) };
      return { ...nothing, ended: "interrupted", finished: false };
    }
    const started = performance.now();
    const seed = settings.seed ?? loaded.scenario.seed;
    const outcome = await study((one) => threads.run(settled, one, { stepByStep, asked: settings.asked }), {
      seed,
      plan,
      seeds: settings.seeds ?? seedPlan(settled.scenario, seed, plan),
      thresholds: thresholdsOf(loaded.scenario),
      asked: settings.asked,
      family: settings.family,
      share: settings.share,
      clusters: settings.clusters,
      worstRun: loaded.scenario.check.worstRun,
      swings: isSwinging(settled.scenario),
      requestsPerSquare: requestsPerSquare(settled.scenario),
      confidence,
      concurrency: threads.concurrency,
      isInterrupted: hooks.isInterrupted,
      isOverBudget: () => (performance.now() - started) / 1000 > maxSeconds,
      abortOn: settings.neverAborts === true ? [] : abortingThresholds(loaded),
      onResult:
        hooks.onProgress &&
        ((soFar, runs) => {
          progress.soFar = soFar;
          progress.runs = runs;
          tell();
        }),
    });
    if (outcome.ended !== "copies") return { ...outcome, finished: outcome.ended !== "interrupted" };
    // The only run there is says by its batches how far it varies.
    const [only] = outcome.result!.replications;
    const result = await threads.run(settled, only!.seed, {
      stepByStep,
      batches: true,
      asked: settings.asked,
    });
    return {
      ...outcome,
      result: result === undefined ? outcome.result : { ...result, seed },
      finished: true,
    };
  } finally {
    if (hooks.replications === undefined) await threads.close();
  }
}

/** The scenario with its warm-up found by pilot runs, where it says so; undefined where that was interrupted. */
export async function settledScenarioFile(
  loaded: LoadedScenario,
  seed: string | undefined,
  threads: Replications,
): Promise<LoadedScenario | undefined> {
  const seeds = pilotSeeds(loaded.scenario, seed);
  const pilots: RunResult[] = [];
  // As many at once as there are threads.
  while (pilots.length < seeds.length) {
    const next = seeds.slice(pilots.length, pilots.length + threads.concurrency);
    const how = { stepByStep: false };
    const results = await Promise.all(next.map((one) => threads.run(loaded, one, how)));
    if (results.includes(undefined)) return undefined;
    pilots.push(...(results as RunResult[]));
  }
  return pilots.length === 0 ? loaded : { ...loaded, scenario: settledBy(loaded.scenario, pilots) };
}

/** Places of the thresholds whose failure ends a study. */
function abortingThresholds({ scenario }: LoadedScenario): number[] {
  return thresholdsOf(scenario).flatMap((one, index) => (one.abortOnFail ? [index] : []));
}
