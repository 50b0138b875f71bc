// What a result holds of a pool: what it runs on, and how full it was. The numbers come from the engine's recorder.
import { MAX, MEAN, SAME, SUM } from "./pooling.js";
import { cell, type ResultOf } from "./rows.js";

/** In the order in which a result has them. Averages are over the measured window. */
export const POOL_ROWS = {
  pool: cell("name", "text", SAME),
  replicas: cell("replicas", "count", SAME),
  profile: cell("name of its step-time profile, null without one", "optional-text", SAME),
  estimate: cell("whether the profile's numbers are only an estimate", "flag", SAME),
  gpus: cell("the GPUs that they take together", "count", SAME),
  slots: cell("sequences that fit at once", "count", SAME),
  slotsBusyMean: cell(
    "sequences being served, averaged over the measured window; null if the run was cut off before it",
    "measured",
    MEAN,
  ),
  kvUsedMean: cell(
    "tokens of KV cache in use, the mean of samples, one a bin of the history; null likewise",
    "measured",
    MEAN,
  ),
  kvPeak: cell(
    "the most tokens of KV cache that one replica had in use in the measured window; null for no bound",
    "measured",
    MAX,
  ),
  kvTokens: cell("tokens of KV cache there is room for; null for no bound", "measured", SAME),
  queuedMean: cell("requests waiting, averaged likewise", "measured", MEAN),
  preemptions: cell("sequences that lost their memory on the way, over the whole run", "count", SUM),
  lostTokens: cell("tokens of KV cache that they lost", "count", SUM),
};

export type PoolResult = ResultOf<typeof POOL_ROWS>;
