// The fleet as lines of the report: what GPUs cost and what was got for it, and how each pool that changed was scaled.
// Left out where no GPU has a price and nothing changed.
import type { ScalingResult } from "../../results/metrics/scaling.js";
import type { RunResult } from "../../results/shape/result.js";
import * as format from "./format.js";
import type { Style } from "./style.js";
import { leftAligned, widest } from "./width.js";

const INDENT = "  ";

export function fleetBlock({ fleet, pools }: RunResult, { bold, warn }: Style): string[] {
  const scaled = pools.flatMap(({ pool, scaling }) =>
    scaling !== null && hasChanged(scaling) ? [{ pool, scaling }] : [],
  );
  const costs = costWords(fleet, warn);
  if (costs.length === 0 && scaled.length === 0) return [];
  const name = widest(scaled.map(({ pool }) => pool));
  return [
    [bold("FLEET"), ...costs].join(INDENT),
    ...scaled.map(
      ({ pool, scaling }) =>
        `${INDENT}${leftAligned(pool, name)}${INDENT}${scalingWords(scaling).join(", ")}`,
    ),
  ];
}

/** What it cost, after the heading. */
function costWords({ isPriced, gpuCost }: RunResult["fleet"], warn: Style["warn"]): string[] {
  if (!isPriced) return [];
  if (gpuCost === null) return [warn("cost unknown: some of its GPUs have no price")];
  const { total, unused, perHour, perMonth, perMillionTokens, perSession } = gpuCost;
  const words = [
    `${format.dollars(total)} for GPUs`,
    ...(perHour === null ? [] : [`${format.dollars(perHour)} an hour`]),
    ...(perMonth === null ? [] : [`${format.dollars(perMonth)} a month`]),
    ...(perMillionTokens === null ? [] : [`${format.dollars(perMillionTokens)} per million tokens`]),
    ...(perSession === null ? [] : [`${format.dollars(perSession)} per finished session`]),
    ...(unused > 0 ? [`${format.dollars(unused)} of it reserved and not used`] : []),
  ];
  return [words.join(", ")];
}

/** Whether anything was scaled, started or waited for. */
export function hasChanged({
  starts,
  scaleUps,
  scaleDowns,
  pendingSeconds,
  coldWaits,
}: ScalingResult): boolean {
  return starts + scaleUps + scaleDowns + pendingSeconds + coldWaits > 0;
}

function scalingWords(scaling: ScalingResult): string[] {
  const { wanted, scaleUps, scaleDowns, flapsPerHour, starts, startDelayMean } = scaling;
  const { lagMean, lagShare, overshootMean, pendingSeconds, coldWaits, coldWaitMean } = scaling;
  return [
    `${format.level(wanted)} wanted on average`,
    `${format.count(scaleUps)} up and ${format.count(scaleDowns)} down`,
    ...(flapsPerHour > 0 ? [`${format.number(flapsPerHour)} flaps an hour`] : []),
    ...(startDelayMean === null
      ? []
      : [`${format.count(starts)} started, ${format.time(startDelayMean)} each`]),
    ...(lagShare > 0
      ? [
          `fewer ready than needed ${format.percent(lagShare)} of the time, by ${format.number(lagMean)} on average`,
        ]
      : []),
    ...(overshootMean > 0 ? [`${format.number(overshootMean)} more than needed on average`] : []),
    ...(pendingSeconds > 0 ? [`${format.span(pendingSeconds)} without GPUs`] : []),
    ...(coldWaitMean === null
      ? []
      : [`${format.count(coldWaits)} waited ${format.time(coldWaitMean)} for a first replica`]),
  ];
}
