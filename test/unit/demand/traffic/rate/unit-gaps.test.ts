import { mean, standardDeviation } from "simple-statistics";
import { describe, expect, it } from "vitest";
import { createUnitGaps } from "../../../../../src/core/demand/traffic/rate/unit-gaps.js";
import { createDistribution } from "../../../../../src/core/random/distribution.js";
import { openStream } from "../../../../../src/core/random/stream.js";
import { gear } from "../../../../support/mode.js";
import { seeds } from "./fleet.js";

const COUNT = gear(15_000, 40_000);
const RUNS = gear(2000, 5000);

/** Kolmogorov-Smirnov between two samples of one size, at a significance of .001. */
function expectSameLaw(one: number[], other: number[]): void {
  const [first, second] = [one, other].map((sample) => Float64Array.from(sample).sort());
  let distance = 0;
  let behind = 0;
  first!.forEach((value, index) => {
    while (behind < COUNT && second![behind]! <= value) behind++;
    distance = Math.max(distance, Math.abs(index + 1 - behind) / COUNT);
  });
  expect(distance * Math.sqrt(COUNT / 2)).toBeLessThan(1.9495);
}

it("gaps of the least cv that a scenario may state are as good as alike", () => {
  const gaps = createUnitGaps(0.001, openStream("1", "arrivals"));
  const all = Array.from({ length: 2000 }, () => gaps.next());
  expect(mean(all)).toBeCloseTo(1, 3);
  expect(standardDeviation(all)).toBeCloseTo(0.001, 4);
});

describe.each([0.5, 1, 1.2, 3.2])("gaps of cv %d", (cv) => {
  const gaps = createUnitGaps(cv, openStream("1", "arrivals"));
  const all = Array.from({ length: COUNT }, () => gaps.next());

  it("are of the gamma distribution of mean 1", () => {
    const gamma = createDistribution({ dist: "gamma", mean: 1, cv }, openStream("2", "gamma"));
    expectSameLaw(
      all,
      Array.from({ length: COUNT }, () => gamma.sample()),
    );
    expect(Math.abs(mean(all) - 1)).toBeLessThan((4 * cv) / Math.sqrt(COUNT));
    expect(standardDeviation(all) / cv).toBeCloseTo(1, 1);
  });

  it("begin with what is left of the gap that one comes upon", () => {
    const first = seeds(RUNS).map((seed) => createUnitGaps(cv, openStream(seed, "arrivals")).first());
    const expected = (1 + cv * cv) / 2;
    expect(Math.abs(mean(first) - expected)).toBeLessThan((4 * standardDeviation(first)) / Math.sqrt(RUNS));
  });
});
