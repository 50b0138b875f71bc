// What a plan looks for: the flags, whose values are read already, against the pools and paths of a scenario.
import { SurgefleetError } from "../../../core/index.js";
import {
  type Axis,
  axisOf,
  type BetterWay,
  type PlanGoal,
  poolOfReplicas,
  type Quantity,
  type Range,
  readObjective,
  refuseScaled,
  type Spare,
  suggest,
} from "../../../core/internal.js";
import type { LoadedScenario } from "../../scenario-file.js";

/** At most one of the first four is given. */
export interface GoalFlags {
  readonly find?: Range | undefined;
  /** Of the load. */
  readonly maximise?: Range | undefined;
  readonly minimise?: "cost" | undefined;
  readonly best?: Range | undefined;
  readonly over?: readonly Range[] | undefined;
  readonly objective?: string | undefined;
  /** Steps of real values; each goal has its own where none is given. */
  readonly tolerance?: number | undefined;
  /** Which values are better; of replicas more, of other keys it is found out. */
  readonly better?: BetterWay | undefined;
  /** Values spread over the range that are tried first. */
  readonly survey?: number | undefined;
  readonly step?: Quantity | undefined;
  /** Replicas that are out. */
  readonly spare?: number | undefined;
}

const LOAD_TOLERANCE = 0.02;
const BEST_TOLERANCE = 0.05;
export const SURVEYED = 7;

/** Throws USAGE where nothing is looked for, and for what the scenario does not have. */
export function goalOf(flags: GoalFlags, loaded: LoadedScenario): PlanGoal {
  const { find, maximise, minimise, best, over = [], objective, tolerance } = flags;
  if (find !== undefined) return keyGoal(find, flags, loaded);
  if (maximise !== undefined) {
    const axis = axisOf(maximise, { kind: "ratio", tolerance: tolerance ?? LOAD_TOLERANCE });
    return { kind: "load", axis };
  }
  if (minimise !== undefined) return { kind: "cheapest", axes: mixAxes(over, loaded) };
  if (best === undefined) {
    const choices = "--find replicas=8..512, --maximise load, --minimise cost or --best path=from..to";
    throw new SurgefleetError("USAGE", `plan takes exactly one of ${choices}`);
  }
  if (objective === undefined) {
    throw new SurgefleetError(
      "USAGE",
      "--best needs --objective, what is to be best, as in ttft{tier:standard} p(99)",
    );
  }
  const axis = axisOf(best, { kind: "even", tolerance: tolerance ?? BEST_TOLERANCE });
  refuseScaled("--best", axis.path, loaded.scenario);
  return { kind: "best", axis, objective: readObjective(objective, loaded.scenario) };
}

/**
 * More replicas never hurt, as far as anybody knows; of another key the range itself tells. Of what is counted every
 * number is a value; of what has a unit, round ones.
 */
function keyGoal(range: Range, flags: GoalFlags, loaded: LoadedScenario): PlanGoal {
  const { tolerance = BEST_TOLERANCE, step } = flags;
  const isFraction = /\d\.\d|%/.test(range.text);
  const kind = isFraction ? "even" : range.unit === "" ? "whole" : "round";
  const laidOut = axisOf(range, step === undefined ? { kind, tolerance } : { kind: "step", step });
  const axis = { ...laidOut, path: fullPath("--find", laidOut.path, loaded) };
  const areReplicas = poolOfReplicas(axis.path) !== undefined;
  const { better = areReplicas ? "higher" : undefined, survey = areReplicas ? 0 : SURVEYED } = flags;
  if (better === undefined && survey < 2) {
    throw new SurgefleetError(
      "USAGE",
      "--survey 0 needs --better, since nothing else tells which values are",
    );
  }
  return { kind: "key", axis, better, survey };
}

/** Undefined where none are wanted. Throws USAGE where it is not replicas of a pool that are searched. */
export function spareOf({ spare }: GoalFlags, goal: PlanGoal): Spare | undefined {
  if (spare === undefined) return undefined;
  const path = goal.kind === "key" ? goal.axis.path : "";
  const pool = poolOfReplicas(path);
  if (pool !== undefined) return { pool, replicas: spare };
  const scaled = /^pools\.([^.]+)\.autoscaler\./.exec(path)?.[1];
  // An autoscaler makes up for what is out where load says so: how many more there are is not for a plan to say.
  const hint =
    scaled === undefined
      ? "those are what may be lost"
      : `the autoscaler of ${scaled} decides what there is beside; state the loss instead, as in ` +
        `--set 'outages=[{pool: ${scaled}, from: 0s, for: 365d, instances: ${spare}}]'`;
  throw new SurgefleetError("USAGE", `--spare goes with --find replicas: ${hint}`);
}

function mixAxes(over: readonly Range[], loaded: LoadedScenario): [Axis, Axis] {
  const axes = over.map((range) => axisOf(range, { kind: "whole" }));
  const [first, second] = axes.map((axis) => ({ ...axis, path: fullPath("--over", axis.path, loaded) }));
  if (first === undefined || second === undefined || axes.length !== 2 || first.path === second.path) {
    throw new SurgefleetError("USAGE", "--minimise cost needs two --over, each the replicas of another pool");
  }
  // Replicas of one step of a schedule cost what they do for a while: that is no cost of a mix.
  const odd = [first, second].find(({ path }) => path !== `pools.${poolOfReplicas(path)}.replicas`);
  if (odd === undefined) return [first, second];
  throw new SurgefleetError("USAGE", `--over ${odd.path}: only replicas of pools cost anything`);
}

/** Alone it is that of the only pool. */
const REPLICAS = "replicas";

function fullPath(flag: string, path: string, { scenario }: LoadedScenario): string {
  const pools = Object.keys(scenario.pools);
  const pool = poolOfReplicas(path);
  if (pool !== undefined && !pools.includes(pool)) {
    const hint = suggest(pool, pools) ?? "";
    throw new SurgefleetError("USAGE", `${flag} ${path}: there is no pool "${pool}" (${hint})`);
  }
  if (path !== REPLICAS && !(path in scenario) && suggest(path, [REPLICAS])?.startsWith("did") === true)
    throw new SurgefleetError("USAGE", `${flag} ${path}: there is no such key (did you mean "${REPLICAS}"?)`);
  const full = path === REPLICAS && pools.length === 1 ? `pools.${pools[0]}.replicas` : path;
  if (full !== REPLICAS) {
    refuseScaled(flag, full, scenario);
    return full;
  }
  const choices = pools.map((name) => `pools.${name}.replicas`).join(" or ");
  throw new SurgefleetError("USAGE", `${flag} replicas: of which pool? Write ${choices}`);
}
