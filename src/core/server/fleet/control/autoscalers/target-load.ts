// Scales to a target of load per replica: as many replicas as the load divided by the target asks for; of several
// targets, the one that asks for most counts. The rule that Fireworks publishes for its on-demand deployments, with its
// windows. Source: docs.fireworks.ai/deployments/autoscaling (excerpt, 2026-11): load target 0.8, up after 30 s, down
// after 10 min.
import * as z from "zod";
import { duration, notEmpty, real } from "../../../../document/units.js";
import { type Autoscaler, defineAutoscaler, type ScalerContext } from "./autoscaler.js";
import { knobs } from "./knobs.js";
import { SCALING_METRICS, type ScalingMetricName, scalingMetric } from "./metrics.js";
import type { ScalingView } from "./view.js";

type Targets = Readonly<Partial<Record<ScalingMetricName, number>>>;

class TargetLoad implements Autoscaler {
  readonly looksBack: number;
  readonly watchesKv: boolean;
  readonly #targets: readonly (readonly [ScalingMetricName, number])[];
  readonly #context: ScalerContext;

  constructor(targets: Targets, window: number, context: ScalerContext) {
    this.#targets = Object.entries(targets) as [ScalingMetricName, number][];
    this.#context = context;
    this.looksBack = window;
    this.watchesKv = this.#targets.some(([name]) => scalingMetric(name).watchesKv);
  }

  recommend(view: ScalingView): number {
    const wanted = this.#targets.map(
      ([name, target]) => scalingMetric(name).total(view, this.looksBack, this.#context) / target,
    );
    return Math.max(...wanted);
  }
}

const targets = z
  .strictObject(
    Object.fromEntries(
      SCALING_METRICS.map(({ name, means }) => [
        name,
        real({ from: 1e-6, to: 1e9 }).exactOptional().describe(`Per replica: ${means}`),
      ]),
    ) as Record<ScalingMetricName, z.ZodOptional<z.ZodType<number, number>>>,
  )
  .refine(notEmpty, "at least one target is needed");

export const targetLoad = defineAutoscaler({
  name: "target-load",
  summary:
    "As many replicas as keep the load of each at a target; of several targets the most demanding counts.",
  options: {
    ...knobs({ interval: "10s", upWindow: "30s", downWindow: "10m" }),
    targets: targets.prefault({ utilization: 0.8 }).describe("Load per replica, by metric."),
    window: duration().prefault("30s").describe("Over which the load is averaged."),
  },
  create: ({ targets: given, window }, context) => new TargetLoad(given as Targets, window, context),
});
