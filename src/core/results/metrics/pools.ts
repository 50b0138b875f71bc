// What a result holds of a pool: what it runs on, and how full it was. The numbers come from the engine's recorder.
import type { ByInstanceState } from "../../base/instance-state.js";
import type { ScalingTotals } from "./judged.js";
import { MAX, MEAN, MEAN_OF_ALL, SAME, SUM, SUM_BY_NAME, SUM_OR_NULL } from "./pooling.js";
import { cell, optionalGroup, type ResultOf, type Row } from "./rows.js";
import { SCALING_ROWS } from "./scaling.js";

const GPU_SECONDS: Row<ByInstanceState> = {
  means: "by state of its instances in the measured window; states that did not occur are left out",
  holds: { kind: "counts" },
  pool: SUM_BY_NAME,
  columns: [],
  texts: [],
  asks: [],
};

/** In the order in which a result has them. Averages are over the measured window. */
export const POOL_ROWS = {
  pool: cell("name", "text", SAME),
  replicas: cell(
    "replicas that serve, averaged over the measured window where they vary",
    "count",
    MEAN_OF_ALL,
  ),
  profile: cell("name of its step-time profile, null without one", "optional-text", SAME),
  engineVersion: cell(
    "version of its engine, as the pool or its profile names it; left out where none is named",
    "text-if-any",
    SAME,
  ),
  estimate: cell("whether the profile's numbers are only an estimate", "flag", SAME),
  uncertainty: cell(
    "spread of its step times between cards of one make, as a share; null where it is not known",
    "measured",
    SAME,
  ),
  gpus: cell("the GPUs that its instances take together, in whatever state, likewise", "count", MEAN_OF_ALL),
  slots: cell("sequences that fit at once, likewise", "count", MEAN_OF_ALL),
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
  kvTokens: cell("tokens of KV cache there is room for, likewise; null for no bound", "measured", MEAN),
  queuedMean: cell("requests waiting, averaged likewise", "measured", MEAN),
  preemptions: cell("sequences that lost their memory on the way, over the whole run", "count", SUM),
  lostTokens: cell("tokens of KV cache that they lost", "count", SUM),
  cutOutputs: cell(
    "attempts let in whose outputs end where the memory of a replica does, over the whole run",
    "count",
    SUM,
  ),
  cutTokens: cell("tokens that were to be generated for them and are not", "count", SUM),
  gpuSeconds: GPU_SECONDS,
  scaling: optionalGroup(
    "how it was scaled; null likewise",
    SCALING_ROWS,
    (totals: ScalingTotals | null) => totals,
  ),
  gpuCost: cell(
    "US dollars for the GPUs that its instances held in the measured window; null where some of them have no price",
    "measured",
    SUM_OR_NULL,
  ),
};

export type PoolResult = ResultOf<typeof POOL_ROWS>;
