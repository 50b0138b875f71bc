// The order of a key's values, found out and checked by probes: values spread over the range before a search, and after
// it whatever seemed to break the order, tried again on equal seeds of its own.
import { thresholdsOf } from "../../scenario/thresholds.js";
import type { Axis } from "./axis.js";
import type { KeyGoal, Planning } from "./candidate.js";
import { mostProbes, type SearchedPoint } from "./monotone-search.js";
import { type Break, betterEnd, isBreak, spreadPlaces, suspectedBreak } from "./order.js";
import { pointOf } from "./plan-points.js";
import type { PlanOrder } from "./plan-result.js";
import type { Trial } from "./probe.js";

export interface OrderFound {
  readonly order: PlanOrder;
  readonly finished: boolean;
}

/** Tries values as far apart as can be, all on the same seeds, and tells by them which are better unless told. */
export async function surveyed(
  { axis, better, survey }: KeyGoal,
  options: Planning,
): Promise<OrderFound & { readonly points: readonly SearchedPoint[] }> {
  const count = axis.values.length;
  const places = spreadPlaces(count, survey);
  const trial = { kind: "search", probes: mostProbes(count) + places.length, isCompared: true } as const;
  const { points, finished } = await tryAll(axis, places, trial, options);
  const [low, high] = [points[0], points.at(-1)];
  const thresholds = thresholdsOf(options.scenario);
  const way =
    better !== undefined
      ? ({ better, basis: "told" } as const)
      : finished && low !== undefined && high !== undefined
        ? betterEnd(low.probe, high.probe, thresholds, options.confidence)
        : ({ better: null, basis: "nothing" } as const);
  return {
    points,
    finished,
    order: { ...way, surveyed: points.length, compared: [], isBroken: false },
  };
}

/** Tries again what seems to break the order, on as many runs as may be, and tells whether it does. */
export async function searchedOrder(
  axis: Axis,
  points: readonly SearchedPoint[],
  order: PlanOrder,
  options: Planning,
): Promise<OrderFound> {
  const thresholds = thresholdsOf(options.scenario);
  // What was found out from these runs is no ground to blame them: only what breaks the order either way does.
  const told = order.basis === "told" ? order.better : null;
  const breaks = suspectedBreak(points, told, thresholds);
  if (breaks === undefined) return { order, finished: true };
  const places = [...new Set(breaks.flatMap(({ met, unmet }) => [met, unmet]))].sort((a, b) => a - b);
  const again = await tryAll(axis, places, { kind: "order" }, options);
  const probeAt = (place: number) => again.points.find(({ index }) => index === place)!.probe;
  const holds = ({ met, unmet }: Break) =>
    isBreak(probeAt(met), probeAt(unmet), thresholds, options.confidence);
  const compared = again.points.map(({ index, probe }) => pointOf([[axis, index]], probe, options));
  const isBroken = again.finished && breaks.every(holds);
  return { order: { ...order, compared, isBroken }, finished: again.finished };
}

async function tryAll(axis: Axis, places: readonly number[], trial: Trial, { probe }: Planning) {
  const points: SearchedPoint[] = [];
  for (const index of places) {
    const found = await probe({ values: [[axis.path, axis.texts[index]!]], demand: 1 }, trial);
    if (found === undefined) return { points, finished: false };
    points.push({ index, probe: found });
  }
  return { points, finished: true };
}
