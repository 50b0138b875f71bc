import { expect, test } from "vitest";
import { UnderWay } from "../../../../../src/core/server/gateway/accounts/under-way.js";

test("so many are under way at once, by row, and each that ends makes room for one", () => {
  const meter = new UnderWay(2);
  for (const row of [0, 500]) {
    meter.advance(row);
    meter.take(row, 0, 1);
  }
  meter.take(0, 0, 1);
  expect([meter.holds(0, 0, 1), meter.holds(500, 0, 1)]).toEqual([false, true]);
  expect([meter.state(0), meter.state(500).remaining]).toEqual([
    { perMinute: undefined, size: 2, remaining: 0, reset: undefined },
    1,
  ]);
  meter.giveBack(0, 0, 1);
  expect(meter.holds(0, 0, 1)).toBe(true);
});

test("no wait can be told: no clock ends an attempt", () => {
  const meter = new UnderWay(1);
  meter.advance(0);
  expect(meter.waitFor(0, 0, 1)).toBe(0);
  meter.take(0, 0, 1);
  expect(meter.waitFor(0, 0, 1)).toBeUndefined();
});

test("what ends twice is found (LAW-10)", () => {
  const meter = new UnderWay(1);
  meter.advance(0);
  meter.take(0, 0, 1);
  meter.giveBack(0, 0, 1);
  expect(() => meter.giveBack(0, 0, 1)).toThrow("LAW-10");
  expect(() => new UnderWay(0)).toThrow("may do something");
});
