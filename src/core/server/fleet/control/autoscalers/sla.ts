// The least replicas at which the predicted times to the first token and between tokens meet their targets, from the
// step times of a replica and the traffic of the last interval. What NVIDIA Dynamo's planner does in its `sla` mode,
// with its targets and interval; the prediction is ours (predicted-latency.ts), where Dynamo interpolates measured
// runs. Source: ai-dynamo/dynamo, docs/components/planner/planner-config-reference.mdx @08db9ac (read, 2026-11): TTFT
// 500 ms, time between tokens 50 ms, every 180 s, one replica at least. What waits is taken for traffic of the
// interval, so that a queue is worked off in one (ours). Where no number of replicas would meet a target, what a
// replica without load takes stands in its place, and a quarter more (ours).

import { assert } from "../../../../base/assert.js";
import { type Duration, MICROS_PER_SECOND } from "../../../../base/units.js";
import { duration, share } from "../../../../document/units.js";
import { type Autoscaler, defineAutoscaler, type ScalerContext } from "./autoscaler.js";
import { knobOrigins, knobs, MOST_REPLICAS } from "./knobs.js";
import { type Latency, PredictedLatency, type Traffic } from "./predicted-latency.js";
import type { ScalingView } from "./view.js";

interface SlaOptions {
  readonly ttft: Duration;
  readonly tpot: Duration;
  readonly cached: number;
  readonly window: Duration;
}

const OUT_OF_REACH = 1.25;

class Sla implements Autoscaler {
  readonly looksBack: number;
  readonly #options: SlaOptions;
  readonly #context: ScalerContext;

  constructor(options: SlaOptions, context: ScalerContext) {
    this.#options = options;
    this.#context = context;
    this.looksBack = options.window;
  }

  /** No opinion before an attempt has completed, as nothing is known of outputs. */
  recommend(view: ScalingView): number | undefined {
    const traffic = this.#traffic(view);
    if (traffic === undefined) return undefined;
    if (traffic.rate === 0) return 1;
    const { slots, kvTokens, profile } = this.#context;
    assert(profile !== undefined, "sla has the step times of a replica");
    return this.#least(new PredictedLatency({ slots, kvTokens, profile }, traffic));
  }

  #traffic(view: ScalingView): Traffic | undefined {
    const { window, cached } = this.#options;
    const counted = view.counted(window);
    if (counted === 0) return undefined;
    const arrived = view.rate("arrived", window);
    const completed = view.rate("completed", window);
    const rate = arrived / MICROS_PER_SECOND + view.latest.queued / counted;
    if (rate > 0 && (arrived === 0 || completed === 0)) return undefined;
    const promptTokens = view.rate("promptTokens", window) / arrived;
    const outputTokens = view.rate("outputTokens", window) / completed;
    return { rate, promptTokens, cachedTokens: cached * promptTokens, outputTokens };
  }

  #least(predicted: PredictedLatency): number {
    const best = predicted.atBest();
    const ttft = Math.max(this.#options.ttft, OUT_OF_REACH * best.ttft);
    const tpot = Math.max(this.#options.tpot, OUT_OF_REACH * best.tpot);
    const meets = (latency: Latency | undefined) =>
      latency !== undefined && latency.ttft <= ttft && latency.tpot <= tpot;
    let enough = 1;
    while (enough < MOST_REPLICAS && !meets(predicted.with(enough))) enough *= 2;
    let below = enough / 2;
    while (enough - below > 1) {
      const middle = Math.floor((below + enough) / 2);
      if (meets(predicted.with(middle))) enough = middle;
      else below = middle;
    }
    return enough;
  }
}

export const sla = defineAutoscaler({
  name: "sla",
  summary:
    "The least replicas whose predicted TTFT and time per output token meet targets at the last interval's traffic.",
  sources: [{ text: "ai-dynamo/dynamo planner-config-reference.mdx @08db9ac", date: "2026-11" }],
  defaults: {
    ...knobOrigins("read", ["min", "interval"]),
    ttft: "read",
    tpot: "read",
    cached: "ours",
    window: "read",
  },
  needsProfile: true,
  options: {
    ...knobs({ least: 1, interval: "3m" }),
    ttft: duration({ above: 0 }).prefault("500ms").describe("Target of the mean time to the first token."),
    tpot: duration({ above: 0 }).prefault("50ms").describe("Target of the mean time per output token."),
    cached: share({ below: 1 })
      .prefault("0%")
      .describe("Share of prompt tokens that the prefix cache is expected to have (ours)."),
    window: duration({ above: 0 }).prefault("3m").describe("Over which the traffic is counted."),
  },
  create: (options, context) => new Sla(options, context),
});
