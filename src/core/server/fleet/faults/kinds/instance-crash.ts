// The process of an instance dies: what is inside is lost, and it starts anew where it stands.
import { after, type Duration, seconds } from "../../../../base/units.js";
import { time } from "../../../../document/times.js";
import { createDistribution } from "../../../../random/distribution.js";
import { drawnTime, timeDistribution } from "../../../../random/time-distribution.js";
import { defineFault } from "../fault.js";
import { instanceFault, instanceKeys, type Strike } from "../instance-fault.js";
import { checkInstances } from "../pool-check.js";
import { loseSlots, restartSlots } from "../victims.js";

const MTBF: Duration = seconds(50_000 * 3600);

export const instanceCrash = defineFault({
  name: "instance-crash",
  summary: "The process of an instance dies with all that is inside, and starts anew.",
  source:
    "mtbf: 54 software stops in 21.23 M GPU-hours of Llama 3 on 16,384 H100, for 8 GPUs " +
    "(excerpt, 2024; derived); for: a restart of 10 min (ours)",
  options: {
    ...instanceKeys("50000h"),
    for: time.prefault("10m").describe("How long until it is restarted; then its cold start begins."),
  },
  outFor: ({ for: lasts }) => [lasts],
  check: checkInstances,
  create: ({ for: lasts, ...options }, context) =>
    instanceFault(options, MTBF, context, (open): Strike => {
      const lengths = createDistribution(timeDistribution(lasts), open("lengths"));
      return (slots, now, toll, agenda) => {
        const length = drawnTime(lengths.sample());
        const lost = loseSlots(context.fleet, slots, now, toll);
        if (lost.length === 0) return;
        agenda.plan(after(now, length), (end, mended) => restartSlots(context.fleet, lost, end, mended));
      };
    }),
});
