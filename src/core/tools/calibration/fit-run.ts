// What the recorded run of an engine tells beyond timed steps: what its products take at the sizes that it really pads
// to, and how much quicker the GPU computes after a pause. Needs a fit of the rest; see gpu-model.ts and, for the
// pause, server/replica/batching/boost-clock.ts.
import { mean } from "simple-statistics";
import { instant } from "../../base/units.js";
import type { Curve, GpuTimes } from "../../server/profile/file/measured-keys.js";
import { isComputeBound, productsAt } from "../../server/profile/measured.js";
import { MICROS_PER_MILLI } from "../../server/profile/step-profile.js";
import { BoostClock } from "../../server/replica/batching/boost-clock.js";
import { AT, fromGpuTimes, gpuMillis, measured } from "./gpu-model.js";
import type { StepPoint } from "./step-point.js";

/** Steps that a size needs so that its time is taken from them. */
const FEWEST_OF_A_SIZE = 5;
/** Share of a size's steps that is left out at either end. */
const TRIMMED = 0.05;
/** Compute-bound steps that a boost is looked for in, and the mean error that it must take away. */
const FEWEST_HOT = 50;
const LEAST_GAIN = 0.005;
const MEMORIES = [10, 15, 20, 25, 30, 35, 40, 50, 60, 80, 100];
const SHARES = Array.from({ length: 41 }, (_, index) => index * 0.005);
/** Times that curves and boost are fitted in turn, each given the other. */
const TURNS = 3;
const MICROS_PER_SECOND = 1_000_000;

/** One step: the products' share of it, what is left of the boost when it starts, and which curve it belongs to. */
interface Step {
  readonly point: StepPoint;
  /** Milliseconds of all but the products. */
  readonly rest: number;
  readonly hot: boolean;
}

/** Adds curves and, where steps are quicker after a pause, the boost. Runs are in the order of time. */
export function fitRuns(gpu: GpuTimes, runs: readonly (readonly StepPoint[])[]): GpuTimes {
  const steps = runs.map((run) =>
    run.map((point) => ({ point, rest: restOf(gpu, point), hot: isHot(gpu, point) })),
  );
  let fitted = gpu;
  for (let turn = 0; turn < TURNS; turn++) {
    const boost = fitBoost(fitted, steps);
    const { boost: _, ...cold } = fitted;
    const curves = fitCurves(steps, boostsOf(boost, steps));
    fitted = { ...cold, ...(boost && { boost }), ...(curves && { curves }) };
  }
  return fitted;
}

/** Milliseconds of the steps of one log, in its order: with the boost where the log says when its steps began. */
export function predictAll(gpu: GpuTimes, points: readonly StepPoint[]): number[] {
  const steps = points.map((point) => ({ point, rest: restOf(gpu, point), hot: isHot(gpu, point) }));
  const [boosts = []] = boostsOf(gpu.boost, [steps]);
  return steps.map(({ point, rest }, index) => rest + productsOf(gpu, point) * (1 - boosts[index]!));
}

type Boost = NonNullable<GpuTimes["boost"]>;

function productsOf(gpu: GpuTimes, point: StepPoint): number {
  return productsAt(gpu, point.rows, point.prefillTokens > 0);
}

function restOf(gpu: GpuTimes, point: StepPoint): number {
  const at = fromGpuTimes(gpu);
  for (const place of [AT.w0, AT.w1, AT.c0, AT.c1, AT.knee]) at[place] = 0;
  return gpuMillis(at, measured(point, gpu.experts));
}

const isHot = (gpu: GpuTimes, { rows, prefillTokens }: StepPoint) =>
  prefillTokens > 0 && isComputeBound(gpu, rows);

/** Share of its products that each step of each run saves. */
function boostsOf(boost: Boost | undefined, runs: readonly (readonly Step[])[]): number[][] {
  return runs.map((run) => {
    if (boost === undefined) return run.map(() => 0);
    const clock = new BoostClock(boost.memoryMs * MICROS_PER_MILLI);
    return run.map(({ point, hot }) => {
      if (!hot || point.start === undefined) return 0;
      const start = instant(Math.round(point.start * MICROS_PER_SECOND));
      const millis = point.gpu + (point.host ?? 0);
      const saved = boost.share * clock.shareAt(start);
      clock.spend(start, instant(start + Math.round(millis * MICROS_PER_MILLI)));
      return saved;
    });
  });
}

/** The share and memory that leave the least error in compute-bound steps; undefined where none helps. */
function fitBoost(gpu: GpuTimes, runs: readonly (readonly Step[])[]): Boost | undefined {
  // Only what heats the GPU moves its clock.
  const hot = runs.map((run) => run.filter((step) => step.hot && step.point.start !== undefined));
  const count = hot.reduce((sum, run) => sum + run.length, 0);
  if (count < FEWEST_HOT) return undefined;
  const products = hot.map((run) => run.map(({ point }) => productsOf(gpu, point)));
  const error = (boost: Boost | undefined): number => {
    let sum = 0;
    for (const [number, saved] of boostsOf(boost, hot).entries()) {
      for (const [index, { point, rest }] of hot[number]!.entries()) {
        const predicted = rest + products[number]![index]! * (1 - saved[index]!);
        sum += Math.abs(predicted / point.gpu - 1);
      }
    }
    return sum / count;
  };
  let best: { boost: Boost | undefined; value: number } = {
    boost: undefined,
    value: error(undefined) - LEAST_GAIN,
  };
  for (const memoryMs of MEMORIES) {
    for (const share of SHARES) {
      const value = error({ share, memoryMs });
      if (value < best.value) best = { boost: { share, memoryMs }, value };
    }
  }
  return best.boost;
}

/** What the products take at each size that occurs: the mean of its steps, but for the outermost. */
function fitCurves(
  runs: readonly (readonly Step[])[],
  boosts: readonly (readonly number[])[],
): GpuTimes["curves"] {
  const all = runs.flatMap((run, number) =>
    run.map((step, index) => ({ ...step, saved: boosts[number]![index]! })),
  );
  const curve = (prefills: boolean): Curve | undefined => {
    const needed = new Map<number, number[]>();
    for (const { point, rest, saved, hot } of all) {
      // Small chunks read weights, which the lines say well: that sizes differ begins where a step computes.
      if (point.prefillTokens > 0 !== prefills || hot !== prefills) continue;
      const own = needed.get(point.rows) ?? [];
      own.push((point.gpu - rest) / (1 - saved));
      needed.set(point.rows, own);
    }
    const known = [...needed]
      .filter(([, times]) => times.length >= FEWEST_OF_A_SIZE)
      .sort(([one], [other]) => one - other);
    if (known.length < 3) return undefined;
    return {
      rows: known.map(([rows]) => rows),
      ms: known.map(([, times]) => Number(middleMean(times).toPrecision(5))),
    };
  };
  const [decode, mixed] = [curve(false), curve(true)];
  return decode || mixed ? { ...(decode && { decode }), ...(mixed && { mixed }) } : undefined;
}

/** Mean of all but the twentieth at either end: usual slow steps are paid for too, ones that hung are not. */
function middleMean(times: readonly number[]): number {
  const sorted = [...times].sort((one, other) => one - other);
  const cut = Math.floor(sorted.length * TRIMMED);
  return mean(sorted.slice(cut, sorted.length - cut));
}
