import { expect, it } from "vitest";
import { type Duration, type Instant, NEVER } from "../../../src/core/base/units.js";
import { measuredWindow } from "../../../src/core/engine/measured-window.js";

const times = (warmup: number, duration: number | undefined, drain = false) => ({
  warmup: warmup as Duration,
  ...(duration !== undefined && { duration: duration as Duration }),
  drain,
});

it("is followed by at most one more of its length, with arrivals", () => {
  const wanted = { from: 10, until: 40, arrivalsUntil: 70, followedUntil: 70 };
  expect(measuredWindow(times(10, 40))).toEqual(wanted);
  expect(measuredWindow(times(10, 40), "attempts")).toEqual(wanted);
  expect(measuredWindow(times(10, 40), "nothing")).toEqual({
    ...wanted,
    arrivalsUntil: 40,
    followedUntil: 40,
  });
});

it("is followed without arrivals, and for as long as it takes, where a scenario says so", () => {
  expect(measuredWindow(times(10, 40, true))).toEqual({
    from: 10,
    until: 40,
    arrivalsUntil: 40,
    followedUntil: NEVER,
  });
});

it("ends where a trace does", () => {
  const never = { from: 10 as Instant, until: NEVER, arrivalsUntil: NEVER, followedUntil: NEVER };
  expect(measuredWindow(times(10, undefined, true))).toEqual(never);
});
