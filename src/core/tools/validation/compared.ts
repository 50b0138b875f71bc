// A number of the recorded run beside that of the simulated one. Knows numbers only, not what they measure.
import { QuantileSketch } from "../../stats/quantile-sketch.js";

/** Null where there is nothing to measure; `error` is simulated / recorded - 1, null where that is undefined. */
export interface Compared {
  readonly recorded: number | null;
  readonly simulated: number | null;
  readonly error: number | null;
}

export function compared(recorded: number | null, simulated: number | null): Compared {
  const [measured, modelled] = [finite(recorded), finite(simulated)];
  const error = measured === null || modelled === null || measured === 0 ? null : modelled / measured - 1;
  return { recorded: measured, simulated: modelled, error };
}

export interface ComparedDistribution {
  readonly mean: Compared;
  readonly p50: Compared;
  readonly p90: Compared;
  readonly p99: Compared;
}

/** Quantiles are interpolated between neighbours, as everywhere else in the results. */
export function comparedDistribution(
  recorded: readonly number[],
  simulated: readonly number[],
): ComparedDistribution {
  const [measured, modelled] = [sketchOf(recorded), sketchOf(simulated)];
  const at = (p: number) => compared(measured.quantile(p), modelled.quantile(p));
  return { mean: compared(measured.mean, modelled.mean), p50: at(0.5), p90: at(0.9), p99: at(0.99) };
}

function sketchOf(values: readonly number[]): QuantileSketch {
  const sketch = new QuantileSketch({ unit: 1e-9, exactLimit: values.length });
  for (const value of values) sketch.add(value);
  return sketch;
}

function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}
