import { describe, expect, it } from "vitest";
import { axisOf, readRange, type Spacing } from "../../../../src/core/tools/planning/axis.js";

const axis = (text: string, spacing: Spacing) => axisOf(readRange(text), spacing);

describe("an axis", () => {
  it("lays out whole, even and relative steps, with their unit", () => {
    expect(axis("replicas=3..6", { kind: "whole" }).values).toEqual([3, 4, 5, 6]);
    expect(axis("a.b=0%..20%", { kind: "even", tolerance: 0.25 }).texts).toEqual([
      "0%",
      "5%",
      "10%",
      "15%",
      "20%",
    ]);
    expect(axis("maxQueue=0..32", { kind: "even", tolerance: 0.1 }).values).toEqual([
      ...[0, 3, 6, 10, 13, 16, 19, 22, 26, 29, 32],
    ]);
    expect(axis("reserve=0.5..1.5", { kind: "even", tolerance: 0.25 }).values).toEqual([
      0.5, 0.75, 1, 1.25, 1.5,
    ]);
    const { values } = axis("load=0.5..4", { kind: "ratio", tolerance: 0.02 });
    expect([values[0], values.at(-1)]).toEqual([0.5, 4]);
    expect(Math.max(...values.slice(1).map((value, index) => value / values[index]!))).toBeLessThan(1.0201);
  });

  it.each(["replicas", "replicas=9..3", "replicas=1.5..3", "a=1s..2%"])("refuses %s", (text) => {
    expect(() => axis(text, { kind: "whole" })).toThrow(`${text}: `);
  });
});
