// From a goal to a plan: lays the candidates out in the order that the search assumes, begins where the analytic guess
// says, certifies what was found, and writes down all that was seen. Probes are the caller's: this file runs nothing.
import { type Clusters, mergedClusters } from "../../results/build/clusters.js";
import type { RunResult } from "../../results/shape/result.js";
import { isGrowing } from "../../results/shape/sustainability.js";
import type { Scenario } from "../../scenario/schema.js";
import { thresholdsOf } from "../../scenario/thresholds.js";
import type { Axis } from "./axis.js";
import { bestFirst, mostValues, objectiveIn, searchBest } from "./best-value.js";
import { type Attempt, type Certified, certifyAny, certifyLeast } from "./certify.js";
import { fleetCost, type PathValue, poolOfReplicas } from "./demand.js";
import { firstGuess } from "./first-guess.js";
import { mostProbes, type Searched, searchLeast } from "./monotone-search.js";
import type { Objective } from "./objective.js";
import type { DemandPoint, PlanMargin, PlanPoint, PlanResult } from "./plan-result.js";
import { type Probe, riskOfTrial, type Trial, type TrialRisk } from "./probe.js";
import { type Pair, searchCheapest } from "./staircase.js";

const PLAN_SCHEMA_VERSION = 2;

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
  /** Runs a candidate as it is told to; undefined where it was interrupted. */
  readonly probe: (candidate: Candidate, settings: TrialSettings) => Promise<Probe | undefined>;
  /** Of the answer. */
  readonly confidence: number;
  /** Runs of a candidate at most. */
  readonly most: number;
  /** Factors for which a least value is searched as well. */
  readonly demands?: readonly number[];
  /** What a GPU of a pool costs; 1 where it is not named. */
  readonly gpuCost?: Readonly<Record<string, number>>;
}

export interface TrialSettings extends TrialRisk {
  /** How what smaller candidates refused, or made wait too long, came in clusters: that of larger ones does alike. */
  readonly clusters: Clusters;
}

/** What searches are given: candidates tried, and what one of them shows told to the next. */
interface Planning extends Omit<PlanOptions, "probe"> {
  readonly probe: (candidate: Candidate, trial: Trial) => Promise<Probe | undefined>;
}

