// KEDA's ScaledObject: it takes a pool from zero to one and back itself, by polling, and leaves the way from one to
// many to the HPA, which it feeds with external metrics. Source: keda.sh, reference/scaledobject-spec and
// concepts/scaling-deployments (excerpt, 2026-11): polls every 30 s, to zero 300 s after it was last active, minimum
// 0, maximum 100. Active means here that something is inside or waiting or has arrived since the last poll.
import { after, type Duration, type Instant, START } from "../../../../base/units.js";
import { duration } from "../../../../document/units.js";
import { type Autoscaler, defineAutoscaler, type ScalerContext } from "./autoscaler.js";
import { checkStale, HPA_KNOBS, HPA_OPTIONS, HPA_ORIGINS, Hpa, type HpaOptions } from "./hpa.js";
import { IdleTime } from "./idle-time.js";
import { knobOrigins, knobs } from "./knobs.js";
import { checkToZero } from "./to-zero.js";
import type { ScalingView } from "./view.js";

interface KedaOptions extends Omit<HpaOptions, "metrics"> {
  readonly min: number;
  readonly polling: Duration;
  readonly cooldown: Duration;
}

class Keda implements Autoscaler {
  readonly looksBack: number;
  readonly watchesKv: boolean;
  readonly #options: KedaOptions;
  readonly #hpa: Hpa;
  readonly #idle = new IdleTime();
  #nextPoll: Instant = START;

  constructor(options: KedaOptions, context: ScalerContext) {
    this.#options = options;
    this.#hpa = new Hpa({ ...options, metrics: "external" }, context);
    this.looksBack = this.#hpa.looksBack;
    this.watchesKv = this.#hpa.watchesKv;
  }

  recommend(view: ScalingView): number | undefined {
    const hasPolled = view.now >= this.#nextPoll;
    if (hasPolled) {
      this.#nextPoll = after(view.now, this.#options.polling);
      const idle = this.#idle.look(view);
      if (view.wanted === 0) return this.#idle.isActive ? 1 : undefined;
      if (this.#options.min === 0 && idle >= this.#options.cooldown) return 0;
    }
    const replicas = this.#hpa.recommend(view);
    return replicas === undefined ? undefined : Math.max(1, replicas);
  }
}

const KNOBS = knobs({ ...HPA_KNOBS, min: 0, max: 100 });

export const keda = defineAutoscaler({
  name: "keda",
  summary: "KEDA: from zero to one and back by polling and a cooldown, from one to many as the HPA does.",
  sources: [
    { text: "keda.sh reference/scaledobject-spec and concepts/scaling-deployments", date: "2026-11" },
    { text: "kubernetes/website horizontal-pod-autoscale.md @10ae760", date: "2026-11" },
  ],
  defaults: {
    ...knobOrigins("read", Object.keys(HPA_KNOBS)),
    min: "excerpted",
    max: "excerpted",
    ...HPA_ORIGINS,
    polling: "excerpted",
    cooldown: "excerpted",
  },
  options: {
    ...KNOBS,
    ...HPA_OPTIONS,
    polling: duration({ above: 0 })
      .prefault("30s")
      .describe(
        "How often it looks whether the pool is active, where `min` is 0; rounded up to its interval.",
      ),
    cooldown: duration()
      .prefault("5m")
      .describe("To zero, where `min` is 0, so long after the pool was last active."),
  },
  refine: checkStale,
  check: (part, at, _around, report) =>
    checkToZero(part, at, { keys: ["polling", "cooldown"], min: KNOBS.min }, report),
  create: (options, context) => new Keda(options as KedaOptions, context),
});
