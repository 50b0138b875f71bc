// Scales to a target of load per replica: as many replicas as the load divided by the target asks for; of several
// targets, the one that asks for most counts. The rule that Fireworks publishes for its on-demand deployments, with
// its windows. Source: docs.fireworks.ai/deployments/autoscaling (excerpt, 2026-11): load target 0.8, up after 30 s,
// down after 10 min, to zero after 1 h without traffic (5 min at least). The page does not say what its general load
// is, over which time it is averaged or how often it decides: sequences over slots, 30 s and 10 s are ours, and so
// are bounds of 1 and what its nodes hold, where the page has 0 and 1.
import { type Duration, MICROS_PER_MINUTE } from "../../../../base/units.js";
import { type Raw, type Report, read } from "../../../../document/raw.js";
import type { Path } from "../../../../document/tree.js";
import { duration } from "../../../../document/units.js";
import { type AroundScaler, type Autoscaler, defineAutoscaler, type ScalerContext } from "./autoscaler.js";
import { Demand, type Targets, targets } from "./demand.js";
import { IdleTime } from "./idle-time.js";
import { knobOrigins, knobs } from "./knobs.js";
import { checkToZero } from "./to-zero.js";
import type { ScalingView } from "./view.js";

interface TargetLoadOptions {
  readonly targets: Targets;
  readonly window: Duration;
  readonly zeroAfter: Duration;
}

class TargetLoad implements Autoscaler {
  readonly looksBack: number;
  readonly watchesKv: boolean;
  readonly #demand: Demand;
  readonly #zeroAfter: Duration;
  readonly #idle = new IdleTime();

  constructor({ targets: given, window, zeroAfter }: TargetLoadOptions, context: ScalerContext) {
    this.#demand = new Demand(given, context);
    this.#zeroAfter = zeroAfter;
    this.looksBack = window;
    this.watchesKv = this.#demand.watchesKv;
  }

  recommend(view: ScalingView): number | undefined {
    const idle = this.#idle.look(view);
    if (idle >= this.#zeroAfter || (view.wanted === 0 && !this.#idle.isActive)) return 0;
    const wanted = this.#demand.most(view, this.looksBack);
    return wanted === undefined ? undefined : Math.max(1, wanted);
  }
}

const OPTIONS = {
  ...knobs({ interval: "10s", upWindow: "30s", downWindow: "10m" }),
  targets: targets.prefault({ utilization: 0.8 }).describe("Load per replica, by metric."),
  window: duration().prefault("30s").describe("Over which the load is averaged (ours)."),
  zeroAfter: duration({ from: 5 * MICROS_PER_MINUTE })
    .prefault("1h")
    .describe("To zero, where `min` is 0, once nothing has been there for so long; at least 5m."),
};

/** A window that is longer still shows load by then, which counts no more: then it matters whatever is kept. */
function checkZeroAfter(part: Raw, at: Path, _around: AroundScaler, report: Report): void {
  const [window, zeroAfter] = (["window", "zeroAfter"] as const).map((key) => read(OPTIONS[key], part[key]));
  if (window === undefined || zeroAfter === undefined || window > zeroAfter) return;
  checkToZero(part, at, { ...OPTIONS, keys: ["zeroAfter"] }, report);
}

export const targetLoad = defineAutoscaler({
  name: "target-load",
  summary:
    "As many replicas as keep the load of each at a target; of several targets the most demanding counts.",
  sources: [{ text: "docs.fireworks.ai/deployments/autoscaling", date: "2026-11" }],
  defaults: {
    ...knobOrigins("excerpted", ["upWindow", "downWindow"]),
    targets: "excerpted",
    window: "ours",
    zeroAfter: "excerpted",
  },
  options: OPTIONS,
  check: checkZeroAfter,
  create: (options, context) => new TargetLoad(options as TargetLoadOptions, context),
});
