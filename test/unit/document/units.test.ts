import { describe, expect, test } from "vitest";
import type * as z from "zod";
import {
  amount,
  count,
  duration,
  fineDuration,
  rate,
  real,
  share,
  showDuration,
  showShare,
} from "../../../src/core/document/units.js";

function read<Value>(schema: z.ZodType<Value>, input: unknown): Value | string {
  const result = schema.safeParse(input);
  return result.success ? result.data : (result.error.issues[0]?.message ?? "");
}

describe("duration", () => {
  test.each([
    ["14d", 14 * 86_400e6],
    ["2h", 7200e6],
    ["10m", 600e6],
    ["30s", 30e6],
    ["250ms", 250_000],
    ["20us", 20],
    ["1.5s", 1_500_000],
    ["0s", 0],
    [90, 90e6],
    [0.25, 250_000],
    // Rounded once, and never to nothing.
    ["1.4us", 1],
    ["0.1us", 1],
    [1e-9, 1],
  ])("%s is %d microseconds", (input, micros) => {
    expect(read(duration(), input)).toBe(micros);
  });

  test.each(["10", "10 m", "10min", "-1s", "m", "", "1h30m", "1e3s", ".5s", -1, true, null, Number.NaN])(
    "%s is refused with the units there are",
    (input) => {
      expect(read(duration(), input)).toMatch(/is not a duration: .*\(us, ms, s, m, h, d\)/);
    },
  );

  test.each([
    ["50s", { from: 60e6 }, "from 1m to 36525d"],
    ["1ms", { above: 1000 }, "more than 1ms"],
    ["60s", { below: 60e6 }, "less than 1m"],
    ["40000d", {}, "from 0s to 36525d"],
  ])("%s outside %o is refused with the bounds", (input, bounds, words) => {
    expect(read(duration(bounds), input)).toContain(words);
  });

  test.each([
    [0, "0s"],
    [1500, "1500us"],
    [60e6, "1m"],
    [86_400e6, "1d"],
    [0.5, "0.5us"],
  ])("%d microseconds are shown as %s", (micros, text) => {
    expect(showDuration(micros)).toBe(text);
  });
});

test.each([
  ["0.05us", 0.05],
  ["4.483e1us", undefined],
  ["20ms", 20_000],
  [0.0004, 400],
  [1e-7, 0.1],
])("a fine duration keeps the fraction of %s", (input, micros) => {
  expect(read(fineDuration(), input)).toEqual(micros ?? expect.stringContaining("is not a duration"));
});

describe("rate", () => {
  test.each([
    ["20/s", 20],
    ["6000/min", 100],
    ["3.6M/min", 60_000],
    ["36k/min", 600],
    ["1/h", 1 / 3600],
    ["86400/d", 1],
    [12.5, 12.5],
  ])("%s is %d a second", (input, perSecond) => {
    expect(read(rate(), input)).toBe(perSecond);
  });

  test.each(["6000", "6000/mn", "6000/m", "20 /s", "/s", "-1/s", {}])(
    "%s is refused with the units",
    (input) => {
      expect(read(rate(), input)).toMatch(/is not a rate: .*\/s, \/min, \/h, \/d/);
    },
  );

  test.each([0, "0/min", 1e13])("%s is out of range", (input) => {
    expect(read(rate(), input)).toContain("more than 0/s and at most");
  });
});

describe("share", () => {
  test.each([
    ["0.1%", 0.001],
    ["100%", 1],
    ["0.29%", 0.0029],
    [0.07, 0.07],
    [0, 0],
  ])("%s is %d", (input, value) => {
    expect(read(share(), input)).toBe(value);
  });

  test.each(["10", "-1%", "ten%", 5, -0.1, []])("%s is not a share", (input) => {
    expect(read(share(), input)).toContain("is not a share: write a percentage like 0.1%");
  });

  test("bounds are told as percentages", () => {
    expect(read(share({ below: 1 }), "100%")).toContain("at least 0% and less than 100%");
    expect(read(share(), "101%")).toContain("from 0% to 100%");
  });
});

test("a share is shown as a percentage", () => {
  expect([0.3, 1, 0.1 + 0.2, 0.000_123_456_7].map(showShare)).toEqual(["30%", "100%", "30%", "0.0123457%"]);
});

describe("count", () => {
  test.each([
    ["32k", 32_000],
    ["3.6M", 3_600_000],
    ["0.07M", 70_000],
    ["1G", 1e9],
    [7, 7],
    [0, 0],
  ])("%s is %d", (input, value) => {
    expect(read(count(0, 1e12), input)).toBe(value);
  });

  test.each(["32K", "32 k", "k", "1.0001k", 1.5, "12", true])("%s is not a whole number", (input) => {
    expect(read(count(1, 10), input)).toMatch(/whole number|out of range/);
  });

  test("bounds are told", () => {
    expect(read(count(1, 10), 11)).toBe("11 is out of range: it must be from 1 to 10");
  });
});

test("an amount may be a fraction, and must be positive", () => {
  expect([read(amount(), 0.5), read(amount(), "1.5k")]).toEqual([0.5, 1500]);
  expect(read(amount(), 0)).toContain("more than 0");
});

test("a real number keeps to its bounds", () => {
  expect(read(real({ from: 0, below: 2 }), 1.5)).toBe(1.5);
  expect(read(real({ from: 0, below: 2 }), 2)).toContain("at least 0 and less than 2");
  expect(read(real({}), "2")).toBe('"2" is not a number');
});
