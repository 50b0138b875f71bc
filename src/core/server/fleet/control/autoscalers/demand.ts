// What autoscalers that aim at targets have in common: the targets as a scenario writes them, and how many replicas the
// load of a pool asks for by each.
import * as z from "zod";
import { notEmpty, real, share } from "../../../../document/units.js";
import type { ScalerContext } from "./autoscaler.js";
import { SCALING_METRICS, type ScalingMetric, type ScalingMetricName, scalingMetric } from "./metrics.js";
import type { ScalingView } from "./view.js";

export type Targets = Readonly<Partial<Record<ScalingMetricName, number>>>;

const LEAST_TARGET = 1e-6;

/** Load of one replica, by metric; one at least. */
export const targets = z
  .strictObject(
    Object.fromEntries(
      SCALING_METRICS.map(({ name, means, isShare }: ScalingMetric) => {
        const target = isShare ? share({ from: LEAST_TARGET }) : real({ from: LEAST_TARGET, to: 1e9 });
        return [name, target.exactOptional().describe(`Per replica: ${means}`)];
      }),
    ) as Record<ScalingMetricName, z.ZodOptional<z.ZodType<number, string | number>>>,
  )
  .refine(notEmpty, "at least one target is needed");

export class Demand {
  readonly watchesKv: boolean;
  readonly #aims: readonly { readonly metric: ScalingMetric; readonly target: number }[];
  readonly #context: ScalerContext;

  constructor(given: Targets, context: ScalerContext) {
    const named = Object.entries(given) as [ScalingMetricName, number][];
    this.#aims = named.map(([name, target]) => ({ metric: scalingMetric(name), target }));
    this.#context = context;
    this.watchesKv = this.#aims.some(({ metric }) => metric.watchesKv);
  }

  /** By target: the replicas, as a real number, each of which would be at it; undefined: not measured yet. */
  each(view: ScalingView, window: number): (number | undefined)[] {
    return this.#aims.map(({ metric, target }) => {
      const total = metric.total(view, window, this.#context);
      return total === undefined ? undefined : total / target;
    });
  }

  /** By the most demanding of the targets that are measured; undefined where none is. */
  most(view: ScalingView, window: number): number | undefined {
    return mostOf(this.each(view, window));
  }
}

/** The largest of those that are there; undefined where none is. */
export function mostOf(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}
