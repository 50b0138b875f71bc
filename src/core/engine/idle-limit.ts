// How long a run goes on in which requests wait and nothing happens but samples and control: until every plan that
// could bring capacity has had its time. Beyond that no replica will ever be up. Knows a scenario's times only.
import { type Duration, seconds } from "../base/units.js";
import type { Scenario } from "../scenario/schema.js";

/** The windows of autoscalers are an hour at most by default. */
const PATIENCE = seconds(2 * 3600);
/** Repairs take days. */
const REPAIR = seconds(8 * 24 * 3600);

export function idleLimit({ pools, faults, outages }: Scenario): Duration {
  const plans = Object.values(pools).map(({ autoscaler }): number => {
    if (autoscaler === undefined) return 0;
    const { downWindow, upWindow } = autoscaler;
    const windows = Math.max(downWindow, upWindow);
    if (autoscaler.algorithm === "predictive") return windows + autoscaler.season;
    if (autoscaler.algorithm !== "schedule") return windows;
    return windows + (autoscaler.every ?? autoscaler.steps.at(-1)!.at);
  });
  const mends = Object.keys(faults).length + outages.length > 0;
  return (Math.max(...plans) + (mends ? REPAIR : PATIENCE)) as Duration;
}
