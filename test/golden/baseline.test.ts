// Every shipped scenario against its committed result, byte for byte - and beside each golden file the laws that would
// notice if the file itself were wrong.
import { beforeAll, describe, expect, test } from "vitest";
import { OUTCOMES, REASONS } from "../../src/core/base/outcome.js";
import type { Scenario, TierResult } from "../../src/core/index.js";
import {
  committedNames,
  compareWithBaseline,
  type GoldenRun,
  type GoldenSummary,
  isLong,
  readBaseline,
  runShipped,
  shippedScenarios,
  withoutWork,
  writeBaseline,
} from "../support/golden.js";
import { NIGHTLY } from "../support/mode.js";

/** Events, and steps of replicas, of a run that takes too long step by step for the day. */
const MANY = 250_000;

const isUpdating = process.env["UPDATE_BASELINE"] === "1";
const shipped = shippedScenarios();
/** Where a gate runs only a part it is long: by day the gate runs that on eight seeds, and here it waits for the night. */
const names = shipped.filter((name) => NIGHTLY || isUpdating || !isLong(name));

test("there are scenarios to compare", () => {
  expect(names).toContain("quickstart");
});

/** The gate says so of a folder; by day it is given files. */
test("no committed result is of a scenario that is no more", () => {
  expect(committedNames().filter((name) => !shipped.includes(name))).toEqual([]);
});

describe.each(names)("%s", (name) => {
  let run: GoldenRun;
  let golden: GoldenSummary;
  let rows: readonly TierResult[];

  beforeAll(() => {
    run = runShipped(name);
    if (isUpdating) writeBaseline(name, run.summary);
    golden = JSON.parse(readBaseline(name) || run.summary) as GoldenSummary;
    rows = [...golden.tiers, golden.all];
  });

  test("gives the committed result, byte for byte", () => {
    expect(compareWithBaseline(name, run.summary, readBaseline(name))).toBeUndefined();
  });

  test("gives it step by step, too, but for the work that it took (LAW-5)", ({ skip }) => {
    skip(isLong(name), "too long to be run step by step");
    const { events, steps } = run.result.work;
    skip(!NIGHTLY && events + steps > MANY, "run step by step at night");
    expect(withoutWork(runShipped(name, { stepByStep: true }).summary)).toBe(withoutWork(run.summary));
  });

  test("a golden file with one digit changed would be noticed", () => {
    const digit = run.summary.lastIndexOf("1");
    const corrupted = `${run.summary.slice(0, digit)}2${run.summary.slice(digit + 1)}`;
    expect(compareWithBaseline(name, run.summary, corrupted)).toMatch(
      /line \d+:\n {2}it was .*\n {2}now it is /,
    );
  });

  test("meets its thresholds, or leaves them undecided", () => {
    const broken = run.result.thresholds.filter(({ verdict }) => verdict === "fail" || verdict === "no-data");
    expect(broken).toEqual([]);
  });

  test("every attempt is in one column, every refusal has a reason, every request is somewhere", () => {
    expect(rows.filter((row) => !isConserved(row))).toEqual([]);
  });

  test("the tiers add up to all", () => {
    const { all, tiers } = golden;
    const sums = COUNTS.map(([what, read]) => [what, tiers.reduce((sum, tier) => sum + read(tier), 0)]);
    expect(sums).toEqual(COUNTS.map(([what, read]) => [what, read(all)]));
  });

  test("rates are shares of the counts beside them", () => {
    const expected = rows.map(({ attempts, outcomes, requests }) => ({
      overloadedRate: ratio(outcomes.overloaded, attempts),
      rateLimitedRate: ratio(outcomes.rate_limited, attempts),
      unavailableRate: ratio(outcomes.unavailable, attempts),
      amplification: ratio(requests.attempts, requests.offered),
      failureRate: ratio(requests.failed, requests.failed + requests.completed),
    }));
    expect(rows).toMatchObject(expected);
  });

  test("costs are tokens times price", () => {
    const costs = golden.tiers.map((tier) => [tier.tier, tier.cost?.total ?? 0]);
    const priced = golden.tiers.map((tier) => [tier.tier, expect.closeTo(costOf(tier, run.scenario), 9)]);
    expect(costs).toEqual(priced);
    const total = golden.tiers.reduce((sum, tier) => sum + (tier.cost?.total ?? 0), 0);
    expect(golden.all.cost?.total ?? 0).toBeCloseTo(total, 9);
  });

  test("distributions are in order, and count the completed", () => {
    const wrong = rows.filter(
      ({ ttft, latency, queueWait, tokensPerSecond, outcomes }) =>
        ![ttft, latency, queueWait, tokensPerSecond].every(isOrdered) ||
        ttft.count < outcomes.completed ||
        latency.count !== outcomes.completed ||
        tokensPerSecond.count > outcomes.completed,
    );
    expect(wrong).toEqual([]);
  });

  test("pools are never fuller than full", () => {
    const wrong = golden.pools.filter(
      ({ slotsBusyMean, slots, kvUsedMean, kvTokens }) =>
        (slotsBusyMean ?? 0) > slots || (kvUsedMean ?? 0) > (kvTokens ?? Number.POSITIVE_INFINITY),
    );
    expect(wrong).toEqual([]);
  });

  test("of the paths of a pool, the lower the rank the more is shed", () => {
    const { paths } = run.scenario;
    const misordered = golden.tiers.flatMap((higher) =>
      golden.tiers.filter((lower) => {
        const [one, other] = [paths[higher.tier], paths[lower.tier]];
        if (one === undefined || other === undefined || one.pool !== other.pool) return false;
        return one.rank < other.rank && (higher.overloadedRate ?? 0) > (lower.overloadedRate ?? 1);
      }),
    );
    expect(misordered).toEqual([]);
  });
});

