// What the recorded run of an engine tells beyond timed steps: how the clock of the GPU answers to its work
// (fit-clock.ts), and what its products take at the sizes that it really pads to, and what attention takes more where
// a step both decodes and prefills. Needs a fit of the rest; see gpu-model.ts.
import { mean } from "simple-statistics";
import type { Curve, GpuTimes } from "../../server/profile/file/measured-keys.js";
import { productsAt } from "../../server/profile/measured.js";
import { FEWEST_OF_A_SIZE, fitClock, productsIn } from "./fit-clock.js";
import { type Boost, clockIn, productFactor, type RunStep, runSteps, wholeFactor } from "./run-steps.js";
import type { StepPoint } from "./step-point.js";

/** Share of a size's steps that is left out at either end. */
const TRIMMED = 0.05;
const NO_BOOST: Boost = { share: 0, memoryMs: 1 };

/** Adds curves and, where steps show how the clock answers, the boost. Runs are in the order of time. */
export function fitRuns(gpu: GpuTimes, runs: readonly (readonly StepPoint[])[]): GpuTimes {
  const steps = (times: GpuTimes) => runs.map((run) => runSteps(times, run));
  const clocked = fitClock(gpu, steps(gpu));
  const fitted = fitMixed(clocked, steps(clocked));
  const curves = fitCurves(fitted, steps(fitted));
  return { ...fitted, ...(curves && { curves }) };
}

/** Adds what a step that memory bounds takes longer than its rows say where it both decodes and prefills. */
function fitMixed(gpu: GpuTimes, runs: readonly (readonly RunStep[])[]): GpuTimes {
  const { boost = NO_BOOST, perContextToken } = gpu;
  const longer = runs.flatMap((run) => {
    const clock = clockIn(run, boost);
    return run.flatMap((step, index) => {
      const { point, prefills, hot } = step;
      if (!prefills || hot || point.decoding === 0) return [];
      return [productsIn(step, boost, clock[index]!, perContextToken) - productsAt(gpu, point.rows, true)];
    });
  });
  if (longer.length < FEWEST_OF_A_SIZE) return gpu;
  const perMixedStep = Number(middleMean(longer).toPrecision(3));
  return perMixedStep > 0 ? { ...gpu, perMixedStep } : gpu;
}

/** Milliseconds of the steps of one log, in its order: with the clock where the log says when its steps began. */
export function predictAll(gpu: GpuTimes, points: readonly StepPoint[]): number[] {
  const steps = runSteps(gpu, points);
  const { boost = NO_BOOST } = gpu;
  const clock = clockIn(steps, boost);
  return steps.map((step, index) => {
    const { point, prefills, beside } = step;
    const low = clock[index]!;
    const products = productsAt(gpu, point.rows, prefills) * productFactor(step, boost, low);
    return (products + beside + gpu.perContextToken * point.context) * wholeFactor(step, boost, low);
  });
}

/** What the products take at each size that occurs: the mean of its steps, but for the outermost. */
function fitCurves(gpu: GpuTimes, runs: readonly (readonly RunStep[])[]): GpuTimes["curves"] {
  const { boost = NO_BOOST, perContextToken } = gpu;
  const needed = { decode: new Map<number, number[]>(), mixed: new Map<number, number[]>() };
  for (const run of runs) {
    const clock = clockIn(run, boost);
    for (const [index, step] of run.entries()) {
      const own = needed[step.prefills ? "mixed" : "decode"];
      const times = own.get(step.point.rows) ?? [];
      times.push(productsIn(step, boost, clock[index]!, perContextToken));
      own.set(step.point.rows, times);
    }
  }
  const [decode, mixed] = [curveOf(needed.decode), curveOf(needed.mixed)];
  return decode || mixed ? { ...(decode && { decode }), ...(mixed && { mixed }) } : undefined;
}

function curveOf(needed: ReadonlyMap<number, readonly number[]>): Curve | undefined {
  const known = [...needed]
    .filter(([, times]) => times.length >= FEWEST_OF_A_SIZE)
    .sort(([one], [other]) => one - other);
  if (known.length < 3) return undefined;
  return {
    rows: known.map(([rows]) => rows),
    ms: known.map(([, times]) => Number(middleMean(times).toPrecision(5))),
  };
}

/** Mean of all but the twentieth at either end: usual slow steps are paid for too, ones that hung are not. */
function middleMean(times: readonly number[]): number {
  const sorted = [...times].sort((one, other) => one - other);
  const cut = Math.floor(sorted.length * TRIMMED);
  return mean(sorted.slice(cut, sorted.length - cut));
}
