// What a plan says of a value beside its verdict: a list of measures, each one line. A result's estimates come with
// their intervals; what a result only counts is given for one run.
import type { MetricUnit } from "../../results/metrics/units.js";
import type { Estimate, RunResult } from "../../results/shape/result.js";

export interface AlsoMeasured {
  /** As a report says it. */
  readonly name: string;
  readonly unit: MetricUnit;
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly method: Estimate["method"];
}

interface AlsoMeasure {
  readonly name: string;
  /** Null where a result does not have it. */
  readonly read: (
    result: RunResult,
  ) => (Omit<AlsoMeasured, "name" | "value"> & { readonly value: number | null }) | null;
}

/** In the order in which a report says them. */
const MEASURES: readonly AlsoMeasure[] = [
  { name: "GPU-seconds a run", read: heldGpuSeconds },
  { name: "generated", read: estimated("throughput{tier:all}", "value") },
];

export function alsoMeasured(result: RunResult): AlsoMeasured[] {
  return MEASURES.flatMap(({ name, read }) => {
    const found = read(result);
    return found === null || found.value === null ? [] : [{ name, ...found, value: found.value }];
  });
}

function estimated(metric: string, aggregation: string): AlsoMeasure["read"] {
  return ({ estimates }) => {
    const found = estimates.find((one) => one.metric === metric && one.aggregation === aggregation);
    if (found === undefined) return null;
    const { unit, value, low, high, method } = found;
    return { unit, value, low, high, method };
  };
}

/** GPU-seconds of instances in whatever state, those of lost ones too, in the measured window of a run. */
function heldGpuSeconds({ fleet, replications }: RunResult): ReturnType<AlsoMeasure["read"]> {
  if (replications.length === 0) return null;
  const { free: _, ...held } = fleet.gpuSeconds;
  const value = Object.values(held).reduce((sum, seconds) => sum + seconds, 0) / replications.length;
  return { unit: "count", value, low: null, high: null, method: "one-seed" };
}
