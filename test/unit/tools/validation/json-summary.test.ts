import { describe, expect, it } from "vitest";
import { SurgefleetError } from "../../../../src/core/index.js";
import { JsonSummary } from "../../../../src/core/tools/validation/json-summary.js";

const summary = (root: unknown) => new JsonSummary(root, "s.json", { line: 3 });
const told = (one: JsonSummary): string[] => {
  try {
    one.finish();
    return [];
  } catch (error) {
    const issues = error instanceof SurgefleetError ? error.issues : [];
    return issues.map(({ line, path, message }) => `${line} ${path} ${message}`);
  }
};

describe("JsonSummary", () => {
  it("finds values by path, also in lists, and nothing in prototypes", () => {
    const one = summary({ a: { b: [{ c: 2 }] }, d: "x" });
    expect(one.get("a.b.0.c")).toBe(2);
    expect([one.get("a.x.y"), one.get("a.constructor"), one.text("d"), one.text("a")]).toEqual([
      undefined,
      undefined,
      "x",
      "",
    ]);
    expect(one.has("a", "d")).toBe(true);
    expect(one.has("a", "e")).toBe(false);
  });

  it("takes the first number that is there, and complains of what is none", () => {
    const one = summary({ a: null, b: 4, c: "x", d: 0, e: -1 });
    expect([one.maybe("z", "a"), one.maybe("a", "b"), one.need("b")]).toEqual([null, 4, 4]);
    one.maybe("c");
    one.need("z");
    one.need("d");
    one.need("e");
    expect(told(one)).toEqual([
      '3 c is "\\"x\\"", but must be a number from 0 up',
      "3 z is missing",
      "3 d is 0, but must be above 0",
      expect.stringMatching(/^3 e is "-1"/),
    ]);
  });

  it("names the whole path of what a part complains of", () => {
    const one = summary({ list: [{ a: 1 }] });
    one.part("list.0").need("b");
    expect(told(one)).toEqual(["3 list.0.b is missing"]);
    expect(told(summary({}))).toEqual([]);
  });
});
