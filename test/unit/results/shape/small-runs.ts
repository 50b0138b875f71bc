// Results of small runs for the tests of this folder and of studies: what each attempt came to is given, and the rest
// is built as the engine builds it.
import type { ByGpuState } from "../../../../src/core/base/instance-state.js";
import { reasonCode } from "../../../../src/core/base/outcome.js";
import { type Instant, NEVER, seconds } from "../../../../src/core/base/units.js";
import { buildResult, type ResultInput } from "../../../../src/core/results/build/build.js";
import { Ledger } from "../../../../src/core/results/ledger/ledger.js";
import type { FleetTotals } from "../../../../src/core/results/metrics/judged.js";
import type { RunResult } from "../../../../src/core/results/shape/result.js";
import { stated } from "../../../support/stated-threshold.js";

/** A fleet of so many GPUs of which nothing more is known. */
export const plainFleet = (gpus: number, gpuSeconds: ByGpuState): FleetTotals => ({
  ...{ gpus, gpuSeconds, scaling: null, isPriced: false, bill: null },
});

export interface SmallTier {
  /** Attempts that completed, as the seconds that each took to its first token. */
  readonly ttfts: readonly number[];
  /** Attempts that were shed, each the only one of its request. */
  readonly shed: number;
}

const instant = (time: number) => seconds(time) as number as Instant;
/** Of every small run. */
export const SMALL_THRESHOLDS = [
  ["overloaded_rate{tier:standard}", "rate<10%"],
  ["overloaded_rate{tier:standard}", "rate==0"],
  ["ttft{tier:standard}", "p(50)<2s"],
  ["attempts", "count>0"],
].map(([metric = "", expression = ""]) => stated(metric, expression));

/** Of two tiers, standard and priority, and of `unrouted` where some are given. */
export function smallRun(
  seed: string,
  tiers: readonly [standard: SmallTier, priority: SmallTier, unrouted?: number],
  changes: Partial<ResultInput> = {},
): RunResult {
  const book = new Ledger(3, instant(0), NEVER);
  const at = instant(1);
  const [standard, priority, unrouted = 0] = tiers;
  for (const [tier, { ttfts, shed }] of [standard, priority].entries()) {
    for (const ttft of ttfts) {
      const firstTokenAt = instant(1 + ttft);
      book.requestOffered(tier, at);
      book.attemptArrived(tier, at);
      book.attemptStarted(tier, at, at);
      book.firstToken(tier, at, firstTokenAt);
      const tokens = { inputTokens: 1000, cachedTokens: 400, outputTokens: 11, servedTier: tier };
      book.attemptCompleted(tier, { arrivedAt: at, firstTokenAt, ...tokens }, instant(3 + ttft));
      book.requestEnded(tier, at, reasonCode("none"));
      book.tokensGenerated(tier, 11);
    }
    fail(book, tier, shed, "overloaded_capacity");
  }
  fail(book, 2, unrouted, "unknown_model");
  const price = { input: 2, cached: 0.5, output: 8 };
  return buildResult({
    scenario: "small",
    description: "",
    seed,
    partial: false,
    tiers: [
      { name: "standard", price },
      { name: "priority", price: null },
      { name: "unrouted", price: null },
    ],
    ledger: book,
    pools: [],
    fleet: plainFleet(8, { free: 30, ready: 50 }),
    series: { interval: 1, tiers: [], pools: [] },
    thresholds: SMALL_THRESHOLDS,
    time: { simulated: 12, warmup: 0, measured: 10, arrivals: 10 },
    work: { events: 99, steps: 50, epochs: 7 },
    isPooled: true,
    ...changes,
  });
}

function fail(book: Ledger, tier: number, count: number, reason: "overloaded_capacity" | "unknown_model") {
  const at = instant(1);
  for (let attempt = 0; attempt < count; attempt++) {
    book.requestOffered(tier, at);
    book.attemptArrived(tier, at);
    book.attemptFailed(tier, at, reasonCode(reason));
    book.requestEnded(tier, at, reasonCode(reason));
  }
}
