// The steps of recorded runs as the fits of a run see them: what of each is products, and how far the clock of the GPU
// is down in it (server/replica/batching/boost-clock.ts). It fits nothing.
import { instant } from "../../base/units.js";
import type { GpuTimes } from "../../server/profile/file/measured-keys.js";
import { isComputeBound } from "../../server/profile/measured.js";
import { MICROS_PER_MILLI } from "../../server/profile/step-profile.js";
import { BoostClock } from "../../server/replica/batching/boost-clock.js";
import { AT, fromGpuTimes, gpuMillis, measured } from "./gpu-model.js";
import type { StepPoint } from "./step-point.js";

const MICROS_PER_SECOND = 1_000_000;

export type Boost = NonNullable<GpuTimes["boost"]>;

export interface RunStep {
  readonly point: StepPoint;
  readonly prefills: boolean;
  /** Whether computing bounds it, so that it pulls the clock down. */
  readonly hot: boolean;
  /** Milliseconds of all but the products and the context that decoding sequences read. */
  readonly beside: number;
}

export function runSteps(gpu: GpuTimes, points: readonly StepPoint[]): RunStep[] {
  const at = fromGpuTimes(gpu);
  for (const place of [AT.w0, AT.w1, AT.c0, AT.c1, AT.knee, AT.b]) at[place] = 0;
  return points.map((point) => {
    const prefills = point.prefillTokens > 0;
    const hot = prefills && isComputeBound(gpu, point.rows);
    return { point, prefills, hot, beside: gpuMillis(at, measured(point, gpu.experts)) };
  });
}

/** How far the clock is down in each step of one run, from 0 to 1: at the start where it prefills, else the mean. */
export function clockIn(run: readonly RunStep[], { memoryMs, restMs = memoryMs }: Boost): Float64Array {
  const clock = new BoostClock(memoryMs * MICROS_PER_MILLI, restMs * MICROS_PER_MILLI);
  return Float64Array.from(run, ({ point, prefills, hot }) => {
    // Steps that were timed one by one, each over and over: what is hot is so all the time, and nothing else ever.
    if (point.start === undefined) return hot ? 1 : 0;
    const start = instant(Math.round(point.start * MICROS_PER_SECOND));
    const end = instant(start + Math.round((point.gpu + (point.host ?? 0)) * MICROS_PER_MILLI));
    const low = prefills ? clock.lowAt(start) : clock.meanLow(start, end);
    if (hot) clock.spend(start, end);
    return low;
  });
}

/** By what the products of a step with prefill are longer than the profile's own at a clock that is so far down. */
export function productFactor({ hot, prefills }: RunStep, { share }: Boost, low: number): number {
  if (!prefills) return 1;
  return hot ? 1 - share * (1 - low) : 1 + share * low;
}

/** The same of the whole of a step that only decodes. */
export function wholeFactor({ prefills }: RunStep, { drag = 0 }: Boost, low: number): number {
  return prefills ? 1 : 1 + drag * low;
}
