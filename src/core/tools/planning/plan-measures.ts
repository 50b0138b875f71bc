// What a plan says of a value beside its verdict: a list of measures, each one line. A result's estimates come with
// their intervals; what a result only counts is given for one run.
import { GPU_STATES } from "../../base/instance-state.js";
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
  { name: "GPU cost a month", read: estimated("cost_per_month", "value") },
  { name: "GPU cost a million tokens", read: estimated("cost_per_million_tokens", "value") },
  { name: "GPU cost a finished session", read: estimated("cost_per_session", "value") },
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
  const held = GPU_STATES.reduce((sum, state) => sum + (fleet.gpuSeconds[state] ?? 0), 0);
  const value = held / replications.length;
  return { unit: "count", value, low: null, high: null, method: "one-seed" };
}
