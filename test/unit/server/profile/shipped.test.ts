import { describe, expect, it } from "vitest";
import type { MeasuredFile } from "../../../../src/core/server/profile/file/measured-keys.js";
import { measuredPass } from "../../../../src/core/server/profile/measured.js";
import { profileFileByName } from "../../../../src/core/server/profile/registry.js";
import { stepRows } from "../../../../src/core/server/profile/rows.js";
import { linearDraft } from "../../../../src/core/server/profile/speculative.js";
import { sharedFile } from "../../../support/shared-data.js";
import { errors, meanError, readSteps, type Step } from "./measurements.js";

function measuredFile(name: string): MeasuredFile {
  const file = profileFileByName(name);
  if (file.kind !== "measured") throw new Error(`${name} is not measured`);
  return file;
}

const llama8b = measuredFile("llama-3.1-8b-h100");
const llama70b = measuredFile("llama-3.1-70b-tp8-h100");
const qwen = measuredFile("qwen3-30b-a3b-h100");
const fast = measuredFile("llama-3.1-8b-fast-h100");

describe("the 8B profile", () => {
  const plain = { kind: "", rowsEach: 1, rows: 0, area: 0, prior: 0, prefill: 0, decoding: 0, context: 0 };

  // Rows of the calibration: decode and prefill, short and long, on both sides of the knee.
  it.each([
    { ...plain, decoding: 1, context: 1024, ms: 6.33792 },
    { ...plain, decoding: 16, context: 2047, ms: 6.51112 },
    { ...plain, decoding: 64, context: 131_070, ms: 12.58739 },
    { ...plain, decoding: 256, context: 262_153, ms: 20.27584 },
    { ...plain, prefill: 64, area: 2080, ms: 6.43376 },
    { ...plain, prefill: 2048, area: 18_875_392, prior: 8192, ms: 73.94795 },
    { ...plain, prefill: 64, area: 526_368, prior: 8192, ms: 12.76522 },
    { ...plain, decoding: 64, context: 65_537, prefill: 256, area: 32_896, ms: 12.7776 },
    { ...plain, decoding: 128, context: 131_067, prefill: 2048, area: 6_292_480, prior: 2048, ms: 67.97069 },
  ])("is within 8 %% of the measured step %j", (step) => {
    expect(Math.abs(errors(measuredPass(llama8b), [step])[0]!)).toBeLessThan(0.08);
  });
});

const files: readonly (readonly [string, MeasuredFile, (step: Step) => boolean, number, number])[] = [
  // Some calibration steps ran at rows that the engine never uses: they say nothing about a padded step.
  ["calib_llama31-8b.csv", llama8b, atPaddedRows, 87, 0.015],
  ["random_steps_llama31-8b.csv", llama8b, atPaddedRows, 60, 0.035],
  ["calib_llama31-70b-tp8-shard.csv", llama70b, atPaddedRows, 26, 0.015],
  ["calib_qwen3-30b-a3b.csv", qwen, ({ kind }) => kind === "decode", 25, 0.009],
];

function atPaddedRows({ decoding, prefill, rows }: Step): boolean {
  return rows === stepRows(llama8b.rows, decoding, prefill);
}

describe.each(files)("%s", (path, profile, counts, count, bound) => {
  const file = sharedFile(`calibration/${path}`);

  it.skipIf(file === undefined)("is met on the average by the shipped profile", () => {
    const steps = readSteps(file!).filter(counts);
    expect(steps.length).toBe(count);
    expect(meanError(measuredPass(profile), steps)).toBeLessThan(bound);
  });
});

it("the Fast form of the 8B model runs on the same machine as its Standard form", () => {
  expect(fast.gpu).toEqual(llama8b.gpu);
  expect([fast.host, fast.rows]).toEqual([llama8b.host, llama8b.rows]);
});

describe("speculative decoding", () => {
  const verifyFile = sharedFile("calibration/spec_verify_8b.csv");
  const draftFile = sharedFile("calibration/spec_draft_1b.csv");
  const { draft } = fast.speculative!;
  const find = (steps: readonly Step[], decoding: number, rowsEach: number) =>
    steps.find((step) => step.decoding === decoding && step.rowsEach === rowsEach)!.ms;

  it.skipIf(verifyFile === undefined)("verifies in what it was measured to take (spec_verify_8b.csv)", () => {
    // Nine rows a sequence fall off the kernel's fast path: a step drafts fewer.
    const steps = readSteps(verifyFile!).filter(({ rowsEach }) => rowsEach <= 8);
    expect(steps.length).toBe(96);
    expect(meanError(measuredPass(fast), steps)).toBeLessThan(0.009);
    // What it costs to verify 8 tokens and not 1: 3 % alone, 30 % in a batch of 32.
    expect(find(steps, 1, 8) / find(steps, 1, 1)).toBeCloseTo(1.03, 2);
    expect(find(steps, 32, 8) / find(steps, 32, 1)).toBeCloseTo(1.3, 2);
  });

  it.skipIf(draftFile === undefined)("drafts in what it was measured to take (spec_draft_1b.csv)", () => {
    const steps = readSteps(draftFile!);
    expect(meanError(linearDraft(draft), steps)).toBeLessThan(0.006);
    // 22 % of the target, whose step of one sequence of 1,024 tokens takes 6.338 ms.
    expect(find(steps, 1, 1) / 6.338).toBeCloseTo(0.22, 2);
  });
});
