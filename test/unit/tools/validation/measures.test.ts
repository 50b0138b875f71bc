import { describe, expect, it } from "vitest";
import { measuresOf, rangeText, settingsText } from "../../../../src/core/tools/validation/measures.js";
import { report } from "./recording.js";

const run = report().run!;

describe("measures of a run", () => {
  it("carry the paths by which bounds name them", () => {
    const paths = measuresOf(run).map(({ path }) => path);
    for (const { measure } of report().bounds) expect(paths).toContain(measure);
    expect(new Set(paths).size).toBe(paths.length);
  });

  it("begin with what was lost where any was", () => {
    const outcomes = { ...run.outcomes, lost: { recorded: 1, simulated: 0, error: -1 } };
    const [first, second] = measuresOf({ ...run, outcomes });
    expect([first?.label, second?.label, second?.value.error]).toEqual([
      "requests served",
      "requests lost",
      null,
    ]);
    expect(measuresOf(run)[0]?.label).toBe("output tokens/s");
  });

  it("have ranges of one number where both ends are one", () => {
    expect([rangeText({ from: 3, to: 3 }), rangeText({ from: 3, to: 4000 })]).toEqual(["3", "3 to 4,000"]);
  });

  it("say how the replica was set", () => {
    expect(settingsText(run)).toBe(
      "at most 4 sequences and 2,048 tokens a step, 8 prefilling, KV of 409,600 tokens",
    );
    expect(settingsText({ settings: { ...run.settings, replicas: 3 } })).toMatch(/^3 replicas of at most 4/);
  });
});
