import { describe, expect, it } from "vitest";
import {
  after,
  duration,
  instant,
  NEVER,
  NO_TIME,
  START,
  seconds,
  since,
  toSeconds,
} from "../../../src/core/base/units.js";

describe("instant", () => {
  it("takes whole microseconds from 0 up, and NEVER", () => {
    expect([instant(0), instant(5), instant(Number.POSITIVE_INFINITY)]).toEqual([START, 5, NEVER]);
  });

  it.each([-1, 0.5, Number.NaN, 2 ** 53, Number.NEGATIVE_INFINITY])("refuses %s", (micros) => {
    expect(() => instant(micros)).toThrow("whole microseconds");
  });
});

describe("duration", () => {
  it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])("refuses %s", (micros) => {
    expect(() => duration(micros)).toThrow("whole microseconds");
  });

  it("comes from seconds by rounding once", () => {
    expect([0, 1, 0.000_000_4, 0.000_000_6, 59.999_999_9].map(seconds)).toEqual([NO_TIME, 1e6, 0, 1, 6e7]);
  });
});

describe("arithmetic of time", () => {
  it("goes forth and back", () => {
    const later = after(instant(3), duration(4));
    expect([later, since(later, instant(3)), toSeconds(seconds(1.5))]).toEqual([7, 4, 1.5]);
  });
});
