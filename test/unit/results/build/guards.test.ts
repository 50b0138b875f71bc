import { describe, expect, it } from "vitest";
import { guardedEstimate, guardedThreshold } from "../../../../src/core/results/build/guards.js";
import { UNKNOWN_LOAD } from "../../../../src/core/results/metrics/load.js";
import type { Estimate, RunResult, ThresholdResult } from "../../../../src/core/results/shape/result.js";
import { measureOf } from "../../../../src/core/results/verdict/measures.js";
import { runResult, tierRow } from "../../../support/run-result.js";
import { stated } from "../../../support/stated-threshold.js";

/** Of a hundred attempts so many were in flight when the run ended. */
function rows(inFlight: number, changes: Partial<RunResult> = {}): RunResult {
  const outcomes = { ...tierRow("standard").outcomes, completed: 100 - inFlight, in_flight: inFlight };
  return runResult({ tiers: [tierRow("standard", { outcomes })], ...changes });
}
const growing = { load: { ...UNKNOWN_LOAD, verdict: "growing" as const } };

const asked = (metric: string, expression: string) => stated(metric, expression).parsed;
const LATENCY = asked("latency{tier:standard}", "p(50)<9s");
const SPEED = asked("tokens_per_second{tier:standard}", "p(50)>1");
const RATE = asked("overloaded_rate{tier:standard}", "rate<10%");
const ATTEMPTS = asked("attempts{tier:standard}", "count>1");

const INTERVAL = { low: 1, high: 3, n: 8, method: "replications" } as const;
const SILENT = { low: null, high: null, n: 8 };

function estimate(found: RunResult, subject: typeof RATE, value: number | null = 2): Estimate {
  const { metric, aggregation, unit, better } = measureOf(subject);
  const one = { metric, aggregation, unit, better, value, oneRun: null, ...INTERVAL };
  return guardedEstimate(found, subject, one);
}

function threshold(found: RunResult, subject: typeof RATE, verdict: ThresholdResult["verdict"]) {
  const bound = { operator: "<", value: 9, unit: "seconds" } as const;
  const one = { metric: "m", expression: "e", bound, verdict, observed: 2, ...INTERVAL };
  return guardedThreshold(found, subject, one);
}

describe("what a run cannot tell", () => {
  it("is what more than 5 % of was open when it ended: it has its value, and no interval", () => {
    expect(estimate(rows(5), LATENCY)).toMatchObject({ value: 2, ...INTERVAL });
    expect(estimate(rows(6), LATENCY)).toMatchObject({ value: 2, ...SILENT, method: "open" });
    expect(estimate(rows(6), RATE)).toMatchObject({ ...SILENT, method: "open" });
  });

  it("is nothing that waits for no end, nor anything of another tier", () => {
    expect(estimate(rows(50), ATTEMPTS)).toMatchObject(INTERVAL);
    expect(estimate(rows(50), asked("latency{tier:priority}", "p(50)<9s"))).toMatchObject(INTERVAL);
  });

  it("is not told by a run that was cut off, of which everything may be open", () => {
    expect(estimate(rows(50, { partial: true }), LATENCY)).toMatchObject(INTERVAL);
  });

  it("is a time or a speed in a fleet that does not keep up, and not a rate", () => {
    expect(estimate(rows(0, growing), LATENCY)).toMatchObject({ ...SILENT, method: "growing" });
    expect(estimate(rows(0, growing), SPEED)).toMatchObject({ ...SILENT, method: "growing" });
    expect(estimate(rows(0, growing), RATE)).toMatchObject(INTERVAL);
    expect(estimate(rows(0, growing), asked("latency{tier:standard}", "count>0"))).toMatchObject(INTERVAL);
    expect(estimate(rows(0), LATENCY)).toMatchObject(INTERVAL);
  });

  it("is first what is open, where it is both", () => {
    expect(estimate(rows(6, growing), LATENCY).method).toBe("open");
  });

  it("is no more than that there is no data where there is none", () => {
    expect(estimate(rows(6), LATENCY, null)).toMatchObject({ value: null, ...INTERVAL });
  });
});

describe("a threshold on what a run cannot tell", () => {
  it("is undecided where too much is open, whichever way it came out", () => {
    for (const verdict of ["pass", "fail", "undecided"] as const) {
      const wanted = { verdict: "undecided", observed: 2, ...SILENT, method: "open" };
      expect(threshold(rows(6), LATENCY, verdict)).toMatchObject(wanted);
      expect(threshold(rows(5), LATENCY, verdict)).toMatchObject({ verdict, ...INTERVAL });
    }
  });

  it("does not pass in a fleet that does not keep up, and fails there as anywhere", () => {
    const wanted = { verdict: "undecided", ...SILENT, method: "growing" };
    expect(threshold(rows(0, growing), LATENCY, "pass")).toMatchObject(wanted);
    expect(threshold(rows(0, growing), LATENCY, "undecided")).toMatchObject(wanted);
    expect(threshold(rows(0, growing), LATENCY, "fail")).toMatchObject({ verdict: "fail", ...INTERVAL });
    expect(threshold(rows(0, growing), RATE, "pass")).toMatchObject({ verdict: "pass", ...INTERVAL });
  });

  it("has no data where it has none", () => {
    expect(threshold(rows(6, growing), LATENCY, "no-data")).toMatchObject({
      verdict: "no-data",
      ...INTERVAL,
    });
  });
});
