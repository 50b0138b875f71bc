// The batching replica as a birth-death chain: with geometric outputs and steps of alpha + beta n, n sequences in the
// batch complete at rate n / (g (alpha + beta n)). The chain knows nothing of step boundaries; half a step is the
// error.
import { expect, test } from "vitest";
import type { ScenarioInput } from "../../src/core/index.js";
import { expectCovers, measured, SLOW } from "../support/oracle.js";

const ALPHA_MS = 20;
const BETA_MS = 0.4;
const OUTPUT = 200;
const BATCH = 64;
const PLACES = 96;
const RATE = 3.2;

/** With steps so many times as long. */
function chain(times = 1): { inside: number; sojourn: number } {
  const completions = (n: number) => {
    const batch = Math.min(n, BATCH);
    return (batch * 1000) / (OUTPUT * times * (ALPHA_MS + BETA_MS * batch));
  };
  const weights = [1];
  for (let n = 1; n <= PLACES; n++) weights.push((weights[n - 1]! * RATE) / completions(n));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const inside = weights.reduce((sum, weight, n) => sum + (n * weight) / total, 0);
  return { inside, sojourn: inside / (RATE * (1 - weights[PLACES]! / total)) };
}

test("sequences inside and time inside, 64 at once, 46 % load", () => {
  expect(chain().inside).toBeCloseTo(17.548387, 6);
  expect(chain().sojourn).toBeCloseTo(5.483871, 6);
  const replica = {
    engine: "batching",
    profile: { base: `${ALPHA_MS}ms`, perSequence: `${BETA_MS}ms`, perContextToken: 0, perPrefillToken: 0 },
    maxSequences: BATCH,
    kvTokens: 1_000_000,
  } as const;
  const scenario: ScenarioInput = {
    schemaVersion: 1,
    duration: "2400s",
    warmup: "60s",
    inventory: { gpus: 1 },
    pools: {
      engine: {
        replicas: 1,
        replica,
        admission: { policy: "tail-drop", maxQueue: PLACES - BATCH, queueTimeout: "1h" },
      },
    },
    paths: { standard: { model: "m", pool: "engine", rank: 0 } },
    traffic: {
      callers: {
        arrivals: { process: "poisson", rate: RATE },
        input: 1,
        output: { dist: "exponential", mean: OUTPUT },
        mix: { standard: 1 },
      },
    },
  };
  const { inside, sojourn } = measured(scenario, {
    inside: ({ pools: [engine] }) => engine!.slotsBusyMean! + engine!.queuedMean!,
    sojourn: (run) => run.all.latency.mean!,
  });
  expectCovers(inside, 17.548387, chain(SLOW).inside);
  expectCovers(sojourn, 5.483871, chain(SLOW).sojourn);
});
