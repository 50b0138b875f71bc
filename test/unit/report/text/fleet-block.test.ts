import { describe, expect, it } from "vitest";
import { fleetBlock } from "../../../../src/core/report/text/fleet-block.js";
import { PLAIN } from "../../../../src/core/report/text/style.js";
import { fleetResult } from "../../../../src/core/results/metrics/fleet.js";
import { scalingResult } from "../../../../src/core/results/metrics/scaling.js";
import { poolRow } from "../../../support/report-result.js";
import { runResult } from "../../../support/run-result.js";
import { fleetOf, gpuCosts, scalingTotals } from "../../results/metrics/fleets.js";

const blockOf = (changes: Parameters<typeof runResult>[0]) => fleetBlock(runResult(changes), PLAIN);
const fleet = (costs: ReturnType<typeof gpuCosts> | null) => fleetResult(fleetOf({ costs }).fleet!);

describe("the fleet in the report", () => {
  it("is left out where nothing has a price and nothing was scaled", () => {
    const pools = [{ ...poolRow("shared"), scaling: scalingResult(scalingTotals({ wanted: 4, spare: 9 })) }];
    expect(blockOf({ pools })).toEqual([]);
  });

  it("has what GPUs cost, as far as that is known", () => {
    expect(blockOf({ fleet: fleet(gpuCosts({ unused: 1.5, sessions: 12 })) })).toEqual([
      "FLEET  $6.00 for GPUs, $12.00 an hour, $8,760.00 a month, $2.00 per million tokens, $0.50 per finished " +
        "session, $1.50 of it reserved and not used",
    ]);
    expect(blockOf({ fleet: fleet(null) })).toEqual(["FLEET  cost unknown: some of its GPUs have no price"]);
  });

  it("has a line for every pool that was scaled", () => {
    const scaling = scalingResult(
      scalingTotals({
        ...{ wanted: 3.25, scaleUps: 4, scaleDowns: 3, flaps: 1, starts: 5, startDelay: 400 },
        ...{ missing: 60, short: 30, spare: 300, pending: 90, coldWaits: 7, coldWait: 84 },
      }),
    );
    const pools = [{ ...poolRow("shared"), scaling }, poolRow("fast")];
    expect(blockOf({ pools })).toEqual([
      "FLEET",
      "  shared  3.25 wanted on average, 4 up and 3 down, 6.00 flaps an hour, 5 started, 80.0s each, fewer ready " +
        "than needed 5% of the time, by 0.100 on average, 0.500 more than needed on average, 1m30s without GPUs, 7 waited 12.0s for a first replica",
    ]);
  });
});
