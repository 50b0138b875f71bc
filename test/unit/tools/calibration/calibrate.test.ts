import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SurgefleetError } from "../../../../src/core/base/errors.js";
import { openStream } from "../../../../src/core/random/stream.js";
import { parseProfile } from "../../../../src/core/server/profile/file/parse-profile.js";
import { calibrate, score } from "../../../../src/core/tools/calibration/calibrate.js";
import type { StepPoint } from "../../../../src/core/tools/calibration/step-point.js";
import { gear } from "../../../support/mode.js";
import { bench, log, step } from "./steps.js";

const OPTIONS = { name: "mine", source: "a test", maxError: 0.1 };
const noisy = bench(0.01, (index) => (index * 0.37) % 1);

function refusal(points: readonly StepPoint[], maxError = 0.1): string {
  try {
    calibrate([log(points)], { ...OPTIONS, maxError });
  } catch (error) {
    if (error instanceof SurgefleetError && error.code === "BAD_FIT") return error.message;
    throw error;
  }
  return "";
}

describe("a calibration", () => {
  it("gives a profile that can be read, with its errors in it", () => {
    const { profile, fitted } = calibrate([log(noisy)], OPTIONS);
    expect(parseProfile(JSON.stringify(profile), "mine.json")).toEqual(profile);
    expect(profile.fit?.points).toBe(noisy.length);
    expect(profile.fit?.mean).toBeCloseTo(fitted[0]!.errors.all.mean, 4);
    expect(Object.values(profile.fit?.byRegime ?? {}).reduce((sum, { points }) => sum + points, 0)).toBe(
      noisy.length,
    );
  });

  it("scores a log that it did not see", () => {
    const { profile } = calibrate([log(noisy)], OPTIONS);
    const slower = bench().map((point) => ({ ...point, gpu: point.gpu * 1.25 }));
    expect(score(profile.gpu, log(slower, "other.csv")).errors.all.bias).toBeCloseTo(-0.2, 2);
  });

  it("says what the log leaves open", () => {
    const some = noisy.filter(
      (point) => point.priorContext === 0 && !(point.decoding > 0 && point.prefillTokens > 0),
    );
    const { notes, profile } = calibrate([log(some)], OPTIONS);
    expect(notes.join("\n")).toMatch(
      /after cached context[\s\S]*both decoded and prefilled[\s\S]*CPU part[\s\S]*--rows/,
    );
    expect(profile.gpu.perPriorToken).toBe(0);
    expect([profile.host, profile.rows]).toEqual([undefined, undefined]);
  });

  it("takes the CPU part and the padding from a run", () => {
    const rows = (n: number) => Math.ceil(n / 8) * 8;
    const run = Array.from({ length: 60 }, (_, index) =>
      step({ decoding: index + 1, rows: rows(index + 1), host: 0.2, start: index }),
    );
    const { profile } = calibrate([log(noisy)], { ...OPTIONS, runs: [log(run, "run.csv")] });
    expect(profile.host?.step).toBeCloseTo(0.2, 6);
    expect(profile.rows?.decode).toEqual([8, 16, 24, 32, 40, 48, 56, 64]);
  });
});

describe("a fit is refused", () => {
  const decode = noisy.filter((point) => point.prefillTokens === 0);
  const prefill = noisy.filter((point) => point.prefillTokens > 0);

  it.each<[string, readonly StepPoint[], RegExp]>([
    ["to too few steps", noisy.slice(0, 5), /too few steps: at least 12/],
    ["without prefill", decode, /no steps that prefill.*30 that only decode, 0 that prefill/],
    ["without decoding", prefill.filter((point) => point.decoding === 0), /no steps that only decode/],
    [
      "to one batch",
      [...decode.map((point) => step({ ...point, decoding: 8 })), ...prefill.filter((p) => p.decoding === 0)],
      /all steps decode 8 sequences/,
    ],
    [
      "to one chunk",
      [...decode, ...[1, 2, 3, 4].map(() => step({ prefillTokens: 512 }))],
      /all prefills are of 512 tokens/,
    ],
    [
      "to one context",
      [...decode.map(({ decoding }) => step({ decoding })), ...prefill.filter((p) => p.decoding === 0)],
      /nearly the same context/,
    ],
    [
      "to small steps",
      [
        ...decode.filter((p) => p.rows < 100),
        ...[16, 32, 64].map((prefillTokens) => step({ prefillTokens })),
      ],
      /the largest step has 64 rows/,
    ],
    [
      "to steps that do not read",
      noisy.map((point) => ({ ...point, gpu: point.gpu - 4.5e-5 * point.context })),
      /context/,
    ],
    [
      "to times that are all the same",
      noisy.map((point) => ({ ...point, gpu: 10 })),
      /do not follow|do not get longer/,
    ],
  ])("%s", (_, points, wanted) => {
    expect(refusal(points)).toMatch(wanted);
  });

  it.each([
    ["seconds", 1e-3],
    ["microseconds", 1e3],
    ["nanoseconds", 1e6],
  ])("to times in %s, and says so", (unit, factor) => {
    expect(refusal(noisy.map((point) => ({ ...point, gpu: point.gpu * factor })))).toMatch(
      `these look like ${unit}`,
    );
  });

  it("to steps too quick, or rows too slow, for any GPU", () => {
    const quick = noisy.map((point) => ({ ...point, gpu: point.rows > 500 ? point.gpu : point.gpu / 100 }));
    expect(refusal(quick)).toMatch(/the quickest 0\.06\d* ms, which no GPU does/);
    const slow = noisy.map((point) => ({ ...point, gpu: 300 + point.gpu * 800 }));
    expect(
      refusal(slow.map((point) => ({ ...point, gpu: Math.max(point.gpu / 4, point.rows * 12) }))),
    ).toMatch(/which no GPU does/);
  });

  it("above the error that is let through", () => {
    const rough = bench(0.3, (index) => (index * 0.37) % 1);
    expect(refusal(rough)).toMatch(/the mean error is .* above 10\.0 %; largest in: /);
    expect(refusal(rough, 0.5)).toBe("");
  });

  it("to noise, whatever the noise", () => {
    fc.assert(
      fc.property(fc.string(), (seed) => {
        const chance = openStream(seed, "noise");
        const points = noisy.map((point) => ({ ...point, gpu: 5 + 295 * chance.uniform() }));
        expect(refusal(points, 1)).toMatch(/too bad/);
      }),
      { numRuns: gear(3, 10) },
    );
  });
});
