import { readFileSync } from "node:fs";
import { csvParse } from "d3-dsv";
import { mean } from "simple-statistics";
import { describe, expect, it } from "vitest";
import type { StepProfile } from "../../../../src/core/replica/profile.js";
import {
  LLAMA_8B_H100,
  LLAMA_70B_TP8_H100,
  paddedRows,
} from "../../../../src/core/replica/profiles/h100-measured.js";
import { sharedFile } from "../../../support/shared-data.js";

interface Step {
  readonly decoding: number;
  readonly sumContext: number;
  readonly prefill: number;
  readonly area: number;
  readonly prior: number;
}

/** Milliseconds on the GPU alone: what the calibration measured. */
function gpuMillis(profile: StepProfile, { decoding, sumContext, prefill, area, prior }: Step): number {
  const attention = prefill > 0 ? profile.prefill(area, prior) : 0;
  const whole = profile.base(decoding, prefill) + profile.slope(decoding) * sumContext + attention;
  return whole / 1000 - 0.102 - 0.00059 * decoding - (prefill > 0 ? 0.312 : 0);
}

describe("paddedRows", () => {
  it.each([
    [[1, 2, 3, 4, 5, 8, 9, 16, 17, 24, 200, 249, 256], [1, 2, 4, 4, 8, 8, 16, 16, 24, 24, 200, 256, 256], 0],
    [[0, 16, 48, 49, 432, 448], [64, 64, 64, 128, 448, 512], 16],
    [[0, 1, 128, 129, 256], [512, 640, 640, 768, 768], 512],
    [[0, 256], [2048, 2304], 2048],
  ])("pads %j decoding sequences to %j rows beside %i prefill tokens", (decoding, rows, prefill) => {
    expect(decoding.map((count) => paddedRows(count, prefill))).toEqual(rows);
  });

  it("has no rows in an empty step", () => {
    expect(paddedRows(0, 0)).toBe(0);
  });
});

describe("the 8B profile", () => {
  // Rows of the calibration: decode and prefill, short and long, on both sides of the knee.
  it.each([
    [{ decoding: 1, sumContext: 1024, prefill: 0, area: 0, prior: 0 }, 6.33792],
    [{ decoding: 16, sumContext: 2047, prefill: 0, area: 0, prior: 0 }, 6.51112],
    [{ decoding: 64, sumContext: 131_070, prefill: 0, area: 0, prior: 0 }, 12.58739],
    [{ decoding: 256, sumContext: 262_153, prefill: 0, area: 0, prior: 0 }, 20.27584],
    [{ decoding: 0, sumContext: 0, prefill: 64, area: 2080, prior: 0 }, 6.43376],
    [{ decoding: 0, sumContext: 0, prefill: 2048, area: 18_875_392, prior: 8192 }, 73.94795],
    [{ decoding: 0, sumContext: 0, prefill: 64, area: 526_368, prior: 8192 }, 12.76522],
    [{ decoding: 64, sumContext: 65_537, prefill: 256, area: 32_896, prior: 0 }, 12.7776],
    [{ decoding: 128, sumContext: 131_067, prefill: 2048, area: 6_292_480, prior: 2048 }, 67.97069],
  ])("is within 8 %% of the measured step %j", (step, measured) => {
    expect(Math.abs(gpuMillis(LLAMA_8B_H100, step) / measured - 1)).toBeLessThan(0.08);
  });

  it("adds the CPU part of a step, more where it prefills", () => {
    const decode = LLAMA_8B_H100.base(8, 0) / 1000;
    const prefill = LLAMA_8B_H100.base(0, 64) / 1000;
    expect(decode).toBeCloseTo(6.27 + 0.00812 * 8 + 0.102 + 0.00059 * 8, 9);
    expect(prefill).toBeCloseTo(6.27 + 0.00812 * 64 + 0.102 + 0.312, 9);
  });
});

const files = [
  ["calibration/calib_llama31-8b.csv", LLAMA_8B_H100, 87, 0.015],
  ["calibration/random_steps_llama31-8b.csv", LLAMA_8B_H100, 60, 0.035],
  ["calibration/calib_llama31-70b-tp8-shard.csv", LLAMA_70B_TP8_H100, 26, 0.015],
] as const;

describe.each(files)("%s", (path, profile, count, bound) => {
  const file = sharedFile(path);

  it.skipIf(file === undefined)(
    "is met on the average by the fit, at the rows that the engine pads to",
    () => {
      const rows = csvParse(readFileSync(file!, "utf8"), (row) => ({
        decoding: Number(row["n_decode"]),
        sumContext: Number(row["sum_context"]),
        prefill: Number(row["prefill_tokens"]),
        area: Number(row["prefill_area"]),
        prior: Number(row["prefill_context"]),
        rows: Number(row["rows_T"]),
        measured: Number(row["step_ms_p50"]),
      }));
      // Some calibration steps ran at rows that the engine never uses: they say nothing about a padded step.
      const padded = rows.filter((row) => row.rows === paddedRows(row.decoding, row.prefill));
      const error = mean(padded.map((row) => Math.abs(gpuMillis(profile, row) / row.measured - 1)));
      expect(padded.length).toBe(count);
      expect(error).toBeLessThan(bound);
    },
  );
});
