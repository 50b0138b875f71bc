import { describe, expect, it } from "vitest";
import { criticalT, oneSidedT, twoSidedP } from "../../../src/core/stats/student.js";

describe("Student's t", () => {
  // Printed tables: two-sided critical values.
  it.each([
    [1, 0.95, 12.706],
    [4, 0.95, 2.776],
    [9, 0.99, 3.25],
    [63, 0.95, 1.998],
  ])("with %i degrees of freedom at %d reaches %d errors", (freedom, confidence, t) => {
    expect(criticalT(confidence, freedom)).toBeCloseTo(t, 3);
  });

  // Printed tables: one-sided critical values.
  it.each([
    [1, 0.05, 6.314],
    [7, 0.05, 1.895],
    [19, 0.01, 2.539],
  ])(
    "with %i degrees of freedom lies beyond one side with probability %d at %d errors",
    (freedom, risk, t) => {
      expect(oneSidedT(risk, freedom)).toBeCloseTo(t, 3);
      expect(oneSidedT(1 - risk, freedom)).toBeCloseTo(-t, 3);
      // Both sides together as two-sided tables have it.
      expect(oneSidedT(risk / 2, freedom)).toBeCloseTo(criticalT(1 - risk, freedom), 9);
    },
  );

  it("keeps the digits of a very small risk", () => {
    // One degree of freedom is Cauchy's.
    expect(oneSidedT(1e-12, 1) * Math.PI * 1e-12).toBeCloseTo(1, 9);
  });

  it("gives the p value whose confidence would just have reached so far", () => {
    for (const freedom of [1, 5, 9.5, 100]) {
      for (const p of [0.5, 0.05, 1e-6]) {
        const t = criticalT(1 - p, freedom);
        expect(twoSidedP(t, freedom) / p).toBeCloseTo(1, 6);
        expect(twoSidedP(-t, freedom)).toBe(twoSidedP(t, freedom));
      }
    }
  });

  it("keeps the digits of a very small p value, and is 1 at no difference", () => {
    // One degree of freedom is Cauchy's: 2 atan(1 / t) / pi.
    expect(twoSidedP(1e9, 1) / ((2 * Math.atan(1e-9)) / Math.PI)).toBeCloseTo(1, 9);
    expect(twoSidedP(0, 7)).toBe(1);
  });

  it("refuses a confidence that is none", () => {
    expect(() => criticalT(95, 9)).toThrow(/confidence must be above 0 and below 1, got 95/);
    expect(() => oneSidedT(0, 9)).toThrow(/confidence must be above 0 and below 1, got 0/);
  });
});
