// The charts of pools that grow, shrink and break: what each has against what it needs, with what it shed, and its
// instances by state. A pool that stays as it is has none.
import type { ElasticSeriesKey, PoolSeries } from "../../results/metrics/series.js";
import type { RunResult } from "../../results/shape/result.js";
import type { Chart, ChartLine } from "./chart.js";

type Look = Pick<ChartLine, "label" | "tone" | "dash"> &
  Partial<Pick<ChartLine, "as" | "unit" | "perSecond">>;

const CAPACITY: readonly (readonly [ElasticSeriesKey, Look])[] = [
  ["needed", { label: "needed", tone: 1, dash: 0, as: "area" }],
  ["wanted", { label: "wanted", tone: 7, dash: 1, as: "steps" }],
  ["ready", { label: "ready", tone: 0, dash: 0, as: "steps" }],
  ["shed", { label: "shed", tone: 5, dash: 0, as: "bars", unit: "/s", perSecond: true }],
];

/** From the bottom of the stack to its top; where it is an area, a dash is a hatching. */
const STATES: readonly (readonly [ElasticSeriesKey, Look])[] = [
  ["ready", { label: "ready", tone: 2, dash: 0 }],
  ["draining", { label: "draining", tone: 0, dash: 1 }],
  ["hung", { label: "hung", tone: 3, dash: 5 }],
  ["lost", { label: "lost", tone: 5, dash: 5 }],
  ["starting", { label: "starting", tone: 4, dash: 2 }],
  ["pending", { label: "waiting for GPUs", tone: 7, dash: 4 }],
  ["sleeping", { label: "asleep", tone: 6, dash: 3 }],
];

export function fleetCharts({ series }: RunResult): Chart[] {
  return series.pools.flatMap((pool, index) => {
    if (pool.wanted === undefined) return [];
    const capacity = {
      id: `capacity-${index}`,
      title: `Capacity against demand of ${pool.pool}, in replicas`,
      unit: "",
      lines: linesOf(pool, index, CAPACITY),
    };
    const states = {
      id: `states-${index}`,
      title: `Instances of ${pool.pool}, by state`,
      unit: "",
      isStacked: true,
      lines: linesOf(pool, index, STATES),
    };
    return states.lines.length > 1 ? [capacity, states] : [capacity];
  });
}

/** Of what the pool has. */
function linesOf(
  pool: PoolSeries,
  index: number,
  looks: readonly (readonly [ElasticSeriesKey, Look])[],
): ChartLine[] {
  return looks.flatMap(([key, look]) =>
    pool[key] === undefined
      ? []
      : [{ from: ["pools", index, key] as const, scale: 1, perSecond: false, ...look }],
  );
}
