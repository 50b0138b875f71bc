import { describe, expect, it } from "vitest";
import { instant } from "../../../../src/core/base/units.js";
import { isComputeBound, productsAt } from "../../../../src/core/server/profile/measured.js";
import { BoostClock } from "../../../../src/core/server/replica/batching/boost-clock.js";
import { fitRuns, predictAll } from "../../../../src/core/tools/calibration/fit-run.js";
import type { StepPoint } from "../../../../src/core/tools/calibration/step-point.js";
import { KNOWN, step } from "./steps.js";

const LAW = { share: 0.1, memoryMs: 30, restMs: 45, drag: 0.05 };

/** A run of an engine: chunks of some sizes, now and then several in a row, between steps that only decode. */
function run(
  { share, drag }: { share: number; drag: number },
  slow: Readonly<Record<number, number>> = {},
  gpu = KNOWN,
): StepPoint[] {
  const clock = new BoostClock(LAW.memoryMs * 1000, LAW.restMs * 1000);
  const points: StepPoint[] = [];
  let now = 0;
  for (let index = 0; index < 1500; index++) {
    const prefillTokens = index % 7 < (index % 5) - 1 ? (index % 11 === 0 ? 56 : 508 + 128 * (index % 3)) : 0;
    const decoding = 4 + (index % 3 === 0 ? 4 : 0);
    const plain = step(
      { decoding, context: decoding * (500 + ((index * 37) % 4000)), prefillTokens, rows: prefillTokens + 8 },
      1,
      gpu,
    );
    const products = productsAt(gpu, plain.rows, prefillTokens > 0);
    const hot = prefillTokens > 0 && isComputeBound(gpu, plain.rows);
    const start = instant(Math.round(now));
    const low = clock.lowAt(start);
    const factor = prefillTokens === 0 ? 1 : hot ? 1 - share * (1 - low) : 1 + share * low;
    const ratio = slow[plain.rows] ?? 1;
    let time = plain.gpu + products * (ratio * factor - 1);
    if (prefillTokens === 0)
      time *= 1 + drag * clock.meanLow(start, instant(start + Math.round(time * 1000)));
    now += time * 1000;
    if (hot) clock.spend(start, instant(Math.round(now)));
    points.push({ ...plain, start: start / 1e6, gpu: time });
  }
  return points;
}

describe("a recorded run", () => {
  it("shows how the clock of the GPU answers to its work, and for how long", () => {
    const { boost } = fitRuns(KNOWN, [run(LAW)]);
    expect(boost?.share).toBeCloseTo(LAW.share, 2);
    expect(boost?.drag).toBeCloseTo(LAW.drag, 2);
    expect(boost!.memoryMs / LAW.memoryMs).toBeCloseTo(1, 1);
    expect(boost!.restMs! / LAW.restMs).toBeCloseTo(1, 1);
  });

  it("shows what a token of context costs in it", () => {
    const dear = { ...KNOWN, perContextToken: 1.05 * KNOWN.perContextToken };
    const { perContextToken } = fitRuns(KNOWN, [run(LAW, {}, dear)]);
    expect(perContextToken / dear.perContextToken).toBeCloseTo(1, 2);
  });

  it("shows what attention of a step that both decodes and prefills takes more", () => {
    const both = run(LAW).map((point) => (point.rows === 64 ? { ...point, gpu: point.gpu + 0.3 } : point));
    expect(fitRuns(KNOWN, [both]).perMixedStep).toBeCloseTo(0.3, 1);
    expect(fitRuns(KNOWN, [run({ share: 0, drag: 0 })]).perMixedStep ?? 0).toBeLessThan(0.01);
  });

  it("shows none where there is none", () => {
    expect(fitRuns(KNOWN, [run({ share: 0, drag: 0 })]).boost).toBeUndefined();
  });

  it("shows the size that a bad kernel serves", () => {
    const { curves } = fitRuns(KNOWN, [run(LAW, { 644: 1.3 })]);
    const slowed = productsAt({ ...KNOWN, ...(curves && { curves }) }, 644, true);
    expect(slowed / productsAt(KNOWN, 644, true)).toBeCloseTo(1.3, 1);
  });

  it("is then predicted step by step", () => {
    const points = run(LAW, { 644: 1.3 });
    const predicted = predictAll(fitRuns(KNOWN, [points]), points);
    const apart = points.map((point, index) => Math.abs(predicted[index]! / point.gpu - 1));
    expect(Math.max(...apart)).toBeLessThan(0.02);
  });

  it("leaves a profile as it is where there is none", () => {
    expect(fitRuns(KNOWN, [])).toEqual(KNOWN);
  });
});
