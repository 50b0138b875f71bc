// Nominal 95 % intervals around the truth of solved models: far fewer experiments than test/bench/coverage.ts runs, so
// that only an interval that is clearly wrong fails. docs/statistics.md has what a thousand of them gave.
import { describe, expect, test } from "vitest";
import { type Coverage, coverage, MODELS, NOMINAL, type SolvableModel } from "../support/coverage.js";
import { gear, NIGHTLY } from "../support/mode.js";

const SEED = "coverage test";
const COUNT = gear(20, 100);
/** Four standard errors of a share of NOMINAL, and 3 % by which short runs may really be off. */
const TOLERANCE = 4 * Math.sqrt((NOMINAL * (1 - NOMINAL)) / COUNT) + 0.03;

function expectHonest({ experiments, covered }: Coverage, model: SolvableModel): void {
  const share = covered / experiments;
  expect(experiments, "every experiment gives an interval").toBe(COUNT);
  expect(share, `${model.name}: too narrow; seed "${SEED}"`).toBeGreaterThanOrEqual(NOMINAL - TOLERANCE);
}

describe("intervals cover the truth", () => {
  const models = [
    ["shed", 500],
    ["speed", 500],
    ["ttft", 2000],
  ] as const;

  test.each(models.filter(([name]) => NIGHTLY || name !== "ttft"))(
    "over 5 replications: %s",
    (name, requests) => {
      const found = coverage(MODELS[name], { count: COUNT, replications: 5, requests, seed: SEED });
      expectHonest(found, MODELS[name]);
      // Wide enough for anything would be no interval.
      expect(found.precision).toBeLessThan(0.4);
    },
  );

  test.each(["shed", "speed"] as const)("from batches of one run: %s", (name) => {
    const found = coverage(MODELS[name], { count: COUNT, replications: 1, requests: 5000, seed: SEED });
    expectHonest(found, MODELS[name]);
    expect(found.precision).toBeLessThan(0.2);
  });

  test("a wrong truth is not covered", () => {
    const wrong = { ...MODELS.shed, truth: MODELS.shed.truth * 1.5 };
    const { covered, below } = coverage(wrong, { count: 20, replications: 5, requests: 500, seed: SEED });
    expect(covered).toBeLessThan(10);
    expect(below).toBeGreaterThan(10);
  });
});

describe("the truths of the models", () => {
  // Computed apart from this project: Erlang B and C by their sums, the chain of arrivals by drawing from it.
  test("are the golden values", () => {
    expect(MODELS.shed.truth).toBeCloseTo(0.1216610643, 10);
    expect(MODELS.ttft.truth).toBeCloseTo(Math.log(30) / 0.7, 10);
    expect(MODELS.rare.truth).toBeCloseTo(0.0008103880859, 12);
    expect(MODELS.busy.truth).toBeCloseTo(1.03296, 5);
    expect(MODELS.speed.truth).toBeCloseTo(6.01, 3);
  });
});