type Count = readonly [what: string, read: (tier: TierResult) => number];

const COUNTS: readonly Count[] = [
  ["attempts", (tier) => tier.attempts],
  ...OUTCOMES.map((name): Count => [name, (tier) => tier.outcomes[name]]),
  ["offered", (tier) => tier.requests.offered],
  ["completed requests", (tier) => tier.requests.completed],
  ["failed requests", (tier) => tier.requests.failed],
  ["input tokens", (tier) => tier.inputTokens],
  ["cached tokens", (tier) => tier.cachedTokens],
  ["output tokens", (tier) => tier.outputTokens],
  ["first tokens", (tier) => tier.ttft.count],
];

function isConserved({ attempts, outcomes, reasons, requests }: TierResult): boolean {
  const ended = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  const isExplained = OUTCOMES.every((name, outcome) => {
    if (name === "completed" || name === "in_flight") return true;
    const own = REASONS.filter((reason) => reason.outcome === outcome);
    return own.reduce((sum, reason) => sum + (reasons[reason.name] ?? 0), 0) === outcomes[name];
  });
  const { offered, completed, failed, open } = requests;
  return ended === attempts && isExplained && offered === completed + failed + open && open >= 0;
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

function costOf({ tier, inputTokens, cachedTokens, outputTokens }: TierResult, { paths }: Scenario): number {
  const price = paths[tier]?.price;
  if (price === undefined) return 0;
  const uncached = inputTokens - cachedTokens;
  return (uncached * price.input + cachedTokens * price.cached + outputTokens * price.output) / 1e6;
}

function isOrdered({
  count,
  min,
  p1,
  p5,
  p25,
  p50,
  p75,
  p90,
  p95,
  p99,
  max,
  mean,
}: TierResult["ttft"]): boolean {
  if (count === 0) return mean === null && max === null;
  const values = [min, p1, p5, p25, p50, p75, p90, p95, p99, max].map((value) => value ?? Number.NaN);
  const isRising = values.every((value, index) => index === 0 || value >= values[index - 1]!);
  return isRising && mean !== null && mean >= values[0]! && mean <= values.at(-1)!;
}
