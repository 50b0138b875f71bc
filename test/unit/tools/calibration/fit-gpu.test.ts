import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openStream } from "../../../../src/core/random/stream.js";
import { buildProfile } from "../../../../src/core/server/profile/build.js";
import type { GpuTimes, MeasuredFile } from "../../../../src/core/server/profile/file/measured-keys.js";
import { shareTouched } from "../../../../src/core/server/profile/measured.js";
import { fitGpu } from "../../../../src/core/tools/calibration/fit-gpu.js";
import {
  fromGpuTimes,
  gpuMillis,
  measured,
  toGpuTimes,
} from "../../../../src/core/tools/calibration/gpu-model.js";
import type { StepPoint } from "../../../../src/core/tools/calibration/step-point.js";
import { gear } from "../../../support/mode.js";
import { bench, KNOWN } from "./steps.js";

const solved = (points: readonly StepPoint[]) => fitGpu([points], undefined);
const worst = (at: readonly number[], points: readonly StepPoint[]) =>
  Math.max(...points.map((point) => Math.abs(gpuMillis(at, measured(point, undefined)) / point.gpu - 1)));

describe("the fitted form", () => {
  it("is the one that a profile computes", () => {
    const gpu: GpuTimes = { ...KNOWN, experts: { all: 20, count: 128, active: 8 } };
    const file: MeasuredFile = {
      schemaVersion: 1,
      name: "x",
      source: "",
      estimate: false,
      kind: "measured",
      gpu,
    };
    const profile = buildProfile(file);
    for (const { decoding, context, prefillTokens, area, priorContext, ...point } of bench()) {
      const micros =
        profile.base(decoding, prefillTokens) +
        profile.slope(decoding) * context +
        profile.prefill(area, priorContext);
      const whole = { ...point, decoding, context, prefillTokens, area, priorContext };
      expect(gpuMillis(fromGpuTimes(gpu), measured(whole, gpu.experts)) * 1000).toBeCloseTo(micros, 6);
    }
  });

  it("goes to a profile and back", () => {
    expect(toGpuTimes(fromGpuTimes(KNOWN), undefined)).toEqual(KNOWN);
  });
});

describe("the fit", () => {
  const close = (found: number | undefined, wanted: number | undefined, share: number) =>
    expect(Math.abs(found! / wanted! - 1)).toBeLessThan(share);

  it("finds the coefficients that made the steps", () => {
    const found = toGpuTimes(solved(bench()), undefined);
    close(found.weights.constant, KNOWN.weights.constant, 0.005);
    close(found.compute.perRow, KNOWN.compute.perRow, 0.005);
    close(found.perContextToken, KNOWN.perContextToken, 0.005);
    close(found.perArea, KNOWN.perArea, 0.01);
    close(found.perPriorToken, KNOWN.perPriorToken, 0.01);
    expect(worst(fromGpuTimes(found), bench())).toBeLessThan(0.005);
  });

  it("finds them within a few percent through one percent of noise", () => {
    fc.assert(
      fc.property(fc.string(), (seed) => {
        const chance = openStream(seed, "noise");
        const found = toGpuTimes(solved(bench(0.01, () => chance.uniform())), undefined);
        close(found.weights.constant, KNOWN.weights.constant, 0.02);
        close(found.compute.perRow, KNOWN.compute.perRow, 0.03);
        close(found.perContextToken, KNOWN.perContextToken, 0.03);
        close(found.perPriorToken, KNOWN.perPriorToken, 0.05);
        expect(worst(fromGpuTimes(found), bench())).toBeLessThan(0.05);
      }),
      { numRuns: gear(2, 15) },
    );
  });

  it("does not depend on the order of the steps", () => {
    const points = bench(0.02, (index) => (index * 0.37) % 1);
    const shuffled = points.map((_, index) => points[(index * 37) % points.length]!);
    expect(new Set(shuffled).size).toBe(points.length);
    expect(solved(shuffled)).toEqual(solved(points));
  });

  it("doubles with the times", () => {
    const points = bench(0.02, (index) => (index * 0.61) % 1);
    const twice = points.map((point) => ({ ...point, gpu: 2 * point.gpu }));
    const once = solved(points);
    const pairs = solved(twice).map((value, place) => [value, 2 * once[place]!] as const);
    for (const [found, wanted] of pairs) expect(found).toBeCloseTo(wanted, 9);
  });

  it("is not bent by a few steps that hung", () => {
    const points = bench().map((point, index) =>
      index % 20 === 3 ? { ...point, gpu: 5 * point.gpu } : point,
    );
    expect(worst(solved(points), bench())).toBeLessThan(0.02);
  });

  it("finds how many experts a batch reads", () => {
    const experts = { count: 128, active: 8 };
    const points = bench().map((point) => {
      const touched = shareTouched(8, 128, point.decoding + point.prefillTokens);
      return { ...point, gpu: point.gpu + 22 * touched };
    });
    const found = toGpuTimes(fitGpu([points], experts), experts);
    close(found.experts?.all, 22, 0.03);
  });
});
