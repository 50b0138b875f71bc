// A plan along one key of a scenario: what a few values spread over its range tell of which are better, the search, and
// whether what it saw breaks the order that it rests on. Where the order is broken there is no answer.
import { type Axis, turned } from "./axis.js";
import type { KeyGoal, Planning } from "./candidate.js";
import {
  type Along,
  certifiedOf,
  type FoundAlong,
  leastAlong,
  pointsAlong,
  searchAlong,
} from "./certified-search.js";
import { type OrderFound, searchedOrder, surveyed } from "./checked-order.js";
import { poolOfReplicas } from "./demand.js";
import { type FirstGuess, firstGuess } from "./first-guess.js";
import type { SearchedPoint } from "./monotone-search.js";
import { planWith, sum } from "./plan-points.js";
import type { BetterWay, DemandPoint, PlanOrder, PlanResult } from "./plan-result.js";

export async function keyPlan(goal: KeyGoal, options: Planning): Promise<PlanResult> {
  const { axis } = goal;
  const { points: known, order, finished } = await surveyed(goal, options);
  if (!finished) return without(axis, known, { order, finished }, options);
  if (order.better === null) {
    return without(axis, known, await searchedOrder(axis, known, order, options), options);
  }
  const way = wayAlong(goal, order.better, options);
  const searched = await searchAlong({ ...way.along, known: way.mirrored(known) }, options);
  const points = way.mirrored(searched.points);
  if (!searched.finished) return without(axis, points, { order, finished: false }, options);
  const found = await searchedOrder(axis, points, order, options);
  if (!found.finished || found.order.isBroken) return without(axis, points, found, options);
  const certified = await certifiedOf(way.along, searched, options);
  const demand = certified.finished ? await movedByDemand(way, certified, options) : [];
  const seen = { ...certified, compared: found.order.compared };
  return {
    ...planWith(kindOf(order), [axis], seen, axis.values.length, options),
    ...alongAxis(way.along.axis, certified),
    order: found.order,
    partial: !certified.finished || demand.some((one) => !one.finished),
    guess:
      way.guess === null ? null : { text: way.along.axis.texts[way.along.guess]!, basis: way.guess.basis },
    demand,
  };
}

const kindOf = ({ better }: PlanOrder) => (better === "lower" ? "greatest" : "least");

/** What was seen, and no answer. */
function without(
  axis: Axis,
  points: readonly SearchedPoint[],
  { order, finished }: OrderFound,
  options: Planning,
): PlanResult {
  const seen = { answer: null, points: pointsAlong(axis, points, options), certified: [], finished };
  const all = { ...seen, compared: order.compared };
  return { ...planWith(kindOf(order), [axis], all, axis.values.length, options), order };
}

/** A search whose order has the better values last. */
interface Way {
  readonly along: Along;
  readonly guess: FirstGuess | null;
  readonly at: (factor: number) => Along["at"];
  readonly placeOf: (value: number) => number;
  /** Places in the order of the search from those in the order of the values, and back. */
  readonly mirrored: (points: readonly SearchedPoint[]) => SearchedPoint[];
}

function wayAlong({ axis }: KeyGoal, better: BetterWay, { scenario }: Planning): Way {
  const ordered = better === "lower" ? turned(axis) : axis;
  const place = (index: number) => (better === "lower" ? axis.values.length - 1 - index : index);
  const pool = poolOfReplicas(axis.path);
  const guess = pool === undefined ? null : firstGuess(scenario, pool);
  const at = (demand: number) => (index: number) => ({
    values: [[axis.path, ordered.texts[index]!] as const],
    demand,
  });
  return {
    along: { axis: ordered, at: at(1), guess: place(indexOf(axis, guess?.replicas)) },
    guess,
    at,
    placeOf: (value) => place(indexOf(axis, value)),
    mirrored: (points) => points.map(({ index, probe }) => ({ index: place(index), probe })),
  };
}

async function movedByDemand(
  { along, guess, at, placeOf }: Way,
  { at: found }: FoundAlong,
  options: Planning,
): Promise<DemandPoint[]> {
  const demand: DemandPoint[] = [];
  for (const factor of options.demands ?? []) {
    if (factor === 1) continue;
    // Replicas move with demand; of other keys nobody knows.
    const growth = poolOfReplicas(along.axis.path) === undefined ? 1 : factor;
    const answered = found === null ? undefined : along.axis.values[found]!;
    const from = answered ?? guess?.replicas;
    const start = from === undefined ? along.guess : placeOf(from * growth);
    const moved = await leastAlong({ ...along, at: at(factor), guess: start }, options);
    demand.push({
      factor,
      answer: moved.answer,
      margin: moved.margin,
      requests: sum([...moved.points, ...moved.certified], (point) => point.requests),
      finished: moved.finished,
    });
    if (!moved.finished) break;
  }
  return demand;
}

/** The place of the value nearest to one; the middle where there is none to begin with. */
export function indexOf({ values }: Axis, wanted: number | undefined): number {
  if (wanted === undefined) return Math.floor((values.length - 1) / 2);
  const above = values.findIndex((value) => value >= wanted);
  return above === -1 ? values.length - 1 : above;
}

export function alongAxis({ texts }: Axis, { margin, searched }: FoundAlong) {
  const contradictions = searched.contradictions.map(({ passes, fails }) => ({
    passes: texts[passes]!,
    fails: texts[fails]!,
  }));
  return { margin, contradictions };
}
