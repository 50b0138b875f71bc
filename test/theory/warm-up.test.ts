// `warmup: auto` of pools that are full soon: it cuts what is not yet settled and not much more, whatever the run's length,
// and what is measured behind it is what a long run measures.
import { mean } from "simple-statistics";
import { expect, test } from "vitest";
import { type RunResult, type ScenarioInput, simulate } from "../../src/core/index.js";
import { gear } from "../support/mode.js";

const SEEDS = ["1", "2", "3"];
/** Of what is long, one seed tells by day. */
const seedsOf = (duration: string) => (duration.length > 2 ? SEEDS.slice(0, gear(1, 3)) : SEEDS);

interface Full {
  readonly arrivals: ScenarioInput["traffic"][string]["arrivals"];
  readonly input: number;
  readonly output: NonNullable<ScenarioInput["traffic"][string]["output"]>;
  readonly admission: ScenarioInput["pools"][string]["admission"];
  readonly maxSequences: number;
}

/** Callers that all send at once, and at once again. Their 64 prompts take 5 s to work off. */
const CLOSED: Full = {
  arrivals: { process: "closed", callers: 64, think: "1ms" },
  ...{ input: 3000, output: { dist: "lognormal", median: 300, sigma: 0.4 } },
  ...{ admission: { policy: "none" }, maxSequences: 128 },
};

/** More than the pool's 19/s, so that its queue is soon full and stays so: at 30/s after 10 s, at 60/s within 2 s. */
const bounded = (rate: string): Full => ({
  arrivals: { process: "poisson", rate },
  ...{ input: 1000, output: 200 },
  ...{ admission: { policy: "tail-drop", maxQueue: 50, queueTimeout: "60s" }, maxSequences: 64 },
});

function run(
  { arrivals, input, output, admission, maxSequences }: Full,
  time: Time,
  seed: string,
): RunResult {
  const replica = {
    engine: "batching",
    profile: "llama-3.1-8b-h100",
    maxSequences,
    kvTokens: "800k",
  } as const;
  return simulate({
    ...{ schemaVersion: 1, seed, ...time, inventory: { gpus: 1 } },
    pools: { p: { replicas: 1, replica, admission } },
    paths: { std: { model: "m", pool: "p", rank: 0 } },
    traffic: { t: { arrivals, input, output, mix: { std: "100%" } } },
  });
}
interface Time {
  readonly duration: string;
  readonly warmup: string;
}

type Measure = "kvUsed" | "sequences" | "throughput";

/** What the pool holds, and how fast it works. */
const MEASURES: Readonly<Record<Measure, (result: RunResult) => number>> = {
  kvUsed: ({ pools }: RunResult) => pools[0]!.kvUsedMean!,
  sequences: ({ pools }: RunResult) => pools[0]!.slotsBusyMean! + pools[0]!.queuedMean!,
  throughput: ({ all }: RunResult) => all.throughput!,
};

/** Of all seeds together. */
function means(
  world: Full,
  time: Time,
): { readonly warmups: number[]; readonly measured: Record<Measure, number> } {
  const runs = seedsOf(time.duration).map((seed) => run(world, time, seed));
  const measured = Object.entries(MEASURES).map(([name, of]) => [name, mean(runs.map(of))]);
  return { warmups: runs.map((one) => one.time.warmup), measured: Object.fromEntries(measured) };
}

/** The rule leaves half a percent of what pools hold; of outputs, those of a minute are as far off by chance. */
const WITHIN: Readonly<Record<Measure, number>> = { kvUsed: 0.005, sequences: 0.005, throughput: 0.01 };

test.each([
  ["callers that come at once", CLOSED, { "1m": 6, "5m": 4, "20m": 4 }],
  ["a bounded queue at 1.6 times what is served", bounded("30/s"), { "1m": 10, "5m": 4, "20m": 4 }],
  ["a bounded queue at three times what is served", bounded("60/s"), { "1m": 2, "5m": 2, "20m": 2 }],
])("%s: few seconds are cut, and what is left agrees with a long run", (_, world, most) => {
  const long = means(world, { duration: "50m", warmup: "10m" }).measured;
  const off = (time: Time) => {
    const { warmups, measured } = means(world, time);
    const isOff = (name: Measure) => Math.abs(measured[name] / long[name] - 1) > WITHIN[name];
    return { warmups, off: (Object.keys(MEASURES) as Measure[]).filter(isOff) };
  };
  for (const [duration, seconds] of Object.entries(most)) {
    const { warmups, off: wrong } = off({ duration, warmup: "auto" });
    expect(Math.max(...warmups), duration).toBeLessThanOrEqual(seconds);
    expect(wrong, duration).toEqual([]);
  }
  // Else there was nothing to cut.
  expect(off({ duration: "1m", warmup: "0s" }).off).toContain("kvUsed");
});
