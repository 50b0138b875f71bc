// From a goal to a plan: lays the candidates out in the order that the search assumes, begins where the analytic guess
// says, certifies what was found, and writes down all that was seen. Probes are the caller's: this file runs nothing.
import { type Clusters, mergedClusters } from "../../results/build/clusters.js";
import { isGrowing } from "../../results/shape/sustainability.js";
import type { Scenario } from "../../scenario/schema.js";
import { thresholdsOf } from "../../scenario/thresholds.js";
import { type Axis, turned } from "./axis.js";
import { bestFirst, mostValues, searchBest } from "./best-value.js";
import type { KeyGoal, Planning, PlanOptions } from "./candidate.js";
import { certifying, foundOf, leastAlong } from "./certified-search.js";
import { certifyAny } from "./certify.js";
import { fleetCost, type PathValue } from "./demand.js";
import { firstGuess } from "./first-guess.js";
import { alongAxis, indexOf, keyPlan } from "./key-plan.js";
import type { Objective } from "./objective.js";
import { Movement, openThresholds } from "./open-thresholds.js";
import { planWith, pointOf } from "./plan-points.js";
import type { PlanResult } from "./plan-result.js";
import { type Probe, riskOfTrial } from "./probe.js";
import { type Pair, searchCheapest } from "./staircase.js";

export type PlanGoal =
  /** The least value of a key, or the greatest, by which of them are better. */
  | ({ readonly kind: "key" } & KeyGoal)
  /** The largest factor on demand. */
  | { readonly kind: "load"; readonly axis: Axis }
  | { readonly kind: "cheapest"; readonly axes: readonly [Axis, Axis] }
  | { readonly kind: "best"; readonly axis: Axis; readonly objective: Objective };

export async function makePlan(goal: PlanGoal, given: PlanOptions): Promise<PlanResult> {
  const thresholds = thresholdsOf(given.scenario);
  const movement = new Movement(given.scenario, thresholds);
  let clusters: Clusters = {};
  const options: Planning = {
    ...given,
    probe: async (candidate, trial) => {
      const risk = riskOfTrial(trial, { ...given, thresholds });
      const found = await given.probe(candidate, { ...risk, clusters });
      if (found !== undefined) movement.note(candidate, trial, found.result);
      // A queue that grows is one cluster, and says nothing of what comes and goes. What is certified tells nothing of
      // what is certified next on the same seeds.
      if (trial.kind === "search" && found !== undefined && !isGrowing(found.result)) {
        clusters = mergedClusters(clusters, found.clusters);
      }
      return found;
    },
  };
  const plan = await planFor(goal, options);
  return { ...plan, open: openThresholds(plan, thresholds, movement, given.scenario, given.beyond) };
}

function planFor(goal: PlanGoal, options: Planning): Promise<PlanResult> {
  switch (goal.kind) {
    case "key":
      return keyPlan(goal, options);
    case "load":
      return loadPlan(goal.axis, options);
    case "cheapest":
      return cheapestPlan(goal.axes, options);
    case "best":
      return bestPlan(goal.axis, goal.objective, options);
  }
}

/** The same search with the order turned round: what passes at a load passes at less. */
async function loadPlan(axis: Axis, options: Planning): Promise<PlanResult> {
  const less = turned(axis);
  const guess = loadGuess(options.scenario);
  const start = axis.values.length - 1 - indexOf(axis, guess?.factor ?? 1);
  const at = (index: number) => ({ values: [], demand: less.values[index]! });
  const found = await leastAlong({ axis: less, at, guess: start }, options);
  return {
    ...planWith("load", [axis], found, axis.values.length, options),
    ...alongAxis(less, found),
    guess: guess === null ? null : { text: less.texts[start]!, basis: guess.basis },
  };
}

/** The pool that is nearest to its limit says how much more there may be. */
function loadGuess(scenario: Scenario): { factor: number; basis: string } | null {
  const guesses = Object.entries(scenario.pools).flatMap(([name, { replicas }]) => {
    const guess = firstGuess(scenario, name);
    return guess === null ? [] : [{ factor: replicas / guess.replicas, basis: `${name}: ${guess.basis}` }];
  });
  guesses.sort((a, b) => a.factor - b.factor);
  return guesses[0] ?? null;
}

async function cheapestPlan(axes: readonly [Axis, Axis], options: Planning): Promise<PlanResult> {
  const { scenario, gpuCost } = options;
  const counts: Pair = [axes[0].values.length, axes[1].values.length];
  const valuesOf = (pair: Pair): PathValue[] =>
    axes.map(({ path, texts }, which) => [path, texts[pair[which]!]!] as const);
  const cost = (pair: Pair) => fleetCost(scenario, valuesOf(pair), gpuCost).cost;
  const at = (pair: Pair) => ({ values: valuesOf(pair), demand: 1 });
  const search = { kind: "search", probes: counts[0] + counts[1] - 1 } as const;
  const searched = await searchCheapest((pair) => options.probe(at(pair), search), { counts, cost });
  const wanted = searched.points
    .filter(({ probe }) => probe.seemsEnough)
    .map(({ pair }) => pair)
    .sort((one, other) => cost(one) - cost(other));
  const asPoint = (pair: Pair, probe: Probe) =>
    pointOf(
      axes.map((axis, which) => [axis, pair[which]!]),
      probe,
      options,
    );
  const points = searched.points.map(({ pair, probe }) => asPoint(pair, probe));
  const tried = searched.finished && (await certifyAny(wanted, certifying(at, options)));
  const found = foundOf(points, tried, asPoint);
  const textOf = (pair: Pair) =>
    valuesOf(pair)
      .map(([, text]) => text)
      .join(" + ");
  return {
    ...planWith("cheapest", axes, found, counts[0] * counts[1], options),
    contradictions: searched.contradictions.map(({ passes, fails }) => ({
      passes: textOf(passes),
      fails: textOf(fails),
    })),
  };
}

async function bestPlan(axis: Axis, objective: Objective, options: Planning): Promise<PlanResult> {
  const { confidence } = options;
  const count = axis.values.length;
  const at = (index: number) => ({ values: [[axis.path, axis.texts[index]!] as const], demand: 1 });
  const search = { kind: "search", probes: mostValues(count), isCompared: true } as const;
  const searched = await searchBest((index) => options.probe(at(index), search), {
    count,
    objective,
    confidence,
  });
  const asPoint = (index: number, probe: Probe) => pointOf([[axis, index]], probe, options, objective);
  const sorted = [...searched.points].sort((a, b) => a.index - b.index);
  const points = sorted.map(({ index, probe }) => asPoint(index, probe));
  const wanted = bestFirst(searched.points).map(({ index }) => index);
  const tried = searched.finished && (await certifyAny(wanted, certifying(at, options)));
  const found = foundOf(points, tried, asPoint);
  const ties = searched.ties.map((index) => axis.texts[index]!);
  return {
    ...planWith("best", [axis], found, count, options),
    // They are ties of the best value that was searched; another one that was certified instead has none.
    ties: found.at === searched.answer ? ties : [],
  };
}
