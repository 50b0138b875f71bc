// What `sla` predicts against the replica that is simulated. Times between tokens are those of a fixed point and come
// out within 5 %. The time to the first token is within 15 % where little waits; where much does it hangs on the wait of
// M/M/c with full batches, which is right within a factor of 1.5, as the mean of a queue near its limit is to those who
// measure it, too.
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

/** In milliseconds, of as many arrivals a second. */
function simulated(rate: number, replicas: number) {
  const scenario = batchingSystem(
    {
      profile: { base: "15ms", perSequence: "200us", perContextToken: "0.1us", perPrefillToken: "30us" },
      maxSequences: SLOTS,
      kvTokens: KV_TOKENS,
      maxBatchedTokens: 2048,
    },
    { arrivals: { process: "poisson", rate }, input: PROMPT, output: { dist: "exponential", mean: OUTPUT } },
    { duration: "900s", warmup: "100s", pool: { replicas } },
  );
  const { ttft, latency } = measured(
    scenario,
    { ttft: (run) => 1000 * run.all.ttft.mean!, latency: (run) => 1000 * run.all.latency.mean! },
    { replications: gear(4, 20) },
  );
  return { ttft: ttft.mean, tpot: (latency.mean - ttft.mean) / (OUTPUT - 1) };
}

// Each step worked through by itself gives the same bits (LAW-5) and takes long.
test.skipIf(STEP_BY_STEP).each([
  [1, 0.3, 1.15],
  [4, 0.3, 1.15],
  [4, 0.6, 1.15],
  [1, 0.8, 1.5],
  [4, 0.9, 1.5],
])("%i replicas at %d of what they can take, TTFT within a factor of %d", (replicas, utilization, factor) => {
  const rate = utilization * replicas * predicted(1).capacity * 1e6;
  const { ttft, tpot } = predicted(rate).with(replicas)!;
  const run = simulated(rate, replicas);
  expect(Math.abs(tpot / 1000 / run.tpot - 1)).toBeLessThan(0.05);
  expect(ttft / 1000 / run.ttft).toBeLessThan(factor);
  expect(ttft / 1000 / run.ttft).toBeGreaterThan(1 / factor);
});
