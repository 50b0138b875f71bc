// What the GPUs of a fleet cost, and how its pools were scaled, as tables. Nothing where no GPU has a price and no pool
// has changed.
import { GPU_STATES, type InstanceStateName } from "../../base/instance-state.js";
import type { ScalingResult } from "../../results/metrics/scaling.js";
import type { RunResult } from "../../results/shape/result.js";
import { hasChanged } from "../text/fleet-block.js";
import * as format from "../text/format.js";
import { html, type Part } from "./markup.js";
import { facts, MISSING, shown, type TableColumn, table } from "./tables.js";

type PoolRow = RunResult["pools"][number];

const SECONDS_PER_HOUR = 3600;

/** Of all replications where there are several. */
export function gpuCosts({ fleet, pools, replications }: RunResult): Part {
  if (!fleet.isPriced) return null;
  if (fleet.gpuCost === null)
    return html`<p class="warning">What the GPUs cost is not known: some of them have no price.</p>`;
  const { total, unused, perHour, perMonth, perMillionTokens, perSession } = fleet.gpuCost;
  const of = replications.length > 1 ? `, over ${format.count(replications.length)} replications` : "";
  const rates = facts([
    [`GPUs${of}`, format.dollars(total)],
    ["of it reserved and not used", format.dollars(unused)],
    ["per hour", shown(perHour, format.dollars)],
    ["per month of 730 h", shown(perMonth, format.dollars)],
    ["per million tokens", shown(perMillionTokens, format.dollars)],
    ["per finished session", shown(perSession, format.dollars)],
  ]);
  const byPool = table<PoolRow>({
    caption: "GPUs by pool, in the measured window",
    head: "pool",
    name: ({ pool }) => pool,
    columns: [{ head: "cost", cell: ({ gpuCost }) => shown(gpuCost, format.dollars) }, ...hourColumns(pools)],
    rows: pools,
  });
  return html`<h3>What GPUs cost</h3>${rates}${byPool}`;
}

/** GPU-hours by the state of the instances that held them, of states that occur. */
function hourColumns(pools: readonly PoolRow[]): TableColumn<PoolRow>[] {
  const hours = ({ gpuSeconds }: PoolRow, state: InstanceStateName) =>
    (gpuSeconds[state] ?? 0) / SECONDS_PER_HOUR;
  return GPU_STATES.filter((state) => pools.some((pool) => hours(pool, state) > 0)).map((state) => ({
    head: `GPU-hours ${state}`,
    cell: (pool) => format.number(hours(pool, state)),
  }));
}

export function scalingTable({ pools }: RunResult): Part {
  const rows = pools.flatMap(({ pool, scaling }) =>
    scaling !== null && hasChanged(scaling) ? [{ pool, ...scaling }] : [],
  );
  if (rows.length === 0) return null;
  const times = (count: number, mean: number | null) =>
    mean === null ? MISSING : `${format.count(count)}, ${format.time(mean)} each`;
  return table<ScalingResult & { readonly pool: string }>({
    caption:
      "How pools were scaled: replicas that are missing or too many against those that hold what runs and waits",
    head: "pool",
    name: ({ pool }) => pool,
    columns: [
      { head: "wanted", cell: ({ wanted }) => format.level(wanted) },
      { head: "up", cell: ({ scaleUps }) => format.count(scaleUps) },
      { head: "down", cell: ({ scaleDowns }) => format.count(scaleDowns) },
      { head: "flaps an hour", cell: ({ flapsPerHour }) => format.number(flapsPerHour) },
      { head: "started", cell: ({ starts, startDelayMean }) => times(starts, startDelayMean) },
      { head: "missing", cell: ({ lagMean }) => format.number(lagMean) },
      { head: "of the time", cell: ({ lagShare }) => format.percent(lagShare) },
      { head: "too many", cell: ({ overshootMean }) => format.number(overshootMean) },
      { head: "without GPUs", cell: ({ pendingSeconds }) => format.span(pendingSeconds) },
      {
        head: "waited for a first replica",
        cell: ({ coldWaits, coldWaitMean }) => times(coldWaits, coldWaitMean),
      },
    ],
    rows,
  });
}
