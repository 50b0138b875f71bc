import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readClientWindows, readTokenShares } from "../../../../../src/core/demand/trace/formats/servegen.js";

const folder = join(import.meta.dirname, "../../../../fixtures/traces");
const text = (name: string) => readFileSync(join(folder, name), "utf8");

describe("readClientWindows", () => {
  test("reads the table of all clients without what is inactive", () => {
    expect(readClientWindows([text("servegen-windows.csv")], { file: "t" })).toEqual([
      {
        client: "3",
        windows: [
          { start: 0, rate: 0.5, cv: 1.2, pattern: "gamma" },
          { start: 600, rate: 0.25, cv: 3, pattern: "weibull" },
        ],
      },
      { client: "5", windows: [{ start: 0, rate: 2, cv: 1, pattern: "gamma" }] },
    ]);
  });

  test("reads the chunk of one client, which has no header", () => {
    expect(readClientWindows([text("servegen-chunk.csv")], { file: "t", client: "7" })).toEqual([
      {
        client: "7",
        windows: [
          { start: 0, rate: 0.5, cv: 1.2, pattern: "gamma" },
          { start: 1200, rate: 0.2, cv: 3, pattern: "weibull" },
        ],
      },
    ]);
  });

  test.each([
    ["words for a rate", "0,x,1,Gamma,1,1", 't:1:3 rate_rps: is "x", but must be a number'],
    ["an unknown pattern", "0,1,1,Pareto,1,1", 't:1:7 pattern: is "Pareto", but must be Gamma or Weibull'],
    ["too few columns", "0,1,1", "t:1:6 the number of fields is 3"],
  ])("refuses %s", (_, line, message) => {
    expect(() => readClientWindows([line], { file: "t" })).toThrow(message);
  });
});

describe("readTokenShares", () => {
  test("reads Python's dictionaries in text, and leaves other numbers", () => {
    const shares = readTokenShares(text("servegen-dataset.json"), "t");
    expect(Object.fromEntries(shares.get(0)!)).toEqual({
      input_tokens: { tokens: [45, 46], shares: [0.25, 0.75] },
      output_tokens: { tokens: [7], shares: [1] },
    });
  });

  test.each([
    ["what is no JSON", "{", "is not JSON"],
    ["other text", '{"0": {"input_tokens": "45"}}', "0.input_tokens: is"],
    ["a dictionary of words", '{"0": {"input_tokens": "{a: 1}"}}', "but must look like {45: 0.0096"],
  ])("refuses %s", (_, json, message) => {
    expect(() => readTokenShares(json, "t")).toThrow(message);
  });
});
