import { describe, expect, it } from "vitest";
import { createDistribution } from "../../../../src/core/random/distribution.js";
import { openStream } from "../../../../src/core/random/stream.js";
import { stretch, stretchOf } from "../../../../src/core/server/fleet/stretch.js";

const HOUR = 3600;
const read = (given: unknown) => stretch("constant").parse(given);
/** What all forms have to say. */
const complaint = (given: unknown) => JSON.stringify(stretch("constant").safeParse(given).error?.issues);

describe("a length of time", () => {
  it("is a plain duration, which always is that, or is so on average", () => {
    expect(read("10m")).toEqual({ dist: "constant", value: 600 });
    expect(read(0)).toEqual({ dist: "constant", value: 0 });
    expect(stretch("exponential").parse("6h")).toEqual({ dist: "exponential", mean: 6 * HOUR });
    expect(stretch("exponential").safeParse("0s").success).toBe(false);
  });

  it("is a log-normal by its median and its mean or 90th percentile", () => {
    // The gaps of incidents that elastic.md 2.11 has: sigma by hand, sqrt(2 ln(150 / 65)).
    const gaps = read({ dist: "lognormal", median: "65h", mean: "150h" });
    expect(gaps).toEqual({ dist: "lognormal", median: 65 * HOUR, sigma: expect.closeTo(1.29327, 4) });
    expect(createDistribution(gaps, openStream("1", "gaps")).mean / HOUR).toBeCloseTo(150, 8);
    // Their lengths: ln(5) / 1.28155.
    const lengths = read({ dist: "lognormal", median: "60m", p90: "300m" });
    expect(lengths).toEqual({ dist: "lognormal", median: HOUR, sigma: expect.closeTo(1.25584, 4) });
    const distribution = createDistribution(lengths, openStream("1", "lengths"));
    const draws = Array.from({ length: 20_000 }, () => distribution.sample());
    const beyond = draws.filter((length) => length > 5 * HOUR).length / draws.length;
    expect(Math.abs(beyond - 0.1)).toBeLessThan(3.29 * Math.sqrt(0.09 / draws.length));
    expect(read({ dist: "lognormal", median: "1h", sigma: 0.5 })).toMatchObject({ sigma: 0.5 });
  });

  it("is a mixture", () => {
    const of = [
      { weight: 85, dist: "constant", value: "10m" },
      { weight: 15, dist: "exponential", mean: "4d" },
    ];
    expect(read({ dist: "mixture", of })).toEqual({
      dist: "mixture",
      of: [
        { weight: 85, dist: "constant", value: 600 },
        { weight: 15, dist: "exponential", mean: 4 * 24 * HOUR },
      ],
    });
  });

  it("says what is wrong", () => {
    expect(complaint("soon")).toContain("a duration like 10m");
    expect(complaint({ dist: "lognormal", median: "1h" })).toContain("exactly one of mean, p90 and sigma");
    expect(complaint({ dist: "lognormal", median: "1h", mean: "2h", p90: "3h" })).toContain("exactly one of");
    expect(complaint({ dist: "lognormal", median: "1h", mean: "1h" })).toContain("larger than its median");
    expect(complaint({ dist: "lognormal", median: "1h", p90: "30m" })).toContain("larger than its median");
    expect(complaint({ dist: "pareto", shape: 1 })).toContain("Invalid discriminator");
  });

  it("has no end within a century where the tail goes beyond", () => {
    expect(stretchOf(1.5)).toBe(1.5e6);
    expect(stretchOf(1e30)).toBe(36_525 * 86_400 * 1e6);
  });
});
