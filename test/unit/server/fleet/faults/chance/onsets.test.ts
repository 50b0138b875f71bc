import { describe, expect, it } from "vitest";
import type { TimeSpec } from "../../../../../../src/core/random/distribution-spec.js";
import { openStream } from "../../../../../../src/core/random/stream.js";
import { Onsets } from "../../../../../../src/core/server/fleet/faults/chance/onsets.js";

const HOUR = 3600;
/** Of incidents: a median of 65 h and a mean of 150 h. */
const CLUSTERED: TimeSpec = {
  dist: "lognormal",
  median: 65 * HOUR,
  sigma: Math.sqrt(2 * Math.log(150 / 65)),
};

describe("onsets", () => {
  it("come as often in the first hours of a run as later", () => {
    const [worlds, days] = [1000, 25];
    const counts = new Array<number>(days).fill(0);
    for (let world = 0; world < worlds; world++) {
      const onsets = new Onsets(CLUSTERED, openStream(String(world), "times"));
      for (; onsets.next < days * 24 * HOUR * 1e6; onsets.advance())
        counts[Math.floor(onsets.next / (24 * HOUR * 1e6))]!++;
    }
    const daily = (24 / 150) * worlds;
    // Counts of one day hardly exceed 1 in a world: about Poisson over worlds.
    for (const day of [counts[0]!, counts[12]!, counts[24]!])
      expect(Math.abs(day - daily)).toBeLessThan(3.9 * Math.sqrt(1.3 * daily));
  });

  it("come in clusters where their gaps are skewed: counts vary far more than those of a Poisson process", () => {
    const worlds = 400;
    const counts = Array.from({ length: worlds }, (_, world) => {
      const onsets = new Onsets(CLUSTERED, openStream(String(world), "counts"));
      let count = 0;
      for (; onsets.next < 1500 * HOUR * 1e6; onsets.advance()) count++;
      return count;
    });
    const mean = counts.reduce((sum, count) => sum + count, 0) / worlds;
    const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / (worlds - 1);
    // In the long run the variance of counts is cv squared of the gaps, 4.3, times their mean.
    expect(variance / mean).toBeGreaterThan(2);
  });
});
