import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { around, type Scale } from "../../../src/core/stats/scale.js";

const infinity = Number.POSITIVE_INFINITY;

/** What a value is on its scale, and how steep that is there. */
const SCALES = {
  share: { map: (v: number) => Math.log(v / (1 - v)), slope: (v: number) => 1 / (v * (1 - v)) },
  positive: { map: Math.log, slope: (v: number) => 1 / v },
  excess: { map: (v: number) => Math.log(v - 1), slope: (v: number) => 1 / (v - 1) },
  plain: { map: (v: number) => v, slope: () => 1 },
} as const satisfies Readonly<Record<Scale, unknown>>;
const RANGES: Readonly<Record<Scale, readonly [number, number]>> = {
  share: [0, 1],
  positive: [0, infinity],
  excess: [1, infinity],
  plain: [-infinity, infinity],
};
const NAMES = Object.keys(SCALES) as Scale[];
const LEAST: Readonly<Record<Scale, number>> = { share: 0, positive: 0, excess: 1, plain: -0.5 };

/** Somewhere on a scale, not at its ends. */
const inside = (scale: Scale) =>
  fc.double({ min: 0.001, max: 0.999, noNaN: true }).map((one) => LEAST[scale] + one);
const reach = fc.double({ min: 0, max: 3, noNaN: true });
/** Not so far that rounding close to an end of the scale shows. */
const short = fc.double({ min: 0.01, max: 2, noNaN: true });

describe.each(NAMES)("on the scale called %s, an interval", (scale) => {
  const { map, slope } = SCALES[scale];
  const [least, most] = RANGES[scale];

  it("lies as far to either side as the reach says", () => {
    fc.assert(
      fc.property(inside(scale), short, short, (value, down, up) => {
        // So far on the scale, in the unit of the value.
        const { low, high } = around(value, { below: down / slope(value), above: up / slope(value) }, scale);
        expect(map(value) - map(low)).toBeCloseTo(down, 9);
        expect(map(high) - map(value)).toBeCloseTo(up, 9);
      }),
    );
  });

  it("holds its value, stays in its range, and grows with its reach on that side alone", () => {
    fc.assert(
      fc.property(inside(scale), reach, reach, reach, (value, below, above, more) => {
        const { low, high } = around(value, { below, above }, scale);
        expect(least <= low && low <= value && value <= high && high <= most).toBe(true);
        const lower = around(value, { below: below + more, above }, scale);
        const higher = around(value, { below, above: above + more }, scale);
        expect(lower.low).toBeLessThanOrEqual(low);
        expect(higher.high).toBeGreaterThanOrEqual(high);
        expect([lower.high, higher.low]).toEqual([high, low]);
      }),
    );
  });

  it("is nearly as it would be without a scale where it is short, and all of the scale where it is endless", () => {
    const value = LEAST[scale] + 0.5;
    const { low, high } = around(value, { below: 1e-6, above: 2e-6 }, scale);
    expect((value - low) / 1e-6).toBeCloseTo(1, 4);
    expect((high - value) / 2e-6).toBeCloseTo(1, 4);
    const endless = around(value, { below: infinity, above: infinity }, scale);
    expect([endless.low, endless.high]).toEqual([least, most]);
  });

  it("has no width without a reach", () => {
    const value = LEAST[scale] + 0.25;
    expect(around(value, { below: 0, above: 0 }, scale)).toEqual({ low: value, high: value });
  });
});

describe("an interval at an end of its scale", () => {
  it.each<[Scale, number]>([
    ["share", 0],
    ["share", 1],
    ["positive", 0],
    ["excess", 1],
  ])("%s %d reaches as far as it would without the scale, which has no slope there", (scale, value) => {
    const bounds = around(value, { below: 0.25, above: 0.5 }, scale);
    expect(bounds).toEqual({ low: value - 0.25, high: value + 0.5 });
  });

  it("is 0 or 1 and no NaN where odds are past all doubles", () => {
    expect(around(0.5, { below: 1e6, above: 1e6 }, "share")).toEqual({ low: 0, high: 1 });
  });
});

it("of a share mirrors that of the others", () => {
  fc.assert(
    fc.property(inside("share"), reach, reach, (value, below, above) => {
      const one = around(value, { below, above }, "share");
      const other = around(1 - value, { below: above, above: below }, "share");
      expect(other.low).toBeCloseTo(1 - one.high, 9);
      expect(other.high).toBeCloseTo(1 - one.low, 9);
    }),
  );
});
