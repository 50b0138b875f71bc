import { describe, expect, it } from "vitest";
import { metricNamed } from "../../../../src/core/results/metrics/metrics.js";
import { pooledRows } from "../../../../src/core/results/metrics/rows.js";
import { SCALING_ROWS, scalingResult } from "../../../../src/core/results/metrics/scaling.js";
import { ALL_OF_IT } from "../../../../src/core/results/metrics/sliced.js";
import { fleetOf, pooledFrom, scalingTotals } from "./fleets.js";

const asked = { ...ALL_OF_IT, per: null, aggregation: "value", percentile: null } as const;
const sampleOf = (name: string, totals: Parameters<typeof scalingTotals>[0]) =>
  metricNamed(name)!.sample(fleetOf({ scaling: scalingTotals(totals) }), asked);

describe("how pools were scaled, as numbers of a result", () => {
  it("is by time, by the hour, and by what there was of it", () => {
    const totals = scalingTotals({
      missing: 30,
      spare: 900,
      short: 18,
      flaps: 3,
      starts: 4,
      startDelay: 100,
    });
    expect(scalingResult(totals)).toMatchObject({
      ...{ lagMean: 0.05, overshootMean: 1.5, lagShare: 0.03, flapsPerHour: 18, startDelayMean: 25 },
      ...{ coldWaits: 0, coldWaitMean: null },
    });
  });

  it("can be asked for by a threshold, with what it is a share or a mean of as its weight", () => {
    expect(sampleOf("lag_rate", { short: 18 })).toEqual({ value: 0.03, weight: 600 });
    expect(sampleOf("start_delay", { starts: 4, startDelay: 100 })).toEqual({ value: 25, weight: 4 });
    expect(sampleOf("cold_wait", {})).toEqual({ value: null, weight: 0 });
    expect(sampleOf("scale_ups", { scaleUps: 7 })).toEqual({ value: 7, weight: 1 });
    expect(metricNamed("lag_rate")!.sample(fleetOf({}), asked).value).toBeNull();
  });

  it("over replications is counted together, and averaged over all that it is a mean of", () => {
    const rows = [
      scalingTotals({ wanted: 2, starts: 1, startDelay: 10, scaleUps: 3 }),
      scalingTotals({ wanted: 4, starts: 3, startDelay: 90, scaleUps: 5 }),
    ].map(scalingResult);
    expect(pooledRows(SCALING_ROWS, rows, pooledFrom(2))).toMatchObject({
      ...{ wanted: 3, starts: 4, startDelayMean: 25, scaleUps: 8, coldWaitMean: null },
    });
  });
});
