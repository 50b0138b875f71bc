import { describe, expect, it } from "vitest";
import { FEWEST_OF_SWINGS } from "../../../../src/core/results/build/estimates.js";
import {
  INTERVAL_METHODS,
  type IntervalMethod,
  isInterval,
  isOnlyRun,
  methodText,
} from "../../../../src/core/results/shape/interval-method.js";

const NAMES = Object.keys(INTERVAL_METHODS) as IntervalMethod[];

describe("how an interval was made, or why there is none", () => {
  it("is said in words that differ, short enough for a line of a report", () => {
    const texts = NAMES.map(methodText);
    expect(new Set(texts).size).toBe(NAMES.length);
    for (const text of texts) {
      expect(text).not.toMatch(/\.$/);
      expect(text.length).toBeLessThan(80);
    }
  });

  it("is told from the other", () => {
    expect(NAMES.filter(isInterval)).toEqual([
      "replications",
      "strata",
      "batches",
      "zero-events",
      "heavy-tail",
    ]);
  });

  it("tells the only run there is, by its batches, from one seed of many", () => {
    const run = (method: IntervalMethod, seeds = 1) => ({
      estimates: [{ method: "extreme" }, { method }] as const,
      replications: Array.from({ length: seeds }),
    });
    expect(NAMES.filter((name) => isOnlyRun(run(name)))).toEqual(["batches", "zero-events", "too-few"]);
    expect(isOnlyRun(run("zero-events", 2))).toBe(false);
  });

  it("says what would settle it where more seeds would", () => {
    for (const name of ["one-seed", "swings", "too-few"] as const) {
      expect(methodText(name)).toMatch(/more seeds would|needs at least/);
    }
    expect(methodText("swings")).toContain(`at least ${FEWEST_OF_SWINGS} seeds`);
  });
});
