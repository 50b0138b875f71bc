// The Kubernetes HorizontalPodAutoscaler: replicas in proportion to how far a metric is from its target; of several
// metrics the one that asks for most counts, and while one is missing the others may add but not take away. Source:
// kubernetes/website, horizontal-pod-autoscale.md @10ae760, and kubernetes, replica_calculator.go @0006726 (both
// read, 2026-11): decides every 15 s, tolerance 0.1, up at once by at most 100 % or 4 per 15 s, down by at most 100 %
// per 15 s after 300 s. A replica that is wanted and has no metric yet counts as idle where the rest are above
// target, and as exactly at it where they are below; where counting it so would turn the direction, nothing is done.
// There an HPA is switched off while no replica is wanted; here its `min`, 1 at least, holds then as well (ours).
import * as z from "zod";
import type { Duration } from "../../../../base/units.js";
import { duration, showDuration } from "../../../../document/units.js";
import { type Autoscaler, defineAutoscaler, type ScalerContext } from "./autoscaler.js";
import { Demand, mostOf, type Targets, targets } from "./demand.js";
import { type KnobDefaults, knobOrigins, knobs } from "./knobs.js";
import type { ScalingView } from "./view.js";

/** Of HPA itself, and of what leaves the step from one to many to it. */
export const HPA_KNOBS = {
  interval: "15s",
  tolerance: 0.1,
  downWindow: "5m",
  upRate: { replicas: 4, times: 1, per: "15s" },
  downRate: { times: 1, per: "15s" },
} as const satisfies KnobDefaults;

/** Of HPA_OPTIONS. */
export const HPA_ORIGINS = { targets: "ours", window: "ours", staleAfter: "ours" } as const;

export interface HpaOptions {
  readonly targets: Targets;
  /** Whose metrics they are: averaged over the replicas that have some, or one total divided by all that are wanted. */
  readonly metrics: "pods" | "external";
  readonly window: Duration;
  readonly staleAfter: Duration;
}

export class Hpa implements Autoscaler {
  readonly looksBack: number;
  readonly watchesKv: boolean;
  readonly #options: HpaOptions;
  readonly #demand: Demand;

  constructor(options: HpaOptions, context: ScalerContext) {
    this.#options = options;
    this.#demand = new Demand(options.targets, context);
    this.looksBack = options.window;
    this.watchesKv = this.#demand.watchesKv;
  }

  recommend(view: ScalingView): number | undefined {
    const isStale = view.now - view.latest.asOf > this.#options.staleAfter;
    if (isStale || view.wanted === 0) return undefined;
    const { metrics, window } = this.#options;
    const asked = this.#demand.each(view, window);
    const proposals = metrics === "external" ? asked : asked.map((one) => ofPods(one, view));
    const most = mostOf(proposals);
    const isComplete = !proposals.includes(undefined);
    return isComplete || (most !== undefined && most >= view.wanted) ? most : undefined;
  }
}

/** Of the replicas that a total load asks for, where not all that are wanted have a metric. */
function ofPods(asked: number | undefined, { latest, wanted }: ScalingView): number | undefined {
  const measured = Math.min(latest.ready, wanted);
  if (asked === undefined || measured === 0) return undefined;
  const usage = asked / latest.ready;
  const missing = wanted - measured;
  if (usage <= 1) return usage * measured + missing;
  return missing > 0 ? Math.max(wanted, usage * measured) : usage * measured;
}

/** What of it may be seen is never fresh enough to act on. */
export function checkStale(
  { metricsDelay, staleAfter }: { readonly metricsDelay: Duration; readonly staleAfter: Duration },
  context: z.core.$RefinementCtx,
): void {
  if (metricsDelay <= staleAfter) return;
  const message = `longer than staleAfter (${showDuration(staleAfter)}): all metrics are missing, and it never acts`;
  context.addIssue({ code: "custom", path: ["metricsDelay"], message, input: metricsDelay });
}

export const HPA_OPTIONS = {
  targets: targets.prefault({ utilization: 0.8 }).describe("Load per replica, by metric (0.8: ours)."),
  window: duration()
    .prefault("15s")
    .describe("Over which a metric is averaged (ours: metrics pipelines differ)."),
  staleAfter: duration()
    .prefault("5m")
    .describe("Metrics older than that are missing, and nothing is done (ours)."),
};

export const hpa = defineAutoscaler({
  name: "hpa",
  summary:
    "Kubernetes HPA: replicas in proportion to metric over target, unless within 10 %; the largest of several metrics.",
  sources: [
    { text: "kubernetes/website horizontal-pod-autoscale.md @10ae760", date: "2026-11" },
    { text: "kubernetes/kubernetes replica_calculator.go @0006726", date: "2026-11" },
  ],
  defaults: { ...knobOrigins("read", Object.keys(HPA_KNOBS)), ...HPA_ORIGINS, metrics: "ours" },
  options: {
    ...knobs({ least: 1, ...HPA_KNOBS }),
    ...HPA_OPTIONS,
    metrics: z
      .enum(["pods", "external"])
      .prefault("pods")
      .describe(
        "pods: those that have no metric yet count as idle on the way up and as at the target on the way down; " +
          "external: the total counts, whoever is ready.",
      ),
  },
  refine: checkStale,
  create: (options, context) => new Hpa(options as HpaOptions, context),
});
