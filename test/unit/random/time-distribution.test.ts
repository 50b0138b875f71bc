import { expect, it } from "vitest";
import { type Duration, seconds } from "../../../src/core/base/units.js";
import { createDistribution } from "../../../src/core/random/distribution.js";
import { openStream } from "../../../src/core/random/stream.js";
import { timeDistribution } from "../../../src/core/random/time-distribution.js";

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
