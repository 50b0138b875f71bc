// From the book of a source's sessions to a row of the result, and to one for all sources together. Knows books by
// their numbers; who keeps them is not known here.
import { QuantileSketch } from "../../stats/quantile-sketch.js";
import type { SessionResult } from "./result.js";
import { ratio, summary } from "./tier-result.js";

/** Resolution of the sketches, as their books have it: a microsecond, a request, a millionth of a dollar. */
const UNITS = { duration: 1e-6, requests: 1, cost: 1e-6 } as const;

/** What is counted of sessions that began in the measured window. */
export interface SessionTotals {
  readonly startedCount: number;
  readonly finishedCount: number;
  readonly abandonedCount: number;
  readonly openCount: number;
  /** Of finished ones: seconds from the first request to the last answer, requests, US dollars. */
  readonly duration: QuantileSketch;
  readonly requests: QuantileSketch;
  readonly cost: QuantileSketch;
  /** US dollars that abandoned ones had cost. */
  readonly abandonedCost: number;
}

/** Sessions of one source, or of all, as thresholds see them. */
export interface JudgedSessions {
  readonly row: SessionResult;
  readonly totals: SessionTotals;
}

/** `isPriced`: whether anything costs anything in this run. */
export function sessionResult(source: string, totals: SessionTotals, isPriced: boolean): SessionResult {
  const { startedCount, finishedCount, abandonedCount, openCount } = totals;
  return {
    source,
    started: startedCount,
    finished: finishedCount,
    abandoned: abandonedCount,
    open: openCount,
    duration: summary(totals.duration),
    requests: summary(totals.requests),
    costPerFinished: isPriced ? ratio(totals.cost.sum + totals.abandonedCost, finishedCount) : null,
    abandonRate: ratio(abandonedCount, finishedCount + abandonedCount),
  };
}

/** All sources together. */
export function mergedSessions(all: readonly SessionTotals[]): SessionTotals {
  const sum = (read: (totals: SessionTotals) => number) => all.reduce((so, one) => so + read(one), 0);
  const merged = (name: keyof typeof UNITS) => {
    const sketch = new QuantileSketch({ unit: UNITS[name] });
    for (const one of all) sketch.merge(one[name]);
    return sketch;
  };
  return {
    startedCount: sum((one) => one.startedCount),
    finishedCount: sum((one) => one.finishedCount),
    abandonedCount: sum((one) => one.abandonedCount),
    openCount: sum((one) => one.openCount),
    duration: merged("duration"),
    requests: merged("requests"),
    cost: merged("cost"),
    abandonedCost: sum((one) => one.abandonedCost),
  };
}
