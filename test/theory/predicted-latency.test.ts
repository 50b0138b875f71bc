// What `sla` predicts against the replica that is simulated, whose answers are exponential as the prediction takes them
// to be. Times between tokens are those of a fixed point and come out within 3 %, times to the first token within a
// fifth, also where the wait is most of it.
import { expect, test } from "vitest";
import { PredictedLatency } from "../../src/core/server/fleet/control/autoscalers/predicted-latency.js";
import { linearProfile } from "../../src/core/server/profile/linear.js";
import { gear, STEP_BY_STEP } from "../support/mode.js";
import { batchingSystem, measured } from "../support/oracle.js";

const [PROMPT, OUTPUT, SLOTS, KV_TOKENS] = [400, 200, 32, 1_000_000];
const profile = linearProfile({ base: 15_000, perSequence: 200, perContextToken: 0.1, perPrefillToken: 30 });

const predicted = (rate: number) =>
  new PredictedLatency(
    { slots: SLOTS, kvTokens: KV_TOKENS, profile },
    { rate: rate / 1e6, promptTokens: PROMPT, cachedTokens: 0, outputTokens: OUTPUT },
  );

/** In milliseconds, of as many arrivals a second, in runs of so many seconds. */
function simulated(rate: number, replicas: number, seconds: number) {
  const scenario = batchingSystem(
    {
      profile: { base: "15ms", perSequence: "200us", perContextToken: "0.1us", perPrefillToken: "30us" },
      maxSequences: SLOTS,
      kvTokens: KV_TOKENS,
      maxBatchedTokens: 2048,
    },
    { arrivals: { process: "poisson", rate }, input: PROMPT, output: { dist: "exponential", mean: OUTPUT } },
    { duration: `${seconds + 300}s`, warmup: "300s", pool: { replicas } },
  );
  const { ttft, latency } = measured(
    scenario,
    { ttft: (run) => 1000 * run.all.ttft.mean!, latency: (run) => 1000 * run.all.latency.mean! },
    { replications: gear(8, 20) },
  );
  return { ttft: ttft.mean, tpot: (latency.mean - ttft.mean) / (OUTPUT - 1) };
}

// Each step worked through by itself gives the same bits (LAW-5) and takes long. Runs are as long as it takes to know
// the mean within some 5 %, on the same seeds every day.
test.skipIf(STEP_BY_STEP).each([
  [1, 0.3, 1.05, 900],
  [4, 0.3, 1.05, 900],
  [4, 0.6, 1.05, 900],
  [1, 0.8, 1.2, 6000],
  [4, 0.9, 1.2, 2500],
])(
  "%i replicas at %d of what they can take, TTFT within a factor of %d",
  (replicas, utilization, factor, seconds) => {
    const rate = utilization * replicas * predicted(1).capacity * 1e6;
    const { ttft, tpot } = predicted(rate).with(replicas)!;
    const run = simulated(rate, replicas, seconds);
    expect(Math.abs(tpot / 1000 / run.tpot - 1)).toBeLessThan(0.03);
    expect(ttft / 1000 / run.ttft).toBeLessThan(factor);
    expect(ttft / 1000 / run.ttft).toBeGreaterThan(1 / factor);
  },
);
