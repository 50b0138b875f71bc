import { describe, expect, it } from "vitest";
import {
  softOf,
  WindowLimits,
  wholeLimit,
  windowLimitsOf,
} from "../../../../../src/core/server/gateway/accounts/window-limits.js";

const limits = () =>
  new WindowLimits([
    { perMinute: 8.4, burst: 1, soft: 0.5 },
    { perMinute: 100, burst: 1 },
  ]);

it("are as whole as amounts are, for each row by its own factor", () => {
  const all = limits();
  all.scale(3, 0, 1.5);
  expect([all.of(0, 0), all.of(3, 0), all.of(3, 1)]).toEqual([8, 12, 100]);
  all.copyRow(3, 4);
  expect([all.of(4, 0), all.of(5, 0)]).toEqual([12, 8]);
  expect(() => new WindowLimits([{ perMinute: 0.9, burst: 1 }])).toThrow(/lets something in/);
});

it("soften beyond a share of what the row has, where one is stated", () => {
  const all = limits();
  all.scale(1, 0, 2);
  const isOver = (row: number, column: number, used: number) => all.isOverSoft(row, column, used);
  expect([isOver(0, 0, 4), isOver(0, 0, 5), isOver(1, 0, 8), isOver(1, 0, 9)]).toEqual([
    false,
    true,
    false,
    true,
  ]);
  expect(isOver(0, 1, 1e9)).toBe(false);
});

const specs = (...rates: readonly number[]) => rates.map((perMinute) => ({ perMinute, burst: 1 }));

describe("limits of a meter", () => {
  it("of windows are whole, as amounts are, and at least one", () => {
    expect([...windowLimitsOf(specs(8.4, 9, (0.7 + 0.1 + 0.1) * 10))]).toEqual([8, 9, 9]);
    expect(() => windowLimitsOf(specs(5, 0.9))).toThrow("lets something in");
  });

  it("that should be whole are not one less for a rounding", () => {
    expect([60 * (1 + 0.1 + 0.1), 0.1 * 3 * 10, 1e9 - 1e-7].map(wholeLimit)).toEqual([72, 3, 1e9]);
    expect(wholeLimit(2.9999)).toBe(2);
  });

  it("are soft nowhere unless it is said", () => {
    expect([...softOf([{ perMinute: 1, burst: 1, soft: 0.8 }, ...specs(1)])]).toEqual([
      0.8,
      Number.POSITIVE_INFINITY,
    ]);
  });
});
