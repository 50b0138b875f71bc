// Fits the coefficients of gpu-model.ts: least mean absolute relative error, which a few bad rows cannot bend, with
// no coefficient below 0. First every step is assigned to a side of each maximum, for many places of the knee, and
// solved as least squares; the best of these is polished as it is. Deterministic, whatever the order of the steps.
import { mean } from "simple-statistics";
import {
  AT,
  COEFFICIENTS,
  countedSequences,
  type Experts,
  gpuMillis,
  type Measured,
  measured,
} from "./gpu-model.js";
import { nonNegativeLeastSquares } from "./least-squares.js";
import { minimize } from "./minimize.js";
import { type Regime, regimeOf } from "./regimes.js";
import type { StepPoint } from "./step-point.js";

/** Steps of a regime that the fit looks at, of one log: a run has thousands alike. */
const MOST_OF_A_REGIME = 120;
/** Passes of reweighting that bring least squares near to least absolute errors. */
const REWEIGHTINGS = 12;
const POLISH = { evaluations: 2500, rounds: 24 } as const;

/** Steps of a log and their weight, of which the whole log has 1. */
interface Sample {
  readonly steps: readonly Measured[];
  readonly weight: number;
}

/** Returns the coefficients in the order of AT, in milliseconds. Each log weighs the same. */
export function fitGpu(logs: readonly (readonly StepPoint[])[], experts: Experts | undefined): number[] {
  const samples = logs.map((points): Sample => {
    const steps = spread(points).map((point) => measured(point, experts));
    return { steps, weight: 1 / (steps.length * logs.length) };
  });
  const steps = samples.flatMap((sample) => sample.steps);
  const weights = samples.flatMap((sample) => sample.steps.map(() => sample.weight));
  const error = (at: readonly number[]): number => {
    let sum = 0;
    for (const value of at) if (value < 0) return Number.POSITIVE_INFINITY;
    for (let index = 0; index < steps.length; index++) {
      const step = steps[index]!;
      sum += weights[index]! * Math.abs(gpuMillis(at, step) / step.point.gpu - 1);
    }
    return sum;
  };
  const start = best(starts(steps, weights), error);
  const scale = scales(start, steps);
  const free = scale.flatMap((value, place) => (value > 0 ? [place] : []));
  const whole = (part: readonly number[]) => {
    const at = [...start];
    for (const [index, place] of free.entries()) at[place] = part[index]! * scale[place]!;
    return at;
  };
  const found = minimize(
    (part) => error(whole(part)),
    free.map((place) => start[place]! / scale[place]!),
    { steps: free.map(() => 0.2), ...POLISH },
  );
  return whole(found.at);
}

/** As many steps of each regime at most, evenly over them as sorted by size: what order a log has does not matter. */
function spread(points: readonly StepPoint[]): StepPoint[] {
  const groups = new Map<Regime, StepPoint[]>();
  for (const point of points) {
    const regime = regimeOf(point);
    const group = groups.get(regime);
    if (group === undefined) groups.set(regime, [point]);
    else group.push(point);
  }
  const kept = [...groups.entries()]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([, group]) => {
      group.sort(bySize);
      const stride = Math.max(1, group.length / MOST_OF_A_REGIME);
      return Array.from({ length: Math.min(group.length, MOST_OF_A_REGIME) }, (_, index) => {
        return group[Math.floor((index + 0.5) * stride)]!;
      });
    });
  return kept;
}

function bySize(one: StepPoint, other: StepPoint): number {
  return (
    one.rows - other.rows ||
    one.decoding - other.decoding ||
    one.context - other.context ||
    one.area - other.area ||
    one.priorContext - other.priorContext ||
    one.gpu - other.gpu
  );
}

function best(candidates: readonly number[][], error: (at: readonly number[]) => number): number[] {
  const scored = candidates.map((at) => ({ at, value: error(at) }));
  return scored.reduce((least, one) => (one.value < least.value ? one : least)).at;
}

/** A solution for every place where the knee, and the one between the two kinds of prefill attention, may be. */
function starts(steps: readonly Measured[], weights: readonly number[]): number[][] {
  const rows = [...new Set(steps.map(({ point }) => point.rows))].sort((one, other) => one - other);
  const knees = evenly(rows.slice(1), 10);
  const chunks = [...new Set(steps.flatMap(({ point }) => (point.priorContext > 0 ? [chunkOf(point)] : [])))];
  const turns =
    chunks.length === 0
      ? [0]
      : evenly(
          chunks.sort((one, other) => one - other),
          5,
        );
  return knees.flatMap((knee) => turns.map((turn) => solve(steps, weights, knee, turn)));
}

/** Mean length of the chunks as attention sees it: the area for each token of prior context. */
function chunkOf({ area, priorContext }: StepPoint): number {
  return area / priorContext;
}

function evenly(sorted: readonly number[], most: number): number[] {
  if (sorted.length <= most) return [...sorted];
  return Array.from(
    { length: most },
    (_, index) => sorted[Math.floor(((index + 0.5) * sorted.length) / most)]!,
  );
}

function solve(steps: readonly Measured[], weights: readonly number[], knee: number, turn: number): number[] {
  const features = steps.map(({ point, touched }) => {
    const row = new Array<number>(COEFFICIENTS).fill(0);
    const computing = point.rows >= knee;
    row[computing ? AT.c0 : AT.w0] = 1;
    row[computing ? AT.c1 : AT.w1] = point.rows;
    row[AT.g] = countedSequences(point);
    row[AT.b] = point.context;
    if (point.priorContext > 0 && chunkOf(point) < turn) row[AT.e] = point.priorContext;
    else row[AT.d] = point.area;
    row[AT.experts] = touched;
    return row;
  });
  const times = steps.map(({ point }) => point.gpu);
  let pull = steps.map((_, index) => weights[index]! / times[index]! ** 2);
  let solution: number[] = [];
  for (let pass = 0; pass < REWEIGHTINGS; pass++) {
    solution = nonNegativeLeastSquares(features, times, pull);
    pull = features.map((row, index) => {
      const predicted = row.reduce((sum, value, place) => sum + value * solution[place]!, 0);
      const apart = Math.abs(predicted / times[index]! - 1);
      return weights[index]! / (times[index]! ** 2 * Math.max(apart, 1e-3));
    });
  }
  return solution;
}

/** How far a coefficient is moved at first: what changes a usual step by a tenth. 0 for one that nothing depends on. */
function scales(start: readonly number[], steps: readonly Measured[]): number[] {
  const time = mean(steps.map(({ point }) => point.gpu));
  const perUnit = (values: readonly number[]) => {
    const touched = values.filter((value) => value > 0);
    return touched.length === 0 ? 0 : (0.1 * time) / mean(touched);
  };
  const points = steps.map(({ point }) => point);
  const perRow = perUnit(points.map((point) => point.rows));
  const scale = new Array<number>(COEFFICIENTS).fill(0);
  scale[AT.w0] = perUnit([1]);
  scale[AT.w1] = perRow;
  scale[AT.c0] = perUnit([1]);
  scale[AT.c1] = perRow;
  scale[AT.g] = perUnit(points.map(countedSequences));
  scale[AT.b] = perUnit(points.map((point) => point.context));
  scale[AT.d] = perUnit(points.map((point) => point.area));
  scale[AT.e] = perUnit(points.map((point) => point.priorContext));
  scale[AT.knee] = perUnit([1]);
  scale[AT.experts] = perUnit(steps.map(({ touched }) => touched));
  return scale.map((value, place) => (value > 0 ? Math.max(value, start[place]!) : 0));
}