export async function makePlan(goal: PlanGoal, given: PlanOptions): Promise<PlanResult> {
  const thresholds = thresholdsOf(given.scenario).length;
  let clusters: Clusters = {};
  const options: Planning = {
    ...given,
    probe: async (candidate, trial) => {
      const risk = riskOfTrial(trial, { ...given, thresholds });
      const found = await given.probe(candidate, { ...risk, clusters });
      // A queue that grows is one cluster, and says nothing of what comes and goes.
      if (found !== undefined && !isGrowing(found.result)) {
        clusters = mergedClusters(clusters, found.clusters);
      }
      return found;
    },
  };
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

async function leastPlan(axis: Axis, options: Planning): Promise<PlanResult> {
  const { scenario, demands = [] } = options;
  const pool = poolOfReplicas(axis.path);
  const guess = pool === undefined ? null : firstGuess(scenario, pool);
  const start = indexOf(axis, guess?.replicas);
  const at = (demand: number) => (index: number) => ({
    values: [[axis.path, axis.texts[index]!] as const],
    demand,
  });
  const found = await leastAlong(axis, at(1), start, options);
  const demand: DemandPoint[] = [];
  for (const factor of found.finished ? demands : []) {
    if (factor === 1) continue;
    const answered = found.at === null ? undefined : axis.values[found.at]! * factor;
    const from = indexOf(axis, answered ?? (guess === null ? undefined : guess.replicas * factor));
    const moved = await leastAlong(axis, at(factor), from, options);
    demand.push({
      factor,
      answer: moved.answer,
      margin: moved.margin,
      requests: sum([...moved.points, ...moved.certified], (point) => point.requests),
      finished: moved.finished,
    });
    if (!moved.finished) break;
  }
  return {
    ...common("least", [axis], found, axis.values.length, options),
    ...alongAxis(axis, found),
    partial: !found.finished || demand.some(({ finished }) => !finished),
    guess: guess === null ? null : { text: axis.texts[start]!, basis: guess.basis },
    demand,
  };
}

/** The place of the value nearest to one; the middle where there is none to begin with. */
function indexOf({ values }: Axis, wanted: number | undefined): number {
  if (wanted === undefined) return Math.floor((values.length - 1) / 2);
  const above = values.findIndex((value) => value >= wanted);
  return above === -1 ? values.length - 1 : above;
}

/** The same search with the order turned round: what passes at a load passes at less. */
async function loadPlan(axis: Axis, options: Planning): Promise<PlanResult> {
  const turned: Axis = {
    path: axis.path,
    values: [...axis.values].reverse(),
    texts: [...axis.texts].reverse(),
  };
  const guess = loadGuess(options.scenario);
  const start = axis.values.length - 1 - indexOf(axis, guess?.factor ?? 1);
  const at = (index: number) => ({ values: [], demand: turned.values[index]! });
  const found = await leastAlong(turned, at, start, options);
  return {
    ...common("load", [axis], found, axis.values.length, options),
    ...alongAxis(turned, found),
    guess: guess === null ? null : { text: turned.texts[start]!, basis: guess.basis },
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
    ...common("cheapest", axes, found, counts[0] * counts[1], options),
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
  const search = { kind: "search", probes: mostValues(count) } as const;
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
    ...common("best", [axis], found, count, options),
    // They are ties of the best value that was searched; another one that was certified instead has none.
    ties: found.at === searched.answer ? ties : [],
  };
}

/** What a search has found, and what of it is certified. */
interface Found<Place> {
  /** Where the answer is. */
  readonly at: Place | null;
  readonly answer: PlanPoint | null;
  readonly points: readonly PlanPoint[];
  readonly certified: readonly PlanPoint[];
  readonly finished: boolean;
}

/** Tries a place on seeds that the search has not seen. */
function certifying<Place>(at: (place: Place) => Candidate, { probe }: Planning): Attempt<Place> {
  return (place, attempts) => probe(at(place), { kind: "certify", attempts });
}

/** `tried` is false where the search itself was interrupted. */
function foundOf<Place>(
  points: readonly PlanPoint[],
  tried: Certified<Place> | false,
  asPoint: (place: Place, probe: Probe) => PlanPoint,
): Found<Place> {
  if (tried === false) return { at: null, answer: null, points, certified: [], finished: false };
  const certified = tried.trials.map(({ place, probe }) => asPoint(place, probe));
  const at = tried.trials.findIndex(({ place }) => place === tried.answer);
  return { at: tried.answer, answer: certified[at] ?? null, points, certified, finished: tried.finished };
}

interface FoundAlong extends Found<number> {
  readonly searched: Searched;
  readonly margin: PlanMargin | null;
}

async function leastAlong(
  axis: Axis,
  at: (index: number) => Candidate,
  guess: number,
  options: Planning,
): Promise<FoundAlong> {
  const count = axis.values.length;
  const search = { kind: "search", probes: mostProbes(count) } as const;
  const searched = await searchLeast((index) => options.probe(at(index), search), { count, guess });
  const tried = searched.finished && (await certifiedAlong(axis, searched, certifying(at, options)));
  const asPoint = (index: number, probe: Probe) => pointOf([[axis, index]], probe, options);
  const sorted = [...searched.points].sort((a, b) => axis.values[a.index]! - axis.values[b.index]!);
  const points = sorted.map(({ index, probe }) => asPoint(index, probe));
  const found = foundOf(points, tried, asPoint);
  return { ...found, searched, margin: marginOf(axis.texts, searched.from, found.at) };
}

/** Values that differ by less than that are nearly the same fleet. */
const NEXT = 0.02;
/** Steps above the least to begin from, where the search is sure of none. */
const STEPS_ABOVE = 4;

async function certifiedAlong(
  { values }: Axis,
  { answer: least, points }: Searched,
  attempt: Attempt<number>,
): Promise<Certified<number>> {
  if (least === null) return { answer: null, trials: [], finished: true };
  const isFar = (value: number) => Math.abs(value / values[least]! - 1) >= NEXT;
  const next = values.findIndex((value, index) => index > least && isFar(value));
  const step = next === -1 ? 1 : next - least;
  const sure = points.filter(({ index, probe }) => index >= least && probe.verdict === "pass");
  const above = Math.min(values.length - 1, least + STEPS_ABOVE * step);
  const start = sure.length === 0 ? above : Math.min(...sure.map(({ index }) => index));
  return certifyLeast({ count: values.length, least, start, step }, attempt);
}

/** From the first value that was not shown to fail, in the order of the search. */
function marginOf(texts: readonly string[], from: number, answer: number | null): PlanMargin | null {
  return answer === null ? null : { from: texts[Math.min(from, answer)]!, to: texts[answer]! };
}

function alongAxis({ texts }: Axis, { margin, searched }: FoundAlong) {
  const contradictions = searched.contradictions.map(({ passes, fails }) => ({
    passes: texts[passes]!,
    fails: texts[fails]!,
  }));
  return { margin, contradictions };
}

function common(
  kind: PlanResult["kind"],
  axes: readonly Axis[],
  { answer, points, certified, finished }: Found<unknown>,
  values: number,
  { scenario, seed, confidence }: Planning,
): PlanResult {
  const tried = [...points, ...certified];
  const replications = Math.max(0, ...tried.map((point) => point.replications));
  const requests = sum(tried, (point) => point.requests);
  const all = sum(tried, (point) => point.replications);
  return {
    schemaVersion: PLAN_SCHEMA_VERSION,
    scenario: scenario.name,
    kind,
    seed,
    confidence,
    range: axes.map(({ path, texts }) => ({ path, from: texts[0]!, to: texts.at(-1)! })),
    partial: !finished,
    answer,
    margin: null,
    ties: [],
    guess: null,
    points,
    certified,
    contradictions: [],
    demand: [],
    work: {
      probes: tried.length,
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

function pointOf(
  at: readonly (readonly [Axis, number])[],
  { verdict, result, requests }: Probe,
  { scenario, gpuCost }: Planning,
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
