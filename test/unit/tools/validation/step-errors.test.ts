import { describe, expect, it } from "vitest";
import type { MeasuredFile } from "../../../../src/core/server/profile/file/measured-keys.js";
import type { StepPoint } from "../../../../src/core/tools/calibration/step-point.js";
import { stepErrors } from "../../../../src/core/tools/validation/step-errors.js";

const PROFILE: MeasuredFile = {
  schemaVersion: 1,
  name: "tiny",
  source: "test",
  estimate: false,
  kind: "measured",
  gpu: {
    weights: { constant: 4, perRow: 0 },
    compute: { constant: 0, perRow: 0.1 },
    perContextToken: 0.001,
    perArea: 0,
    perPriorToken: 0,
    boost: { share: 0.5, memoryMs: 10, drag: 0.2 },
  },
  host: { step: 0.5, prefill: 1, perSequence: 0.25 },
  rows: { decode: [8], mixed: [64] },
};

function point(parts: Partial<StepPoint>): StepPoint {
  return {
    decoding: 0,
    context: 0,
    prefillTokens: 0,
    priorContext: 0,
    area: 0,
    rows: 0,
    gpu: 1,
    host: undefined,
    start: undefined,
    ...parts,
  };
}

function errors(points: readonly StepPoint[]) {
  return stepErrors(PROFILE, { file: "s.csv", points, notes: ["a note"], saysRows: true });
}

describe("stepErrors", () => {
  it("predicts the time on the GPU, without the host, at the padded rows", () => {
    const decode = point({ decoding: 2, context: 1000, rows: 8, gpu: 10 });
    const prefill = point({ prefillTokens: 50, rows: 64, gpu: 6.4 });
    const { gpu, notes } = errors([decode, prefill]);
    expect(gpu.byRegime["decode 1-8"]?.bias).toBeCloseTo(5 / 10 - 1, 9);
    expect(gpu.byRegime["prefill to 512"]?.bias).toBeCloseTo(0, 9);
    expect(notes).toEqual(["a note"]);
  });

  it("pads nothing where the log did not", () => {
    expect(errors([point({ prefillTokens: 50, rows: 50, gpu: 5 })]).gpu.all.bias).toBeCloseTo(0, 9);
  });

  it("lets the clock of the GPU rest between steps that say when they began", () => {
    const prefill = { prefillTokens: 64, rows: 64, gpu: 3.2 };
    const rested = errors([point({ ...prefill, start: 0 }), point({ ...prefill, start: 60 })]);
    expect(rested.gpu.all.max).toBeLessThan(1e-3);
    const loop = Array.from({ length: 200 }, (_, step) =>
      point({ ...prefill, gpu: 6.4, start: step * 0.0064 }),
    );
    const driven = errors(loop);
    expect(errors([...loop].reverse()).gpu.all.bias).toBeCloseTo(driven.gpu.all.bias, 12);
    expect(driven.gpu.all.bias).toBeGreaterThan(-0.06);
    expect(driven.gpu.all.bias).toBeLessThan(0);
  });

  it("has what memory bounds longer after such steps, and less so the later", () => {
    const loop = Array.from({ length: 50 }, (_, step) =>
      point({ prefillTokens: 64, rows: 64, gpu: 6.4, start: step * 0.0064 }),
    );
    const decode = (start: number) => point({ decoding: 1, context: 1, rows: 8, gpu: 4.001, start });
    const bias = (start: number) => errors([...loop, decode(start)]).gpu.byRegime["decode 1-8"]!.bias;
    expect(bias(0.33)).toBeGreaterThan(0.04);
    expect(bias(0.34)).toBeLessThan(bias(0.33));
    expect(bias(60)).toBeCloseTo(0, 4);
  });

  it("tells the host's part of steps with and without prefill", () => {
    const { host } = errors([
      point({ decoding: 2, context: 2, rows: 8, host: 2 }),
      point({ decoding: 2, context: 2, prefillTokens: 4, rows: 64, host: 2 }),
    ]);
    expect(host?.decode).toEqual({ recorded: 2, simulated: 1, error: -0.5 });
    expect(host?.prefill).toEqual({ recorded: 2, simulated: 2, error: 0 });
    expect(errors([point({ decoding: 1, context: 1, rows: 8 })]).host).toBeNull();
  });
});
