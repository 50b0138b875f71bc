// Knative's pod autoscaler (KPA): as many replicas as the concurrency of a minute asks for, or in panic that of a few
// seconds. Panic begins when the short window asks for twice what is ready, lasts until the long window has passed
// without that, and takes nothing away. Source: knative/serving, pkg/autoscaler/scaling/autoscaler.go @00a4a55,
// resources/target.go @03121e2 and config/core/configmaps/autoscaler.yaml @0d68a7b (all read, 2026-11): decides every
// 2 s, windows of 60 s and 10 % of that, threshold 200 %, target 100 x 70 % but no more than what fits into a
// replica, at most 1000 times and at least half of those ready, grace of 30 s before zero. There the grace is an
// upper bound for its proxy to take over, here it is waited in full (ours); that metrics are counted every second is
// from memory. There a request that finds no replica is held by the activator and counts; here it may be shed at once,
// so that whatever arrives while there is none wakes it, and what was woken stays until it is ready (ours).
import { after, type Duration, type Instant, NEVER } from "../../../../base/units.js";
import { duration, real, share } from "../../../../document/units.js";
import { type Autoscaler, defineAutoscaler, type ScalerContext } from "./autoscaler.js";
import { IdleTime } from "./idle-time.js";
import { knobOrigins, knobs } from "./knobs.js";
import { concurrency } from "./metrics.js";
import { checkToZero } from "./to-zero.js";
import type { ScalingView } from "./view.js";

interface KnativeOptions {
  readonly target: number;
  readonly utilization: number;
  readonly stableWindow: Duration;
  readonly panicWindow: number;
  readonly panicThreshold: number;
  readonly maxUpRate: number;
  readonly maxDownRate: number;
  readonly zeroGrace: Duration;
}

class Knative implements Autoscaler {
  readonly looksBack: number;
  readonly #options: KnativeOptions;
  readonly #target: number;
  /** When the threshold was last passed; NEVER outside panic. */
  #panicSince: Instant = NEVER;
  #mostInPanic = 0;
  /** Since when it wants none; NEVER while it wants some. */
  #noneSince: Instant = NEVER;
  #isNew = true;
  readonly #idle = new IdleTime();
  /** Whether something has come since the last replica was ready. */
  #isWoken = false;

  constructor(options: KnativeOptions, { slots }: ScalerContext) {
    this.#options = options;
    this.#target = Math.max(1, Math.min(options.target, slots) * options.utilization);
    this.looksBack = options.stableWindow;
  }

  recommend(view: ScalingView): number {
    if (this.#isNew) this.#begin(view);
    this.#idle.look(view);
    this.#isWoken = view.latest.ready === 0 && (this.#isWoken || this.#idle.isActive);
    const replicas = Math.max(this.#desired(view), this.#isWoken ? 1 : 0);
    if (replicas > 0) {
      this.#noneSince = NEVER;
      return replicas;
    }
    if (this.#noneSince === NEVER) this.#noneSince = view.now;
    const isOver = view.wanted === 0 || view.now >= after(this.#noneSince, this.#options.zeroGrace);
    return isOver ? 0 : 1;
  }

  /** It starts in panic where it finds more than one, having no history yet to take any away by. */
  #begin({ latest, now }: ScalingView): void {
    this.#isNew = false;
    if (latest.ready <= 1) return;
    this.#panicSince = now;
    this.#mostInPanic = latest.ready;
  }

  #desired(view: ScalingView): number {
    const { stableWindow, panicWindow, panicThreshold, maxUpRate, maxDownRate } = this.#options;
    const ready = Math.max(1, view.latest.ready);
    const asked = (window: number) => Math.ceil(view.mean(concurrency, window) / this.#target);
    const inSteps = (replicas: number) =>
      Math.min(Math.max(replicas, Math.floor(ready / maxDownRate)), Math.ceil(maxUpRate * ready));
    const stable = asked(stableWindow);
    const short = asked(stableWindow * panicWindow);
    this.#panic(short / ready >= panicThreshold, view.now);
    if (this.#panicSince === NEVER) return inSteps(stable);
    this.#mostInPanic = Math.max(this.#mostInPanic, inSteps(stable), inSteps(short));
    return this.#mostInPanic;
  }

  #panic(isOver: boolean, now: Instant): void {
    if (isOver) this.#panicSince = now;
    else if (this.#panicSince !== NEVER && after(this.#panicSince, this.#options.stableWindow) < now) {
      this.#panicSince = NEVER;
      this.#mostInPanic = 0;
    }
  }
}

const KNOBS = knobs({ min: 0, interval: "2s", metricsEvery: "1s" });

export const knative = defineAutoscaler({
  name: "knative",
  summary:
    "Knative's KPA: replicas by the concurrency of a minute, or in panic by that of 6 s, never fewer while it lasts.",
  sources: [
    { text: "knative/serving autoscaler.go @00a4a55", date: "2026-11" },
    { text: "knative/serving target.go @03121e2", date: "2026-11" },
    { text: "knative/serving configmaps/autoscaler.yaml @0d68a7b", date: "2026-11" },
  ],
  defaults: {
    ...knobOrigins("read", ["min", "interval"]),
    metricsEvery: "memory",
    target: "read",
    utilization: "read",
    stableWindow: "read",
    panicWindow: "read",
    panicThreshold: "read",
    maxUpRate: "read",
    maxDownRate: "read",
    zeroGrace: "read",
  },
  options: {
    ...KNOBS,
    target: real({ above: 0, to: 1e6 })
      .prefault(100)
      .describe("Concurrency of a replica, running and waiting; never more than its sequences."),
    utilization: share({ above: 0 }).prefault("70%").describe("Share of that which it aims at."),
    stableWindow: duration({ above: 0 }).prefault("60s").describe("Over which the load is averaged."),
    panicWindow: share({ above: 0 }).prefault("10%").describe("Length of the window of panic, as a share."),
    panicThreshold: share({ above: 0, to: 10 })
      .prefault("200%")
      .describe("Panic begins when the short window asks for this share of those ready."),
    maxUpRate: real({ above: 1, to: 1e6 })
      .prefault(1000)
      .describe("At most so many times those ready, at one decision."),
    maxDownRate: real({ above: 1, to: 1e6 })
      .prefault(2)
      .describe("At least those ready divided by that, at one decision."),
    zeroGrace: duration().prefault("30s").describe("How long it keeps one before zero, where `min` is 0."),
  },
  check: (part, at, _around, report) => checkToZero(part, at, { ...KNOBS, keys: ["zeroGrace"] }, report),
  create: (options, context) => new Knative(options, context),
});
