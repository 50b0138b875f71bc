import { describe, expect, it } from "vitest";
import { parseScenario } from "../../../../src/core/index.js";
import type { RunResult } from "../../../../src/core/results/shape/result.js";
import { axisOf, readRange } from "../../../../src/core/tools/planning/axis.js";
import type { Planning } from "../../../../src/core/tools/planning/candidate.js";
import { leastAlong } from "../../../../src/core/tools/planning/certified-search.js";
import type { Trial } from "../../../../src/core/tools/planning/probe.js";
import { PLANNED } from "../../../support/planned.js";
import { runResult } from "../../../support/run-result.js";

const axis = axisOf(readRange("pools.shared.replicas=1..100"), { kind: "whole" });
const result: RunResult = runResult({});

/** Seems enough from 40 on, and is shown to be from `sure` on; below 35 it fails, which a search finds out at 32. */
function planning(sure: number, tried: string[], stopsAt?: string): Planning {
  return {
    ...{ scenario: parseScenario(PLANNED[0]!.scenario), seed: "s", confidence: 0.95, most: 64 },
    probe: async ({ values }, trial: Trial) => {
      const text = values[0]![1];
      const value = Number(text);
      const name = trial.kind !== "certify" ? text : `${text} again, ${trial.attempts}`;
      tried.push(name);
      if (name === stopsAt) return undefined;
      const verdict = value >= sure ? "pass" : value < 35 ? "fail" : "undecided";
      return { verdict, seemsEnough: value >= 40, result, clusters: {}, requests: 1 };
    },
  };
}

const found = async (sure: number, stopsAt?: string) => {
  const tried: string[] = [];
  const at = (index: number) => ({ values: [[axis.path, axis.texts[index]!] as const], demand: 1 });
  const { answer, margin, finished, points, certified } = await leastAlong(
    { axis, at, guess: 45 },
    planning(sure, tried, stopsAt),
  );
  const certifying = tried.filter((name) => name.includes("again"));
  expect(points.length + certified.length).toBe(tried.length - (finished ? 0 : 1));
  return { answer: answer?.values[0]?.value ?? null, margin, finished, certifying };
};

describe("the least value along an axis", () => {
  it("is the least that is certified, from the first that the search was sure of down to the least that seemed so", async () => {
    expect(await found(40)).toEqual({
      ...{ answer: 40, margin: { from: "33", to: "40" }, finished: true, certifying: ["40 again, 0"] },
    });
  });

  it("is higher where the least that seemed enough cannot be shown to be", async () => {
    const { answer, margin, certifying } = await found(43);
    expect(answer).toBeGreaterThanOrEqual(43);
    expect(answer).toBeLessThan(46);
    expect(margin).toEqual({ from: "33", to: `${answer}` });
    expect(certifying.every((name) => name.endsWith(", 0"))).toBe(true);
  });

  it("begins some way above where the search was sure of nothing, and goes up as another attempt", async () => {
    const { answer, certifying } = await found(60);
    expect(answer).toBeGreaterThanOrEqual(60);
    expect(certifying.some((name) => name.endsWith(", 1"))).toBe(true);
    expect(await found(101)).toMatchObject({ answer: null, margin: null, finished: true });
  });

  it("is none where it is stopped", async () => {
    expect(await found(40, "40 again, 0")).toMatchObject({ answer: null, finished: false });
    expect(await found(40, "46")).toMatchObject({ answer: null, finished: false, certifying: [] });
  });
});
