// An instance works at a share of its speed for a while, as a GPU does that is throttled for heat or shares its host
// with something else, and serves on. One that is slow already, or hangs, is left alone.
import { after, type Duration, seconds } from "../../../../base/units.js";
import { time } from "../../../../document/times.js";
import { share } from "../../../../document/units.js";
import { createDistribution } from "../../../../random/distribution.js";
import { drawnTime, timeDistribution } from "../../../../random/time-distribution.js";
import { SLOWEST } from "../../../replica/speed.js";
import { defineFault } from "../fault.js";
import { instanceFault, instanceKeys, type Strike } from "../instance-fault.js";
import { checkInstances } from "../pool-check.js";
import { upAs } from "../victims.js";

const MTBF: Duration = seconds(10_000 * 3600);

export const slowDown = defineFault({
  name: "slow-down",
  summary: "An instance works at a share of its speed for a while.",
  source: "all ours: how often serving GPUs are throttled is not published",
  options: {
    ...instanceKeys("10000h"),
    speed: share({ from: SLOWEST, below: 1 })
      .prefault("50%")
      .describe("The share of its speed that is left."),
    for: time.prefault("30m").describe("How long it lasts."),
  },
  outFor: ({ for: lasts }) => [lasts],
  check: checkInstances,
  create: ({ speed, for: lasts, ...options }, { fleet, ...context }) =>
    instanceFault(options, MTBF, { fleet, ...context }, (open): Strike => {
      const lengths = createDistribution(timeDistribution(lasts), open("lengths"));
      const { instances } = fleet;
      return (slots, now, toll, agenda) => {
        const length = drawnTime(lengths.sample());
        const slowed = upAs(fleet, slots).filter(({ slot }) => instances.speedOf(slot) === 1);
        for (const { slot } of slowed) {
          fleet.setSpeed(slot, speed, now);
          toll.pools.add(instances.poolOf(slot));
        }
        if (slowed.length === 0) return;
        agenda.plan(after(now, length), (end, mended) => {
          for (const { slot, isThere } of slowed) {
            if (!isThere() || instances.speedOf(slot) !== speed) continue;
            fleet.setSpeed(slot, 1, end);
            mended.pools.add(instances.poolOf(slot));
          }
        });
      };
    }),
});
