// `surgefleet plan`: the least fleet, the least or greatest value of a key, the largest load, the cheapest mix or the
// best parameter that meets the thresholds of a scenario, found by simulation with a stated confidence.
import { SurgefleetError } from "../../../core/index.js";
import {
  type Candidate,
  makePlan,
  type Probe,
  planText,
  probeOf,
  type ReplicationPlan,
  seedPlan,
  type TrialSettings,
} from "../../../core/internal.js";
import { ExitCode } from "../../exit-code.js";
import { seedOf } from "../../flags/seed.js";
import { printDocument } from "../../print.js";
import { type RunStudy, watchedStudies } from "../../run/watched.js";
import { type LoadedScenario, loadScenarioFile } from "../../scenario-file.js";
import { pageFor, type Terminal } from "../../terminal.js";
import { type Base, beyondRange, checkEnds, loadCandidate } from "./candidates.js";
import { type GoalFlags, goalOf, spareOf } from "./goal.js";

export interface PlanFlags extends GoalFlags {
  readonly allowCode?: boolean | undefined;
  /** What a GPU of a pool costs. */
  readonly gpuCost?: readonly GpuCost[] | undefined;
  readonly confidence: number;
  readonly most: number;
  readonly demand: readonly number[];
  readonly seed?: string | undefined;
  readonly set?: readonly string[] | undefined;
  readonly workers?: number | undefined;
  readonly json?: boolean | undefined;
  readonly quiet?: boolean | undefined;
  readonly color: boolean;
  readonly ascii?: boolean | undefined;
}

export interface GpuCost {
  readonly pool: string;
  readonly cost: number;
}

export async function planCommand(path: string, flags: PlanFlags, terminal: Terminal): Promise<ExitCode> {
  const { set: sets = [], most, confidence, workers, quiet } = flags;
  const { allowCode } = flags;
  const loaded = loadScenarioFile(path, sets, { allowCode });
  const goal = goalOf(flags, loaded);
  if (goal.kind !== "best" && Object.keys(loaded.scenario.thresholds).length === 0) {
    const message = `${path} has no "thresholds": without one every fleet is good enough`;
    throw new SurgefleetError("INVALID_SCENARIO", message);
  }
  const gpuCost = costsOf(flags, loaded);
  const demands = goal.kind === "key" ? flags.demand : [];
  const spare = spareOf(flags, goal);
  const base: Base = { path, sets, allowCode, loaded, goal, ...(spare && { spare }) };
  checkEnds(base);
  const seed = seedOf(flags.seed, terminal.env) ?? loaded.scenario.seed;
  return watchedStudies({ workers, quiet }, terminal, async (runStudy) => {
    const probe = (candidate: Candidate, settings: TrialSettings) =>
      tryCandidate(candidate, settings, base, runStudy);
    const { scenario } = loaded;
    const beyond = () => beyondRange(base);
    const given = {
      scenario,
      seed,
      probe,
      confidence,
      most,
      demands,
      gpuCost,
      beyond,
      ...(spare && { spare }),
    };
    const plan = await makePlan(goal, given);
    printDocument(flags, terminal, {
      document: () => plan,
      report: () => planText(plan, pageFor(flags, terminal)),
    });
    if (plan.partial) {
      terminal.errors.write(`interrupted after ${plan.work.probes} probes\n`);
      return ExitCode.interrupted;
    }
    if (plan.order !== null && (plan.order.isBroken || plan.order.better === null)) return ExitCode.undecided;
    return plan.answer === null ? ExitCode.thresholdFailed : ExitCode.ok;
  });
}

async function tryCandidate(
  candidate: Candidate,
  { kind: _, most, first, isFixed, isCompared, ...judged }: TrialSettings,
  base: Base,
  runStudy: RunStudy,
): Promise<Probe | undefined> {
  const { loaded } = base;
  const tried = loadCandidate(candidate, base);
  const replications: ReplicationPlan = isFixed
    ? { kind: "fixed", count: most }
    : { kind: "decided", most, mustKeepUp: true, first };
  // Of values that are compared all are run, whatever their thresholds say, on the seeds of one of them.
  const seeds = isCompared ? seedPlan(loaded.scenario, judged.seed, replications) : undefined;
  const study = await runStudy(isCompared ? tried : failingFast(tried), {
    ...judged,
    ...{ replications, seeds },
  });
  return study && probeOf(study.result, study.clusters());
}

/** One threshold that fails decides against a candidate, whatever the others would have said. */
function failingFast(loaded: LoadedScenario): LoadedScenario {
  const thresholds = Object.fromEntries(
    Object.entries(loaded.scenario.thresholds).map(([metric, all]) => [
      metric,
      all.map((one) => ({ ...one, abortOnFail: true })),
    ]),
  );
  return { ...loaded, scenario: { ...loaded.scenario, thresholds } };
}

/** Throws USAGE for a pool that the scenario does not have. */
function costsOf({ gpuCost = [] }: PlanFlags, { scenario }: LoadedScenario): Record<string, number> {
  const pools = Object.keys(scenario.pools);
  const unknown = gpuCost.find(({ pool }) => !pools.includes(pool));
  if (unknown !== undefined) {
    throw new SurgefleetError("USAGE", `--gpu-cost ${unknown.pool}: the pools are ${pools.join(", ")}`);
  }
  return Object.fromEntries(gpuCost.map(({ pool, cost }) => [pool, cost]));
}
