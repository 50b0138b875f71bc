import { describe, expect, it } from "vitest";
import { instant } from "../../../../src/core/base/units.js";
import { isComputeBound, productsAt } from "../../../../src/core/server/profile/measured.js";
import { BoostClock } from "../../../../src/core/server/replica/batching/boost-clock.js";
import { fitRuns, predictAll } from "../../../../src/core/tools/calibration/fit-run.js";
import type { StepPoint } from "../../../../src/core/tools/calibration/step-point.js";
import { KNOWN, step } from "./steps.js";

/** A run of an engine: chunks of some sizes, now and then several in a row, between steps that only decode. */
function run(share: number, slow: Readonly<Record<number, number>> = {}): StepPoint[] {
  const clock = new BoostClock(30_000);
  const points: StepPoint[] = [];
  let now = 0;
  for (let index = 0; index < 900; index++) {
    const prefillTokens = index % 7 < (index % 5) - 1 ? 508 + 128 * (index % 3) : 0;
    const plain = step({
      decoding: 4 + (index % 3 === 0 ? 4 : 0),
      prefillTokens,
      rows: prefillTokens > 0 ? prefillTokens + 8 : 8,
    });
    const products = productsAt(KNOWN, plain.rows, prefillTokens > 0);
    const hot = prefillTokens > 0 && isComputeBound(KNOWN, plain.rows);
    const start = instant(Math.round(now));
    const saved = hot ? share * clock.shareAt(start) : 0;
    const ratio = slow[plain.rows] ?? 1;
    const gpu = plain.gpu + products * (ratio * (1 - saved) - 1);
    now += gpu * 1000;
    if (hot) clock.spend(start, instant(Math.round(now)));
    points.push({ ...plain, start: start / 1e6, gpu });
  }
  return points;
}

describe("a recorded run", () => {
  it("shows how much quicker the GPU is after a pause, and for how long", () => {
    const { boost } = fitRuns(KNOWN, [run(0.1)]);
    expect(boost?.share).toBeCloseTo(0.1, 2);
    expect(boost?.memoryMs).toBe(30);
  });

  it("shows none where there is none", () => {
    expect(fitRuns(KNOWN, [run(0)]).boost).toBeUndefined();
  });

  it("shows the size that a bad kernel serves", () => {
    const { curves } = fitRuns(KNOWN, [run(0.1, { 644: 1.3 })]);
    const slowed = productsAt({ ...KNOWN, ...(curves && { curves }) }, 644, true);
    expect(slowed / productsAt(KNOWN, 644, true)).toBeCloseTo(1.3, 1);
  });

  it("is then predicted step by step", () => {
    const points = run(0.1, { 644: 1.3 });
    const predicted = predictAll(fitRuns(KNOWN, [points]), points);
    const apart = points.map((point, index) => Math.abs(predicted[index]! / point.gpu - 1));
    expect(Math.max(...apart)).toBeLessThan(0.02);
  });

  it("leaves a profile as it is where there is none", () => {
    expect(fitRuns(KNOWN, [])).toEqual(KNOWN);
  });
});
