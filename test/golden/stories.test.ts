// The scenarios that tell a story, and beside each the law that makes the story true: a storm is a state that the
// same demand need not end in, retries come back as their clients' delays say, and what is reserved for Priority is
// not shed.
import { expect, test } from "vitest";
import type { RunResult, TierResult } from "../../src/core/index.js";
import { runShipped } from "../support/golden.js";
import { gear } from "../support/mode.js";

const SEEDS = gear(["1", "1/1", "1/2"], ["1", "1/1", "1/2", "1/3", "1/4", "1/5"]);

const run = (name: string, seed?: string): RunResult =>
  runShipped(name, seed === undefined || seed === "1" ? {} : { seed }).result;

const tier = (result: RunResult, name: string): TierResult => result.tiers.find((row) => row.tier === name)!;
const offered = ({ tiers }: RunResult) => tiers.map(({ requests }) => requests.offered);

test("a retry storm outlives its trigger, and the same demand does not storm where no request waits in vain", () => {
  const storms = SEEDS.map((seed) => run("retry-storm", seed));
  const cures = SEEDS.map((seed) => run("retry-storm-cured", seed));
  const stuck = storms.filter(({ recovery }) => recovery!.verdict === "stuck");
  expect(stuck.length).toBeGreaterThanOrEqual((2 / 3) * SEEDS.length);
  expect(cures.map(({ recovery }) => recovery!.verdict)).toEqual(SEEDS.map(() => "recovered"));
  // LAW-13: the callers want the same of both.
  expect(cures.map(offered)).toEqual(storms.map(offered));
  for (const storm of stuck) {
    const { slotsBusyMean, slots } = storm.pools[0]!;
    // The fleet is busy, and not for its callers: most of what it generates has been given up.
    expect(slotsBusyMean! / slots).toBeGreaterThan(0.85);
    expect(storm.all.wastedDecodeTokens).toBeGreaterThan(storm.all.outputTokens);
    // Attempts per request are bounded by the clients: 1 + a tenth, 4, 11 and 3 x 3.
    for (const [name, most] of [
      ["budgeted", 1.2],
      ["naive", 4],
      ["coding", 11],
      ["nested", 9],
    ] as const) {
      expect(tier(storm, name).amplification).toBeLessThanOrEqual(most);
    }
  }
});

test("without the push there is no storm: the good state is a state of its own", () => {
  const calm = runShipped("retry-storm", { overrides: ["traffic.batch=", "trigger=", "thresholds="] }).result;
  expect(calm.all.failureRate).toBeLessThan(0.001);
  expect(calm.all.wastedDecodeTokens).toBe(0);
});

/** Attempts of a tier in the bin `after` seconds after the start of a burst, over those in the burst's own bin. */
function wave(result: RunResult, name: string, after: number): number {
  const { interval, tiers } = result.series;
  const { attempts } = tiers.find((row) => row.tier === name)!;
  const bin = (burst: number, seconds: number) => attempts[Math.floor((burst + seconds) / interval)]!;
  const bursts = [60, 120, 180, 240];
  const sum = (seconds: number) => bursts.reduce((total, burst) => total + bin(burst, seconds), 0);
  return sum(after) / sum(0);
}

test("who is refused together comes back together, as sharp as the client's jitter is narrow", () => {
  const plain = run("synchronised-retries");
  // The wave of the burst's tenth of a second is in one bin 2 s later, and 4 s after that.
  expect(wave(plain, "vercel", 2)).toBeGreaterThan(0.7);
  expect(wave(plain, "vercel", 6)).toBeGreaterThan(0.5);
  for (const between of [1, 1.5, 2.5, 4, 5, 6.5]) expect(wave(plain, "vercel", between)).toBeLessThan(0.03);
  // A quarter of half a second: two bins instead of one, and over after a second and a half.
  expect(wave(plain, "openai", 0.25) + wave(plain, "openai", 0.5)).toBeGreaterThan(0.7);
  expect(wave(plain, "openai", 2)).toBeLessThan(0.03);
});

test("a jittered retry-after takes the waves apart, and one without jitter only moves them", () => {
  const spread = run("synchronised-retries-jittered");
  const moved = runShipped("synchronised-retries", { overrides: ["retryAfter={overloaded: 15s}"] }).result;
  for (const name of ["vercel", "openai"]) {
    const after = Array.from({ length: 230 }, (_, index) => 0.25 * (index + 1));
    expect(Math.max(...after.map((seconds) => wave(spread, name, seconds)))).toBeLessThan(0.05);
    expect(wave(moved, name, 15)).toBeGreaterThan(0.7);
    expect(tier(spread, name).giveUpRate).toBe(0);
    expect(tier(moved, name).giveUpRate).toBeGreaterThan(0.1);
  }
});

test("agents at work: everything is somewhere, and each path is what it says", () => {
  const result = run("agents-at-work");
  const [standard, priority, fast, small] = ["standard", "priority", "fast", "small"].map((name) =>
    tier(result, name),
  );
  expect(standard!.overloadedRate).toBeGreaterThan(0);
  expect(priority!.overloadedRate).toBe(0);
  expect(fast!.tokensPerSecond.p50!).toBeGreaterThan(2 * standard!.tokensPerSecond.p50!);
  expect(small!.requests.offered).toBeGreaterThan(0);
  // Limits are per account and model: Standard and Priority share them, Fast has its own.
  expect(standard!.outcomes.rate_limited).toBeGreaterThan(0);
  expect(fast!.outcomes.rate_limited).toBe(0);
  const [sessions] = result.sessions;
  expect(sessions!.finished + sessions!.abandoned + sessions!.open).toBe(sessions!.started);
  expect(sessions!.abandonRate!).toBeGreaterThan(0);
});
