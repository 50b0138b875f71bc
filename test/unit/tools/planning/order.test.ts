import { describe, expect, it } from "vitest";
import type { TrialSettings } from "../../../../src/core/tools/planning/candidate.js";
import {
  betterEnd,
  isBreak,
  spreadPlaces,
  suspectedBreak,
} from "../../../../src/core/tools/planning/order.js";
import type { Probe } from "../../../../src/core/tools/planning/probe.js";
import { plantedProbe, THRESHOLDS } from "../../../support/planted-curves.js";

/** What both tiers shed, 16 runs that differ by 0.01 alike and by hardly anything else. */
function probe(standard: number, priority = 0.01, noise = 0.001): Probe {
  const settings: TrialSettings = {
    ...{ kind: "search" as const, seed: "order", confidence: 0.95, share: 1, family: 2, clusters: {} },
    ...{ isFixed: true, isCompared: true, most: 16, first: 5 },
  };
  // Places that differ in name only see the same noise of their own.
  return plantedProbe(standard * 1e4 + priority, settings, {
    ...{ standard: () => standard, priority: () => priority, common: 0.01, own: noise },
  });
}

const better = (low: Probe, high: Probe) => betterEnd(low, high, THRESHOLDS, 0.95);

it("spreads places over a range, both ends among them, and none twice", () => {
  expect(spreadPlaces(41, 7)).toEqual([0, 7, 13, 20, 27, 33, 40]);
  expect(spreadPlaces(3, 7)).toEqual([0, 1, 2]);
  expect(spreadPlaces(1, 7)).toEqual([0]);
  expect(spreadPlaces(41, 0)).toEqual([]);
});

describe("the better end of a range", () => {
  it("is the one that meets the thresholds", () => {
    expect(better(probe(0.08), probe(0.02))).toEqual({ better: "higher", basis: "thresholds-met" });
    expect(better(probe(0.02), probe(0.08))).toEqual({ better: "lower", basis: "thresholds-met" });
  });

  it("is the one where what thresholds are about is better, where both or neither meet them", () => {
    expect(better(probe(0.03), probe(0.02))).toEqual({ better: "higher", basis: "thresholds" });
    expect(better(probe(0.08), probe(0.09))).toEqual({ better: "lower", basis: "thresholds" });
    // That Priority sheds more is no matter where it sheds little anyway and Standard too much.
    expect(better(probe(0.09, 0.01), probe(0.08, 0.02))).toEqual({ better: "higher", basis: "thresholds" });
  });

  it("is neither where thresholds are missed at different ends, or nothing differs", () => {
    expect(better(probe(0.02, 0.08), probe(0.08, 0.02))).toEqual({ better: null, basis: "opposed" });
    expect(better(probe(0.03, 0.02), probe(0.02, 0.03))).toEqual({ better: null, basis: "nothing" });
    expect(better(probe(0.02), probe(0.02))).toEqual({ better: null, basis: "nothing" });
  });

  it("is where less is shed of all, where thresholds do not tell", () => {
    const shedding = (rate: number) => {
      const { result, ...rest } = probe(0.02);
      const estimates = result.estimates.map((one) =>
        one.metric.includes("priority") ? { ...one, metric: "overloaded_rate{tier:all,per:attempt}" } : one,
      );
      const replications = result.replications.map((one) => ({ ...one, values: [one.values[0]!, rate] }));
      return { ...rest, result: { ...result, estimates, replications } };
    };
    expect(better(shedding(0.02), shedding(0.01))).toEqual({ better: "higher", basis: "shed-rate" });
    expect(better(shedding(0.01), shedding(0.02))).toEqual({ better: "lower", basis: "shed-rate" });
  });

  it("is not told by noise", () => {
    // A difference of a tenth of what runs differ by.
    expect(better(probe(0.0501, 0.01, 0.02), probe(0.0499, 0.01, 0.02)).basis).toBe("nothing");
  });
});

describe("a break of the order", () => {
  const at = (...rates: readonly number[]) => rates.map((rate, index) => ({ index, probe: probe(rate) }));
  const [LOW, HIGH] = [0.02, 0.08];

  it("is suspected where a value on the better side is unmet, if it was told which side that is", () => {
    expect(suspectedBreak(at(HIGH, LOW, HIGH), "higher", THRESHOLDS)).toEqual([{ met: 1, unmet: 2 }]);
    expect(suspectedBreak(at(HIGH, LOW, HIGH), "lower", THRESHOLDS)).toEqual([{ met: 1, unmet: 0 }]);
    expect(suspectedBreak(at(HIGH, LOW, LOW), "higher", THRESHOLDS)).toBeUndefined();
    expect(suspectedBreak(at(HIGH, LOW, LOW), "lower", THRESHOLDS)).toEqual([{ met: 1, unmet: 0 }]);
  });

  it("is suspected of three values only where it was not", () => {
    const sorted = (breaks: ReturnType<typeof suspectedBreak>) =>
      [...breaks!].sort((one, other) => one.met - other.met || one.unmet - other.unmet);
    expect(sorted(suspectedBreak(at(HIGH, LOW, HIGH), null, THRESHOLDS))).toEqual([
      { met: 1, unmet: 0 },
      { met: 1, unmet: 2 },
    ]);
    expect(sorted(suspectedBreak(at(LOW, HIGH, LOW), null, THRESHOLDS))).toEqual([
      { met: 0, unmet: 1 },
      { met: 2, unmet: 1 },
    ]);
    expect(suspectedBreak(at(HIGH, HIGH, LOW), null, THRESHOLDS)).toBeUndefined();
    expect(suspectedBreak(at(LOW, HIGH, HIGH), null, THRESHOLDS)).toBeUndefined();
    expect(suspectedBreak([], null, THRESHOLDS)).toBeUndefined();
  });

  it("is one where both are sure, or pairs differ in what is missed; and not by noise", () => {
    expect(isBreak(probe(LOW), probe(HIGH), THRESHOLDS, 0.95)).toBe(true);
    expect(isBreak(probe(HIGH), probe(LOW), THRESHOLDS, 0.95)).toBe(false);
    expect(isBreak(probe(LOW), probe(LOW), THRESHOLDS, 0.95)).toBe(false);
    // Neither is sure by itself, but their pairs differ by 0.004 where the noise of their own is 0.001.
    const [met, unmet] = [probe(0.05), probe(0.054)];
    expect([met.verdict, unmet.verdict]).toEqual(["undecided", "undecided"]);
    expect([met.seemsEnough, unmet.seemsEnough]).toEqual([true, false]);
    expect(isBreak(met, unmet, THRESHOLDS, 0.95)).toBe(true);
    // Where what was missed is better, something else has to be worse.
    expect(isBreak({ ...unmet, seemsEnough: true }, { ...met, seemsEnough: false }, THRESHOLDS, 0.95)).toBe(
      false,
    );
  });

  it("is one where a fleet keeps up at one value for certain and does not at a better one", () => {
    const { result, ...rest } = probe(LOW);
    const growing: Probe = {
      ...{ ...rest, verdict: "fail", seemsEnough: false },
      result: { ...result, load: { ...result.load, verdict: "growing" } },
    };
    expect(isBreak(probe(LOW), growing, THRESHOLDS, 0.95)).toBe(true);
    expect(isBreak({ ...probe(LOW), verdict: "undecided" }, growing, THRESHOLDS, 0.95)).toBe(false);
  });
});
