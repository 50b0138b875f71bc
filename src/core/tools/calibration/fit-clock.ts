// How the clock of the GPU answers to the work of a run, and what a token of context costs in it, where the contexts of
// a batch differ as they never do in a bench. Found together, whatever the products take at each size: that is left to
// the mean of the size's own steps. See server/replica/batching/boost-clock.ts for the law.
import type { GpuTimes } from "../../server/profile/file/measured-keys.js";
import { minimize } from "./minimize.js";
import { type Boost, clockIn, productFactor, type RunStep, wholeFactor } from "./run-steps.js";

/** Compute-bound steps that a clock is looked for in, and the mean error that it must take away. */
const FEWEST_HOT = 50;
const LEAST_GAIN = 0.005;
/** Steps that a size needs so that its mean says something. */
export const FEWEST_OF_A_SIZE = 5;
/** What binds the cost of context to that of the bench where sizes and contexts rise together: a hair. */
const BOND = 0.02;
const START = [0.1, 40, 40, 0.03, 1] as const;
const SEARCH = { steps: [0.03, 15, 15, 0.02, 0.02], evaluations: 120, rounds: 8 } as const;

/** Steps of one run that are of one sort, which count as much as any other sort of any run. */
interface Sort {
  readonly steps: readonly { readonly index: number; readonly size: number }[];
}

interface Sized {
  readonly run: readonly RunStep[];
  readonly sorts: readonly Sort[];
}

const NONE: Boost = { share: 0, memoryMs: 1 };

/** The times with `boost` and `perContextToken` of the runs; as they are where no clock is seen. */
export function fitClock(gpu: GpuTimes, runs: readonly (readonly RunStep[])[]): GpuTimes {
  const hot = runs.flat().filter((step) => step.hot && step.point.start !== undefined);
  if (hot.length < FEWEST_HOT) return gpu;
  const { sized, sizes } = sorted(runs);
  const error = (boost: Boost, perContext: number) => meanError(sized, sizes, boost, perContext);
  const found = minimize(
    (at) => {
      const boost = boostOf(at);
      const ratio = at[4]!;
      if (boost === undefined || ratio <= 0) return Number.POSITIVE_INFINITY;
      return error(boost, ratio * gpu.perContextToken) + BOND * (ratio - 1) ** 2;
    },
    START,
    SEARCH,
  );
  if (found.value > error(NONE, gpu.perContextToken) - LEAST_GAIN) return gpu;
  const [share, memoryMs, restMs, drag, ratio] = found.at.map((value) => Number(value.toPrecision(3)));
  const perContextToken = Number((gpu.perContextToken * ratio!).toPrecision(4));
  return {
    ...gpu,
    perContextToken,
    boost: { share: share!, memoryMs: memoryMs!, restMs: restMs!, drag: drag! },
  };
}

function boostOf([share, memoryMs, restMs, drag]: readonly number[]): Boost | undefined {
  const isPossible = share! >= 0 && share! <= 0.5 && drag! >= 0 && drag! <= 0.5;
  const isTimely = memoryMs! >= 1 && memoryMs! <= 10_000 && restMs! >= 1 && restMs! <= 10_000;
  return isPossible && isTimely
    ? { share: share!, memoryMs: memoryMs!, restMs: restMs!, drag: drag! }
    : undefined;
}

/** Steps by sort, those alone whose size occurs often enough. */
function sorted(runs: readonly (readonly RunStep[])[]): { readonly sized: Sized[]; readonly sizes: number } {
  const keyOf = ({ point, prefills }: RunStep) => point.rows + (prefills ? 0.5 : 0);
  const counts = new Map<number, number>();
  for (const step of runs.flat()) counts.set(keyOf(step), (counts.get(keyOf(step)) ?? 0) + 1);
  const often = [...counts].filter(([, count]) => count >= FEWEST_OF_A_SIZE).map(([key]) => key);
  const numbers = new Map(often.map((key, index) => [key, index]));
  const sized = runs.map((run) => {
    const sort = (isHot: boolean): Sort => ({
      steps: run.flatMap((step, index) => {
        const size = numbers.get(keyOf(step));
        return size === undefined || step.hot !== isHot ? [] : [{ index, size }];
      }),
    });
    return { run, sorts: [sort(true), sort(false)].filter(({ steps }) => steps.length > 0) };
  });
  return { sized, sizes: often.length };
}

/** Mean over the sorts of the mean relative error, with each size's products at the mean of what its steps need. */
function meanError(sized: readonly Sized[], sizes: number, boost: Boost, perContext: number): number {
  const sums = new Float64Array(sizes);
  const counts = new Float64Array(sizes);
  const clocks = sized.map(({ run }) => clockIn(run, boost));
  for (const [number, { run, sorts }] of sized.entries()) {
    for (const { index, size } of sorts.flatMap(({ steps }) => steps)) {
      sums[size]! += productsIn(run[index]!, boost, clocks[number]![index]!, perContext);
      counts[size]!++;
    }
  }
  let [total, count] = [0, 0];
  for (const [number, { run, sorts }] of sized.entries()) {
    for (const { steps } of sorts) {
      let sum = 0;
      for (const { index, size } of steps) {
        const step = run[index]!;
        const low = clocks[number]![index]!;
        const products = (sums[size]! / counts[size]!) * productFactor(step, boost, low);
        const rest = step.beside + perContext * step.point.context;
        sum += Math.abs(((products + rest) * wholeFactor(step, boost, low)) / step.point.gpu - 1);
      }
      total += sum / steps.length;
      count++;
    }
  }
  return total / count;
}

/** Milliseconds that the products of a step must have taken by themselves, at the clock that profiles are given for. */
export function productsIn(step: RunStep, boost: Boost, low: number, perContext: number): number {
  const { point, beside } = step;
  const rest = beside + perContext * point.context;
  return (point.gpu / wholeFactor(step, boost, low) - rest) / productFactor(step, boost, low);
}
