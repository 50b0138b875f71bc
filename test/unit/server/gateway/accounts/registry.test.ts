import { expect, test } from "vitest";
import { instant } from "../../../../../src/core/base/units.js";
import { createMeter, METERS } from "../../../../../src/core/server/gateway/accounts/registry.js";

test("the first kind is the one that is meant where nothing is said", () => {
  expect(METERS.map(({ name, hasBurst }) => [name, hasBurst])).toEqual([
    ["bucket", true],
    ["sliding", false],
    ["fixed", false],
  ]);
});

test.each(METERS)("$name has a column for each limit, with a soft share of its own", ({ name }) => {
  const meter = createMeter(name, [
    { perMinute: 10, burst: 10, soft: 0.8 },
    { perMinute: 20, burst: 20 },
  ]);
  meter.advance(0, instant(0));
  const isOver = (column: number, amount: number) => {
    meter.take(0, column, amount);
    return meter.isOverSoft(0, column);
  };
  expect([isOver(0, 8), isOver(0, 1), isOver(1, 20)]).toEqual([false, true, false]);
  expect([0, 1].map((column) => meter.state(0, column, instant(0)).remaining)).toEqual([1, 0]);
});
