// From a goal to a plan: lays the candidates out in the order that the search assumes, begins where the analytic guess
// says, and writes down all that was seen. Probes are the caller's: this file runs nothing.
import { assert } from "../../base/assert.js";
import type { RunResult } from "../../results/shape/result.js";
import type { Scenario } from "../../scenario/schema.js";
import type { Axis } from "./axis.js";
import { mostValues, objectiveIn, searchBest } from "./best-value.js";
import { fleetCost, type PathValue, poolOfReplicas } from "./demand.js";
import { firstGuess } from "./first-guess.js";
import { mostProbes, type Searched, searchLeast } from "./monotone-search.js";
import type { Objective } from "./objective.js";
import type { DemandPoint, PlanMargin, PlanPoint, PlanResult } from "./plan-result.js";
import { type Probe, type ProbeAt, probeConfidence } from "./probe.js";
import { type Pair, searchCheapest } from "./staircase.js";

const PLAN_SCHEMA_VERSION = 1;

/** One fleet under one demand. */
export interface Candidate {
  readonly values: readonly PathValue[];
  /** On every source's arrivals. */
  readonly demand: number;
}

export type PlanGoal =
  /** The least value of an axis, where more is taken to be better. */
  | { readonly kind: "least"; readonly axis: Axis }
  /** The largest factor on demand. */
  | { readonly kind: "load"; readonly axis: Axis }
  | { readonly kind: "cheapest"; readonly axes: readonly [Axis, Axis] }
  | { readonly kind: "best"; readonly axis: Axis; readonly objective: Objective };

export interface PlanOptions {
  readonly scenario: Scenario;
  readonly seed: string;
  readonly probe: ProbeAt<Candidate>;
  readonly confidence: number;
  /** Factors for which a least value is searched as well. */
  readonly demands?: readonly number[];
  /** What a GPU of a pool costs; 1 where it is not named. */
  readonly gpuCost?: Readonly<Record<string, number>>;
}

export async function makePlan(goal: PlanGoal, options: PlanOptions): Promise<PlanResult> {
  switch (goal.kind) {
    case "least":
      return leastPlan(goal.axis, options);
    case "load":
      return loadPlan(goal.axis, options);
    case "cheapest":
      return cheapestPlan(goal.axes, options);
    case "best":
      return bestPlan(goal.axis, goal.objective, options);
  }
}

async function leastPlan(axis: Axis, options: PlanOptions): Promise<PlanResult> {
  const { scenario, confidence, demands = [] } = options;
  const own = probeConfidence(confidence, mostProbes(axis.values.length));
  const pool = poolOfReplicas(axis.path);
  const guess = pool === undefined ? null : firstGuess(scenario, pool);
  const start = indexOf(axis, guess?.replicas);
  const { searched, points, pointAt } = await leastAt(axis, 1, start, own, options);
  const demand: DemandPoint[] = [];
  for (const factor of searched.finished ? demands : []) {
    if (factor === 1) continue;
    const answered = searched.answer === null ? undefined : axis.values[searched.answer]! * factor;
    const from = indexOf(axis, answered ?? (guess === null ? undefined : guess.replicas * factor));
    const moved = await leastAt(axis, factor, from, own, options);
    demand.push({
      factor,
      answer: moved.searched.answer === null ? null : moved.pointAt(moved.searched.answer),
      margin: marginOf(axis.texts, moved.searched),
      requests: sum(moved.points, (point) => point.requests),
      finished: moved.searched.finished,
    });
    if (!moved.searched.finished) break;
  }
  const isWhole = searched.finished && demand.every(({ finished }) => finished);
  return {
    ...common("least", [axis], own, points, axis.values.length, options),
    partial: !isWhole,
    answer: searched.answer === null ? null : pointAt(searched.answer),
    margin: marginOf(axis.texts, searched),
    guess: guess === null ? null : { text: axis.texts[start]!, basis: guess.basis },
    contradictions: searched.contradictions.map(({ passes, fails }) => ({
      passes: axis.texts[passes]!,
      fails: axis.texts[fails]!,
    })),
    demand,
  };
}

async function leastAt(axis: Axis, demand: number, start: number, own: number, options: PlanOptions) {
  const probe = (index: number, confidence: number) =>
    options.probe({ values: [[axis.path, axis.texts[index]!]], demand }, confidence);
  const searched = await searchLeast(probe, { count: axis.values.length, guess: start, confidence: own });
  return { searched, ...pointsOf(searched, axis, options) };
}

/** The place of the value nearest to one; the middle where there is none to begin with. */
function indexOf({ values }: Axis, wanted: number | undefined): number {
  if (wanted === undefined) return Math.floor((values.length - 1) / 2);
  const above = values.findIndex((value) => value >= wanted);
  return above === -1 ? values.length - 1 : above;
}

