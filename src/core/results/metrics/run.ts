// What a result holds of a run as a whole beside its tiers, pools and sessions: how long it was, and what computing it
// took.
import { MEAN, MEAN_OF_ALL, SAME, SUM } from "./pooling.js";
import { cell, type ResultOf } from "./rows.js";

export const TIME_ROWS = {
  simulated: cell("seconds from the start to the last event", "count", MEAN_OF_ALL),
  warmup: cell("seconds at the start that the numbers leave out", "count", SAME),
  measured: cell(
    "seconds of the measured window: from warm-up to the end of arrivals, or of the run where it drains a trace",
    "count",
    MEAN_OF_ALL,
  ),
  offeredRate: cell(
    "requests per second while there were arrivals in the measured window; null without any",
    "measured",
    MEAN,
  ),
};

/** The one part of a result that depends on how it was computed (LAW-5). */
export const WORK_ROWS = {
  events: cell("events the simulator processed, arrivals included", "count", SUM),
  steps: cell("steps that replicas made", "count", SUM),
  epochs: cell("stretches of them that were computed at once", "count", SUM),
};

export type RunTime = ResultOf<typeof TIME_ROWS>;
export type Work = ResultOf<typeof WORK_ROWS>;
