// The best of many ordered values by one measure, among those that meet the thresholds: a coarse grid, then ever finer
// around the best so far. Finds the optimum where there is only one; all candidates see the same chance, so that what
// tells them apart is the difference of pairs. Knows places in an order and results.
import { assert } from "../../base/assert.js";
import { SurgefleetError } from "../../base/errors.js";
import type { Estimate, RunResult } from "../../results/shape/result.js";
import { seedSamples } from "../../results/verdict/matched.js";
import { pairedDifference } from "../../stats/paired-difference.js";
import { halvings } from "./monotone-search.js";
import type { Probe, ProbeAt } from "./probe.js";

export interface BestPoint {
  readonly index: number;
  readonly probe: Probe;
  readonly objective: Estimate;
}

export interface BestValue {
  readonly answer: number | null;
  /** Places that seem to meet the thresholds and cannot be told from the answer. */
  readonly ties: readonly number[];
  readonly points: readonly BestPoint[];
  readonly finished: boolean;
}

export interface BestOptions {
  readonly count: number;
  /** Metric as in a threshold, and its aggregation where it has several. */
  readonly objective: { readonly metric: string; readonly aggregation: string | undefined };
  /** Of what tells two values apart. */
  readonly confidence: number;
}

const COARSE = 4;

export function mostValues(count: number): number {
  return Math.min(count, COARSE + 1 + 2 * halvings(count));
}

export async function searchBest(probe: ProbeAt<number>, options: BestOptions): Promise<BestValue> {
  const { count, objective, confidence } = options;
  assert(count >= 1, "there is something to search");
  const points: BestPoint[] = [];
  const tryAll = async (indexes: readonly number[]) => {
    for (const index of indexes) {
      const isNew = index >= 0 && index < count && !points.some((point) => point.index === index);
      if (!isNew) continue;
      const found = await probe(index);
      if (found === undefined) return false;
      points.push({ index, probe: found, objective: objectiveOf(found.result, objective) });
    }
    return true;
  };
  const done = (finished: boolean): BestValue => {
    const best = bestOf(points);
    const ties = best === undefined ? [] : tiesOf(best, points, confidence);
    return { answer: best?.index ?? null, ties, points, finished };
  };
  let stride = Math.max(1, Math.ceil((count - 1) / COARSE));
  const coarse = Array.from({ length: COARSE + 1 }, (_, step) => Math.min(count - 1, step * stride));
  if (!(await tryAll(coarse))) return done(false);
  while (stride > 1) {
    stride = Math.ceil(stride / 2);
    const center = bestOf(points)?.index ?? nearestToPassing(points);
    if (!(await tryAll([center - stride, center + stride]))) return done(false);
  }
  return done(true);
}

/** Undefined where a result has no such measure. */
export function objectiveIn(result: RunResult, { metric, aggregation }: BestOptions["objective"]) {
  const plain = (text: string) => text.replaceAll(/\s/g, "");
  return result.estimates.find(
    (one) =>
      plain(one.metric) === plain(metric) && (aggregation === undefined || one.aggregation === aggregation),
  );
}

function objectiveOf(result: RunResult, objective: BestOptions["objective"]): Estimate {
  const found = objectiveIn(result, objective);
  if (found !== undefined) return found;
  const { metric, aggregation = "" } = objective;
  const others = result.estimates.filter((one) => one.metric === metric).map((one) => one.aggregation);
  const hint = others.length === 0 ? "" : `; of ${metric} there is ${others.join(", ")}`;
  throw new SurgefleetError("USAGE", `results do not estimate ${metric} ${aggregation}${hint}`);
}

const bestOf = (points: readonly BestPoint[]) => bestFirst(points)[0];

/** Those that seem to meet the thresholds, the best first; of equals the one that was tried first. */
export function bestFirst(points: readonly BestPoint[]): BestPoint[] {
  return points
    .filter(({ probe, objective }) => probe.seemsEnough && objective.value !== null)
    .sort((one, other) =>
      isBetter(one.objective, other.objective) ? -1 : isBetter(other.objective, one.objective) ? 1 : 0,
    );
}

function isBetter(one: Estimate, other: Estimate): boolean {
  return one.better === "higher" ? one.value! > other.value! : one.value! < other.value!;
}

/** Nothing passes yet: look on where the fewest thresholds failed. */
function nearestToPassing(points: readonly BestPoint[]): number {
  const failed = ({ probe }: BestPoint) =>
    probe.result.thresholds.filter(({ verdict }) => verdict === "fail").length;
  return points.reduce((best, one) => (failed(one) < failed(best) ? one : best)).index;
}

function tiesOf(best: BestPoint, points: readonly BestPoint[], confidence: number): number[] {
  const samples = ({ probe: { result }, objective }: BestPoint) =>
    seedSamples(result, result.estimates.indexOf(objective));
  return points
    .filter((one) => one !== best && one.probe.seemsEnough && one.objective.value !== null)
    .filter((one) => {
      const { low, high } = pairedDifference(samples(best), samples(one), confidence);
      return !(low > 0 || high < 0);
    })
    .map(({ index }) => index)
    .sort((a, b) => a - b);
}