/** The same search with the order turned round: what passes at a load passes at less. */
async function loadPlan(axis: Axis, options: PlanOptions): Promise<PlanResult> {
  const { scenario, confidence } = options;
  const turned: Axis = {
    path: axis.path,
    values: [...axis.values].reverse(),
    texts: [...axis.texts].reverse(),
  };
  const own = probeConfidence(confidence, mostProbes(axis.values.length));
  const guess = loadGuess(scenario);
  const down = axis.values.length - 1;
  const start = down - indexOf(axis, guess?.factor ?? 1);
  const probe = (index: number, at: number) =>
    options.probe({ values: [], demand: turned.values[index]! }, at);
  const searched = await searchLeast(probe, { count: axis.values.length, guess: start, confidence: own });
  const { points, pointAt } = pointsOf(searched, turned, options);
  return {
    ...common("load", [axis], own, points, axis.values.length, options),
    partial: !searched.finished,
    answer: searched.answer === null ? null : pointAt(searched.answer),
    margin: marginOf(turned.texts, searched),
    guess: guess === null ? null : { text: turned.texts[start]!, basis: guess.basis },
    contradictions: searched.contradictions.map(({ passes, fails }) => ({
      passes: turned.texts[passes]!,
      fails: turned.texts[fails]!,
    })),
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

async function cheapestPlan(axes: readonly [Axis, Axis], options: PlanOptions): Promise<PlanResult> {
  const { scenario, confidence, gpuCost } = options;
  const counts: Pair = [axes[0].values.length, axes[1].values.length];
  const own = probeConfidence(confidence, counts[0] + counts[1] - 1);
  const valuesOf = (pair: Pair): PathValue[] =>
    axes.map(({ path, texts }, which) => [path, texts[pair[which]!]!] as const);
  const found = await searchCheapest((pair, at) => options.probe({ values: valuesOf(pair), demand: 1 }, at), {
    counts,
    cost: (pair) => fleetCost(scenario, valuesOf(pair), gpuCost).cost,
    confidence: own,
  });
  const points = found.points.map(({ pair, probe }) => ({
    pair,
    point: pointOf(
      axes.map((axis, which) => [axis, pair[which]!]),
      probe,
      options,
    ),
  }));
  const same = (a: Pair, b: Pair) => a[0] === b[0] && a[1] === b[1];
  const { answer } = found;
  const textOf = (pair: Pair) =>
    valuesOf(pair)
      .map(([, text]) => text)
      .join(" + ");
  return {
    ...common(
      "cheapest",
      axes,
      own,
      points.map(({ point }) => point),
      counts[0] * counts[1],
      options,
    ),
    partial: !found.finished,
    answer: answer === null ? null : points.find(({ pair }) => same(pair, answer))!.point,
    contradictions: found.contradictions.map(({ passes, fails }) => ({
      passes: textOf(passes),
      fails: textOf(fails),
    })),
  };
}

async function bestPlan(axis: Axis, objective: Objective, options: PlanOptions): Promise<PlanResult> {
  const { confidence } = options;
  const count = axis.values.length;
  const own = probeConfidence(confidence, mostValues(count));
  const probe = (index: number, at: number) =>
    options.probe({ values: [[axis.path, axis.texts[index]!]], demand: 1 }, at);
  const found = await searchBest(probe, { count, objective, confidence: own });
  const sorted = [...found.points].sort((a, b) => a.index - b.index);
  const points = sorted.map((one) => pointOf([[axis, one.index]], one.probe, options, objective));
  const at = sorted.findIndex(({ index }) => index === found.answer);
  return {
    ...common("best", [axis], own, points, count, options),
    partial: !found.finished,
    answer: points[at] ?? null,
    ties: found.ties.map((index) => axis.texts[index]!),
  };
}

function common(
  kind: PlanResult["kind"],
  axes: readonly Axis[],
  own: number,
  points: readonly PlanPoint[],
  values: number,
  { scenario, seed, confidence }: PlanOptions,
): PlanResult {
  const replications = Math.max(0, ...points.map((point) => point.replications));
  const requests = sum(points, (point) => point.requests);
  const all = sum(points, (point) => point.replications);
  return {
    schemaVersion: PLAN_SCHEMA_VERSION,
    scenario: scenario.name,
    kind,
    seed,
    confidence,
    probeConfidence: own,
    range: axes.map(({ path, texts }) => ({ path, from: texts[0]!, to: texts.at(-1)! })),
    partial: false,
    answer: null,
    margin: null,
    ties: [],
    guess: null,
    points,
    contradictions: [],
    demand: [],
    work: {
      probes: points.length,
      replications: all,
      requests,
      bruteForce: {
        values,
        replications,
        requests: all === 0 ? 0 : Math.round((values * replications * requests) / all),
      },
    },
  };
}

/** From the first value that was not shown to fail, in the order of the search. */
function marginOf(texts: readonly string[], { answer, from }: Searched): PlanMargin | null {
  return answer === null ? null : { from: texts[Math.min(from, answer)]!, to: texts[answer]! };
}

function pointsOf(searched: Searched, axis: Axis, options: PlanOptions) {
  const sorted = [...searched.points].sort((a, b) => axis.values[a.index]! - axis.values[b.index]!);
  const points = sorted.map(({ index, probe }) => pointOf([[axis, index]], probe, options));
  const pointAt = (wanted: number): PlanPoint => {
    const found = points[sorted.findIndex(({ index }) => index === wanted)];
    assert(found !== undefined, "the answer was tried");
    return found;
  };
  return { points, pointAt };
}

function pointOf(
  at: readonly (readonly [Axis, number])[],
  { verdict, result, requests }: Probe,
  { scenario, gpuCost }: PlanOptions,
  objective?: Objective,
): PlanPoint {
  const values = at.map(([axis, index]) => ({
    path: axis.path,
    text: axis.texts[index]!,
    value: axis.values[index]!,
  }));
  const fleet = values.map(({ path, text }): PathValue => [path, text]);
  return {
    values,
    ...fleetCost(scenario, fleet, gpuCost),
    verdict,
    load: result.load.verdict,
    thresholds: result.thresholds,
    caveats: result.caveats,
    objective: (objective && objectiveIn(result, objective)) ?? null,
    busy: busyOf(result),
    replications: result.replications.length,
    requests,
  };
}

function busyOf({ pools }: RunResult): PlanPoint["busy"] {
  return pools.map(({ pool, slots, slotsBusyMean }) => ({
    pool,
    share: slotsBusyMean === null || slots === 0 ? null : slotsBusyMean / slots,
  }));
}

function sum<Row>(rows: readonly Row[], read: (row: Row) => number): number {
  return rows.reduce((so, row) => so + read(row), 0);
}
