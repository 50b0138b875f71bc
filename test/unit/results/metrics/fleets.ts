// Runs of which only the fleet is known, for the tests of this folder.
import type {
  GpuCosts,
  JudgedFleet,
  JudgedRun,
  ScalingTotals,
} from "../../../../src/core/results/metrics/judged.js";
import type { PooledRuns } from "../../../../src/core/results/metrics/pooling.js";
import { PooledValues } from "../../../../src/core/stats/pooled-values.js";

const NOTHING: ScalingTotals = {
  ...{ measured: 600, wanted: 0, starts: 0, startDelay: 0, scaleUps: 0, scaleDowns: 0, flaps: 0 },
  ...{ missing: 0, short: 0, spare: 0, pending: 0, coldWaits: 0, coldWait: 0 },
};

/** Of ten minutes in which nothing else happened. */
export const scalingTotals = (some: Partial<ScalingTotals>): ScalingTotals => ({ ...NOTHING, ...some });

/** Of half an hour. */
export const gpuCosts = (some: Partial<GpuCosts>): GpuCosts => ({
  ...{ total: 6, unused: 0, hours: 0.5, tokens: 3e6, sessions: null },
  ...some,
});

export function fleetOf(some: Partial<JudgedFleet>): JudgedRun {
  const fleet = { gpus: 8, gpuSeconds: {}, scaling: null, isPriced: true, costs: null, ...some };
  return { slices: { tier: [], source: [], account: [] }, sessions: [], recovery: null, fleet };
}

export const pooledFrom = (runs: number, factors = Array.from({ length: runs }, () => 1)): PooledRuns => ({
  ...{ runs, factors, pooledOf: () => new PooledValues([]) },
});
