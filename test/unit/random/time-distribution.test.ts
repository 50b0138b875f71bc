import fc from "fast-check";
import { expect, it } from "vitest";
import { CENTURY, type Duration, seconds } from "../../../src/core/base/units.js";
import { time } from "../../../src/core/document/times.js";
import { createDistribution } from "../../../src/core/random/distribution.js";
import { distributionProblems } from "../../../src/core/random/distribution-problems.js";
import { openStream } from "../../../src/core/random/stream.js";
import {
  drawnTime,
  longestTime,
  timeDistribution,
  withinCentury,
} from "../../../src/core/random/time-distribution.js";
import { ColdStart } from "../../../src/core/server/fleet/cold-start.js";

it("reads one length, and the mean of an exponential, in seconds", () => {
  expect(timeDistribution(seconds(90))).toEqual({ dist: "constant", value: 90 });
  expect(timeDistribution({ mean: seconds(2.5) })).toEqual({ dist: "exponential", mean: 2.5 });
});

it("reads a log-normal by its median and ninth decile: so many draws are below each", () => {
  const spec = timeDistribution({ median: seconds(60), p90: 120_000_000 as Duration });
  const distribution = createDistribution(spec, openStream("1", "times"));
  const drawn = Array.from({ length: 20_000 }, () => distribution.sample());
  const below = (limit: number) => drawn.filter((value) => value < limit).length / drawn.length;
  // Four standard deviations of a share of 20,000.
  expect(Math.abs(below(60) - 0.5)).toBeLessThan(0.0142);
  expect(Math.abs(below(120) - 0.9)).toBeLessThan(0.0085);
});

it("reads a log-normal by its median and mean", () => {
  // Of gaps between incidents: sigma by hand is sqrt(2 ln(150 / 65)).
  const spec = timeDistribution({ median: seconds(65), mean: seconds(150) });
  expect(spec).toEqual({ dist: "lognormal", median: 65, sigma: expect.closeTo(1.29327, 4) });
  expect(createDistribution(spec, openStream("1", "gaps")).mean).toBeCloseTo(150, 8);
});

it("takes for a constant what hardly varies, or not at all: weights that load within a microsecond, say", () => {
  const micros = (median: number, p90: number) => ({ median: median as Duration, p90: p90 as Duration });
  expect(timeDistribution(micros(1, 1))).toEqual({ dist: "constant", value: 1e-6 });
  expect(timeDistribution(micros(0, 0))).toEqual({ dist: "constant", value: 0 });
  expect(timeDistribution(micros(1e9, 1e9 + 1))).toEqual({ dist: "constant", value: 1000 });
  expect(timeDistribution({ median: 5e6 as Duration, mean: 5e6 as Duration })).toEqual({
    dist: "constant",
    value: 5,
  });
  expect(longestTime(micros(0, 0))).toBe(1);
});

/** The nearest and the furthest ninth decile of a median, and one beyond each. */
const edges = fc.integer({ min: 1, max: 31_000_000 }).map((median) => ({
  right: [median + 1, median * 1e8].map((p90) => ({ median: `${median}us`, p90: `${p90}us` })),
  wrong: [median, median * 1e8 + 1].map((p90) => ({ median: `${median}us`, p90: `${p90}us` })),
}));

it("takes ninth deciles from above the median to a hundred million times it", () => {
  const law = fc.property(edges, ({ right, wrong }) => {
    expect(right.map((written) => time.safeParse(written).success)).toEqual([true, true]);
    expect(wrong.map((written) => time.safeParse(written).success)).toEqual([false, false]);
  });
  fc.assert(law);
});

it("draws from every time that a scenario may state, cold starts among them", () => {
  const length = (min: number, max: number) => fc.integer({ min, max }).map((micros) => `${micros}us`);
  const ends = (min: number) => fc.oneof(length(min, CENTURY), fc.constantFrom(`${min}us`, "36525d"));
  const skewed = fc
    .tuple(ends(1), ends(2))
    .map(([median, mean]) => ({ median, mean }))
    .filter((pair) => time.safeParse(pair).success);
  const written = fc.oneof(
    ends(0),
    ends(1).map((mean) => ({ mean })),
    edges.chain(({ right }) => fc.constantFrom(...right)),
    skewed,
  );
  const law = fc.property(written, fc.nat(), (one, seed) => {
    const read = time.parse(one);
    const spec = timeDistribution(read);
    expect(distributionProblems(spec)).toEqual([]);
    expect(Number.isSafeInteger(longestTime(read))).toBe(true);
    const stages = { provision: spec, image: spec, load: spec, init: spec, wake: spec };
    const start = new ColdStart(stages, openStream(String(seed), "start"));
    const { provision, image, load, init } = start.next();
    for (const drawn of [provision, image, load, init, start.wake(), withinCentury(start.meanOn(false))]) {
      expect(Number.isSafeInteger(drawn)).toBe(true);
      expect(drawn).toBeLessThanOrEqual(CENTURY);
    }
  });
  fc.assert(law);
});

it("knows what 1 draw in 30,000 is longer than", () => {
  expect(longestTime(seconds(90))).toBe(90e6);
  expect(Math.exp(-longestTime({ mean: seconds(1) }) / 1e6)).toBeCloseTo(1 / 30_000, 5);
  // Median 60 s and sigma ln(2) / 1.2816 = 0.5409: 60 s x exp(4 x 0.5409).
  const far = longestTime({ median: seconds(60), p90: seconds(120) }) / 1e6;
  expect(far).toBeCloseTo(60 * Math.exp(4 * (Math.log(2) / 1.28155)), 1);
  expect(longestTime({ median: seconds(1), mean: seconds(1e6) })).toBeLessThanOrEqual(36_525 * 86_400 * 1e6);
});

it("has a draw last a microsecond at least, and a century at most", () => {
  expect([0, 1.5, 1e30].map(drawnTime)).toEqual([1, 1.5e6, 36_525 * 86_400 * 1e6]);
  expect([0, 1.5, 1e30].map(withinCentury)).toEqual([0, 1.5e6, 36_525 * 86_400 * 1e6]);
});
