// The profiles that ship, against the measurements that they were fitted to and those that they were not. The files
// are not part of the repository.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { MeasuredFile } from "../../../../src/core/server/profile/file/measured-keys.js";
import { profileFileByName } from "../../../../src/core/server/profile/registry.js";
import { calibrate, score } from "../../../../src/core/tools/calibration/calibrate.js";
import { parseRowSizes } from "../../../../src/core/tools/calibration/row-sizes.js";
import { readStepLog } from "../../../../src/core/tools/calibration/step-log.js";
import { sharedFile } from "../../../support/shared-data.js";

const path = (name: string) => sharedFile(`calibration/${name}`);
const read = (name: string) => readStepLog([readFileSync(path(name)!, "utf8")], { file: name });

function shipped(name: string): MeasuredFile {
  const file = profileFileByName(name);
  if (file.kind !== "measured") throw new Error(`${name} was not measured`);
  return file;
}

const BENCH_8B = "calib_llama31-8b.csv";
const BENCH_70B = "calib_llama31-70b-tp8-shard.csv";
const RUNS = ["closed", "poisson60", "poisson85", "gamma30", "chat"].map((run) => `runs/${run}.steps.csv`);
const OPTIONS = { name: "x", source: "x", maxError: 0.1 };
const ROWS = parseRowSizes("decode=1,2,4,8:256:8 mixed=64:512:64,640:2048:128");

describe.skipIf(path(BENCH_8B) === undefined)("with the measurements of the 8B model", () => {
  it("the shipped profile is what calibrate makes of them", () => {
    const { profile } = calibrate([read(BENCH_8B)], { ...OPTIONS, runs: RUNS.map(read) });
    const { gpu, host, rows, fit } = shipped("llama-3.1-8b-h100");
    expect(profile).toMatchObject({ gpu, host, rows, fit });
    expect(rows).toEqual(ROWS);
  });

  it.each([
    [BENCH_8B, 0.015, 0.04],
    ["random_steps_llama31-8b.csv", 0.03, 0.05],
    ["runs/gamma30.steps.csv", 0.01, 0.02],
    ["runs/chat.steps.csv", 0.01, 0.02],
  ])("it is right about %s within %f on the mean and %f at nine tenths", (name, mean, p90) => {
    const { errors } = score(shipped("llama-3.1-8b-h100").gpu, read(name));
    expect(errors.all.mean).toBeLessThan(mean);
    expect(errors.all.p90).toBeLessThan(p90);
  });
});

describe.skipIf(path(BENCH_70B) === undefined)("with the measurements of the 70B shard", () => {
  it("the shipped profile is what calibrate makes of them, and right within 1.5 %", () => {
    const { profile, fitted } = calibrate([read(BENCH_70B)], { ...OPTIONS, rows: ROWS });
    const { gpu, rows, fit } = shipped("llama-3.1-70b-tp8-h100");
    expect(profile).toMatchObject({ gpu, rows, fit });
    expect(fitted[0]!.errors.all.mean).toBeLessThan(0.015);
    expect(fitted[0]!.errors.all.p90).toBeLessThan(0.04);
  });
});

describe.skipIf(path("calib_qwen3-30b-a3b.csv") === undefined)(
  "with the measurements of a mixture of experts",
  () => {
    const name = "calib_qwen3-30b-a3b.csv";

    it("the experts that a batch touches explain decoding, and the quick prefills are told", () => {
      const { fitted, notes } = calibrate([read(name)], { ...OPTIONS, experts: { count: 128, active: 8 } });
      const { byRegime } = fitted[0]!.errors;
      for (const regime of ["decode 1-8", "decode 9-64", "decode 65+"] as const) {
        expect(byRegime[regime]?.mean).toBeLessThan(0.015);
      }
      expect(notes.join("\n")).toMatch(
        /prefill steps were over 15 % quicker[\s\S]*"prefill to 512" is off by/,
      );
    });

    it("without them it is refused", () => {
      expect(() => calibrate([read(name)], OPTIONS)).toThrow(/too bad to be used/);
    });
  },
);
