// An instance hangs: it answers nothing, keeps what is inside, and takes more, until health checks have failed often
// enough in a row; then it is killed with all it holds, and starts anew. Checks come at a period of their own, so the
// first one that finds it hanging comes at any part of a period.
import * as z from "zod";
import { after, type Duration, seconds } from "../../../../base/units.js";
import { time } from "../../../../document/times.js";
import { count, duration } from "../../../../document/units.js";
import { createDistribution } from "../../../../random/distribution.js";
import { drawnTime, timeDistribution } from "../../../../random/time-distribution.js";
import { defineFault } from "../fault.js";
import { instanceFault, instanceKeys, type Strike } from "../instance-fault.js";
import { checkInstances } from "../pool-check.js";
import { loseSlots, restartSlots, upAs } from "../victims.js";

const MTBF: Duration = seconds(110_000 * 3600);

const healthCheck = z.strictObject({
  period: duration({ above: 0 }).prefault("10s").describe("A check begins so often."),
  timeout: duration().prefault("1s").describe("A check without an answer has failed after that."),
  failures: count(1, 1000).prefault(3).describe("So many failed ones in a row, and the instance is killed."),
});

/** From when it hangs to when it is killed: that share of a period, more periods, and the last check's timeout. */
function detectionDelay(
  { period, timeout, failures }: z.output<typeof healthCheck>,
  phase: number,
): Duration {
  return (Math.ceil(phase * period) + (failures - 1) * period + timeout) as Duration;
}

export const hang = defineFault({
  name: "hang",
  summary:
    "An instance answers nothing and takes more, until health checks find it; then it is killed and starts anew.",
  source:
    "mtbf: 24 stops by watchdogs and GPU system processors in 21.23 M GPU-hours of Llama 3, for 8 GPUs " +
    "(excerpt, 2024; derived); healthCheck: Kubernetes' defaults of a liveness probe (memory, 2026-11); for: ours",
  options: {
    ...instanceKeys("110000h"),
    healthCheck: healthCheck.prefault({}).describe("How it is found out."),
    for: time
      .prefault("0s")
      .describe("How long from when it is killed to when it is restarted; then its cold start begins."),
  },
  outFor: ({ healthCheck: checks, for: lasts }) => [detectionDelay(checks, 1), lasts],
  check: checkInstances,
  create: ({ healthCheck: checks, for: lasts, ...options }, { fleet, ...context }) =>
    instanceFault(options, MTBF, { fleet, ...context }, (open): Strike => {
      const lengths = createDistribution(timeDistribution(lasts), open("lengths"));
      const phase = open("checks");
      return (slots, now, toll, agenda) => {
        const [delay, length] = [detectionDelay(checks, phase.uniform()), drawnTime(lengths.sample())];
        const found = upAs(fleet, slots).filter(({ slot }) => fleet.instances.speedOf(slot) > 0);
        for (const { slot } of found) {
          fleet.setSpeed(slot, 0, now);
          toll.pools.add(fleet.instances.poolOf(slot));
        }
        if (found.length === 0) return;
        agenda.plan(after(now, Math.max(1, delay) as Duration), (killed, taken) => {
          const hanging = found.filter(({ isThere }) => isThere()).map(({ slot }) => slot);
          const lost = loseSlots(fleet, hanging, killed, taken);
          if (lost.length > 0)
            agenda.plan(after(killed, length), (end, mended) => restartSlots(fleet, lost, end, mended));
        });
      };
    }),
});
