// Candidates of a plan as scenarios: what a search tries laid over the file, under the flags that ask for it.
import { SurgefleetError } from "../../../core/index.js";
import {
  type Axis,
  type BeyondRange,
  type Candidate,
  candidateOverrides,
  type PlanGoal,
  type Spare,
} from "../../../core/internal.js";
import { type Allowed, type LoadedScenario, loadTried } from "../../scenario-file.js";

/** What candidates are made of. */
export interface Base extends Allowed {
  readonly path: string;
  readonly sets: readonly string[];
  readonly loaded: LoadedScenario;
  readonly goal: PlanGoal;
  readonly spare?: Spare;
}

const axesOf = (goal: PlanGoal): readonly Axis[] => {
  if (goal.kind === "load") return [];
  return goal.kind === "cheapest" ? goal.axes : [goal.axis];
};

/** What the scenario says of the ends of a range it says before anything runs. */
export function checkEnds(base: Base): void {
  for (const { path, texts } of axesOf(base.goal)) {
    for (const text of [texts[0]!, texts.at(-1)!]) loadCandidate({ values: [[path, text]], demand: 1 }, base);
  }
}

/** Whether the scenario can be what lies next to the ends: a range of replicas from 1 begins as low as it can. */
export function beyondRange(base: Base): BeyondRange {
  if (base.goal.kind === "load") return { below: true, above: true };
  const axes = axesOf(base.goal);
  const canBe = ({ path }: Axis, text: string) => {
    try {
      loadCandidate({ values: [[path, text]], demand: 1 }, base);
      return true;
    } catch (error) {
      if (error instanceof SurgefleetError) return false;
      throw error;
    }
  };
  return {
    below: axes.some((axis) => axis.values[0]! > 0 && canBe(axis, textNear(axis, 0, -1))),
    above: axes.some((axis) => canBe(axis, textNear(axis, axis.values.length - 1, 1))),
  };
}

/** One less or more of what is counted, else half or twice as much, in the unit of the axis. */
function textNear({ values, texts }: Axis, place: number, way: 1 | -1): string {
  const value = values[place]!;
  const unit = texts[place]!.slice(String(value).length);
  const isCounted = unit === "" && Number.isInteger(value);
  return `${isCounted ? value + way : value * (way === 1 ? 2 : 0.5)}${unit}`;
}

const FLAGS: Readonly<Record<PlanGoal["kind"], string>> = {
  key: "--find",
  load: "--maximise",
  cheapest: "--over",
  best: "--best",
};

/** Throws USAGE, with the words of the command line that ask for it, where the scenario cannot be so. */
export function loadCandidate({ values, demand }: Candidate, base: Base): LoadedScenario {
  const { path, sets, allowCode, loaded, goal, spare } = base;
  const flag = FLAGS[goal.kind];
  const isLoad = goal.kind === "load";
  const words = [
    ...values.map(([key, text]) => `${flag} ${key}=${text}`),
    ...(isLoad ? [`${flag} load=${demand}`] : demand === 1 ? [] : [`--demand ${demand}`]),
    ...(spare === undefined ? [] : [`--spare ${spare.replicas}`]),
  ].join(" ");
  const overrides = candidateOverrides(loaded.scenario, values, demand, spare);
  const from = isLoad || demand === 1 ? flag : `${flag} with --demand`;
  return loadTried(path, sets, { flag: from, overrides, words, allowCode });
}
