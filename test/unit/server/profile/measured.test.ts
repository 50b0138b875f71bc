import { describe, expect, it } from "vitest";
import { buildProfile } from "../../../../src/core/server/profile/build.js";
import type { GpuTimes, MeasuredFile } from "../../../../src/core/server/profile/file/measured-keys.js";
import { measuredPass, productsAt, shareTouched } from "../../../../src/core/server/profile/measured.js";
import { MEASURED } from "./files.js";

const withGpu = (gpu: Partial<GpuTimes>): MeasuredFile => ({ ...MEASURED, gpu: { ...MEASURED.gpu, ...gpu } });

describe("a measured profile", () => {
  const profile = buildProfile(MEASURED);

  it("takes the larger of two lines of the padded rows, and the host's time", () => {
    // 3 rows are padded to 4: max(4 + 0.01 x 4, 1 + 0.05 x 4) = 4.04; the host takes 0.1 + 3 x 0.002.
    expect(profile.base(3, 0)).toBeCloseTo(4040 + 106, 9);
    // 3 + 90 rows are padded to 128: max(5.28, 7.4); the host takes 0.1 + 3 x 0.002 + 0.3.
    expect(profile.base(3, 90)).toBeCloseTo(7400 + 406, 9);
  });

  it("reads context at one price, and prefill's by pairs or by prior tokens, whichever is more", () => {
    expect(profile.slope(5)).toBeCloseTo(0.05, 12);
    expect(profile.prefill(1e6, 100)).toBeCloseTo(1000, 9);
    expect(profile.prefill(1e6, 4000)).toBeCloseTo(2000, 9);
  });

  it("has no clock, and one row a sequence, unless the file says so", () => {
    expect([profile.clock, profile.tokensPerSequence]).toEqual([undefined, 1]);
  });
});

it("the corner between the lines is rounded by a parabola that touches both", () => {
  const lines = { constant: 10, perRow: 0 };
  const gpu = { ...MEASURED.gpu, weights: lines, compute: { constant: 0, perRow: 1 }, knee: 4 };
  // At the crossing, a quarter of the knee is added; at a distance of the knee, nothing.
  expect([5, 6, 8, 10, 12, 14, 15].map((rows) => productsAt(gpu, rows, false))).toEqual([
    10,
    10,
    10 + 4 / 16,
    10 + 1,
    12 + 4 / 16,
    14,
    15,
  ]);
});

it("a curve takes the place of the lines at the rows that it spans, and only in its kind of step", () => {
  const curves = { mixed: { rows: [64, 128, 192], ms: [9, 8, 12] } };
  const gpu = { ...MEASURED.gpu, curves };
  expect([64, 96, 128, 160, 192].map((rows) => productsAt(gpu, rows, true))).toEqual([9, 8.5, 8, 10, 12]);
  expect(productsAt(gpu, 256, true)).toBeCloseTo(1 + 0.05 * 256, 12);
  expect(productsAt(gpu, 32, true)).toBeCloseTo(4.32, 12);
  expect(productsAt(gpu, 128, false)).toBeCloseTo(7.4, 12);
});

it("experts are charged by the share that the tokens of a step touch, padding aside", () => {
  expect([1, 2].map((tokens) => shareTouched(2, 8, tokens))).toEqual([0.25, 0.4375]);
  const pass = measuredPass(withGpu({ experts: { all: 16, count: 8, active: 2 } }));
  expect(pass.base(2, 1, 0)).toBeCloseTo(4 + 0.02 + 16 * 0.4375, 12);
  expect(pass.base(3, 1, 0)).toBeCloseTo(4 + 0.04 + 16 * (1 - 0.75 ** 3), 12);
});

it("each decoding sequence may have a price of its own, which does not show beside a chunk", () => {
  const [priced, plain] = [measuredPass(withGpu({ perSequence: 0.5 })), measuredPass(withGpu({}))];
  expect(priced.base(4, 1, 0)).toBeCloseTo(4.04 + 2, 12);
  expect(priced.base(4, 1, 64)).toBe(plain.base(4, 1, 64));
});

it("a step that both decodes and prefills may have a price, and neither alone has it", () => {
  const [priced, plain] = [measuredPass(withGpu({ perMixedStep: 0.5 })), measuredPass(withGpu({}))];
  expect(priced.base(4, 1, 64)).toBeCloseTo(plain.base(4, 1, 64) + 0.5, 12);
  expect([priced.base(4, 1, 0), priced.base(0, 1, 64)]).toEqual([plain.base(4, 1, 0), plain.base(0, 1, 64)]);
});

describe("the clock of the GPU", () => {
  const { clock } = buildProfile(withGpu({ boost: { share: 0.1, memoryMs: 30 } }));

  it("saves a share of the products of a compute-bound step with prefill, at rest", () => {
    expect(clock?.boost(3, 90)).toBeCloseTo(740, 9);
    expect(clock?.drag(3, 90)).toBe(0);
  });

  it("costs a step with prefill that weights bound as much of them, where it is down", () => {
    // The lines cross at 75 rows, and 3 + 40 are padded to 64.
    expect(clock?.boost(3, 40)).toBe(0);
    expect(clock?.drag(3, 40)).toBeCloseTo(0.1 * 4640, 9);
    expect([clock?.boost(300, 0), clock?.drag(300, 0)]).toEqual([0, 0]);
  });

  it("comes and goes in one time unless the file has two, and spares decoding unless it says so", () => {
    expect(clock).toMatchObject({ memory: 30_000, rest: 30_000, decodeDrag: 0 });
    const boost = { share: 0.1, memoryMs: 30, restMs: 20, drag: 0.04 };
    expect(buildProfile(withGpu({ boost })).clock).toMatchObject({
      memory: 30_000,
      rest: 20_000,
      decodeDrag: 0.04,
    });
  });
});
