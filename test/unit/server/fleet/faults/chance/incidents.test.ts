import { quantileSorted } from "simple-statistics";
import { describe, expect, it } from "vitest";
import { seconds } from "../../../../../../src/core/base/units.js";
import { openStream } from "../../../../../../src/core/random/stream.js";
import { timeDistribution } from "../../../../../../src/core/random/time-distribution.js";
import { Incidents } from "../../../../../../src/core/server/fleet/faults/chance/incidents.js";
import { kolmogorovSmirnov } from "../../../../../support/goodness-of-fit.js";

const MINUTE = 60;
const lengths = timeDistribution({ median: seconds(60 * MINUTE), p90: seconds(300 * MINUTE) });

const drawn = (least: number, most: number) => {
  const incidents = new Incidents(
    { lengths, least, most },
    openStream("1", "lengths"),
    openStream("1", "shares"),
  );
  return Array.from({ length: 6000 }, () => incidents.next());
};

describe("incidents", () => {
  it("last as long as the published ones do", () => {
    const minutes = drawn(0.05, 0.5)
      .map(({ lasts }) => lasts / 1e6 / MINUTE)
      .sort((one, other) => one - other);
    // A quantile of n draws has an error of sqrt(p (1 - p) / n) in its rank: the bounds are those ranks' quantiles.
    for (const [p, published] of [
      [0.5, 60],
      [0.9, 300],
    ] as const) {
      const error = 3.29 * Math.sqrt((p * (1 - p)) / minutes.length);
      expect(quantileSorted(minutes, p - error)).toBeLessThan(published);
      expect(quantileSorted(minutes, p + error)).toBeGreaterThan(published);
    }
  });

  it("fail shares that lie between the two bounds alike, and do not move with their lengths", () => {
    const shares = Float64Array.from(drawn(0.05, 0.5), ({ share }) => share);
    const { statistic, limit } = kolmogorovSmirnov(shares, (share) => (share - 0.05) / 0.45);
    expect(statistic).toBeLessThan(limit);
    const lasting = (least: number, most: number) => drawn(least, most).map(({ lasts }) => lasts);
    expect(lasting(0.2, 0.2)).toEqual(lasting(0.05, 0.5));
  });
});
