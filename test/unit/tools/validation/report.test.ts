import { describe, expect, it } from "vitest";
import { SurgefleetError } from "../../../../src/core/index.js";
import { validateProfile, validationHtml, validationText } from "../../../../src/core/internal.js";
import { profile, REQUESTS, report, STEPS, source } from "./recording.js";

describe("validateProfile", () => {
  it("compares a run and its steps, with the caller's settings before the profile's", () => {
    const { schemaVersion, run, steps, bounds } = report();
    expect(schemaVersion).toBe(1);
    expect(run?.settings).toEqual({
      replicas: 1,
      maxSequences: 4,
      maxBatchedTokens: 2048,
      maxPrefillSequences: 8,
      kvTokens: 409_600,
    });
    expect([run?.requests, steps?.gpu.all.points, bounds.length]).toEqual([2, 4, 7]);
    expect(run?.steps.meanMillis.recorded).toBeCloseTo(24.25, 9);
    expect(run?.kvPages.most.recorded).toBe(50);
    expect(run?.batch.history.recorded).toHaveLength(24);
  });

  it("does with either file", () => {
    const requests = source("r.csv", REQUESTS);
    const alone = validateProfile({ profile, requests });
    expect([alone.steps, alone.run?.batch.mean.recorded]).toEqual([null, null]);
    const steps = validateProfile({ profile, steps: source("s.csv", STEPS) });
    expect([steps.run, steps.bounds]).toEqual([null, []]);
    // What steps tell by themselves they tell without a run, too, in text as on the page.
    const slow = "n_decode,sum_context,prefill_tokens,prefill_context,step_ms_p50,rows_T\n1,128,0,0,12.6,1\n";
    const off = validateProfile({ profile, steps: source("s.csv", slow) });
    expect(off.findings.map(({ part }) => part)).toEqual(["single steps"]);
    expect(validationText(off)).toMatch(/what to calibrate next\nsingle steps/);
    expect(validationHtml(off, { title: "t", style: "" })).toContain("surgefleet calibrate");
    expect(() => validateProfile({ profile })).toThrow(/nothing to hold the profile against/);
  });

  it("reads logs of single timed steps", () => {
    const text =
      "n_decode,sum_context,prefill_tokens,prefill_context,step_ms_p50,rows_T\n1,128,0,0,6.281,1\n";
    const { steps } = validateProfile({ profile, steps: source("s.csv", text) });
    expect(steps?.gpu.byRegime["decode 1-8"]?.mean).toBeLessThan(0.02);
    expect(steps?.host).toBeNull();
  });

  it("tells the problems of all files at once", () => {
    try {
      validateProfile({
        profile,
        requests: source("r.csv", REQUESTS.replace("0.5,3000", "x,3000")),
        steps: source("s.csv", STEPS.replace("0.01,1,", "0.01,one,")),
      });
      expect.unreachable();
    } catch (error) {
      const issues = error instanceof SurgefleetError ? error.issues : [];
      expect(issues.map(({ file, line, column }) => `${file}:${line}:${column}`)).toEqual([
        "r.csv:3:1",
        "s.csv:3:6",
      ]);
    }
  });
});
