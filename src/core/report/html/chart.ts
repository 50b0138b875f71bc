// What a chart is: lines, each of one column of the history, over one axis. Knows neither which there are nor how they
// are drawn.
import type { ElasticSeriesKey, PoolSeriesKey, TierSeriesKey } from "../../results/metrics/series.js";

export interface ChartLine {
  readonly label: string;
  /** Where in the history its numbers are. */
  readonly from:
    | readonly ["tiers", number, TierSeriesKey]
    | readonly ["pools", number, PoolSeriesKey | ElasticSeriesKey];
  /** What they are multiplied by; where `perSecond`, they are also divided by the width of a bin. */
  readonly scale: number;
  readonly perSecond: boolean;
  /** Colour and dashes, by number. */
  readonly tone: number;
  readonly dash: number;
  /** Left out: a plain line. Bars stand at the bottom, by a scale of their own. */
  readonly as?: "area" | "steps" | "bars";
  /** Where it is not that of its chart. */
  readonly unit?: string;
}

export interface Chart {
  readonly id: string;
  readonly title: string;
  /** Behind the numbers of the axis. */
  readonly unit: string;
  readonly lines: readonly ChartLine[];
  /** Whether each line stands on the one before, as an area. */
  readonly isStacked?: boolean;
}
