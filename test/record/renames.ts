// Names that have changed since the record was taken, new name to old: `["workload", "profile"]` says that what is now
// called workload was called profile. The record keeps old names; what is compared with it is translated back first, in
// keys, columns and names inside of values. Empty again whenever the record is taken anew.
import { REFUSAL_STATUSES } from "../../src/core/base/status.js";
import { FAIRNESS_ROWS } from "../../src/core/results/metrics/fairness.js";
import { FLEET_COLUMNS } from "../../src/core/results/metrics/fleet.js";
import { asksOf, columnsOf } from "../../src/core/results/metrics/rows.js";
import { ELASTIC_SERIES } from "../../src/core/results/metrics/series.js";

export const RENAMES: ReadonlyMap<string, string> = new Map<string, string>([
  ["workload", "profile"],
  ["undecided", "inconclusive"],
]);

// Names of keys, columns and metrics that have been added since. What is under such a key, in such a column, or in a row
// about such a metric, whatever its tags, is left out of the comparison; and so is what replications say of the metric.
/** Since elastic fleets were recorded, which came later than the others. */
export const ADDED_SINCE_ELASTIC: ReadonlySet<unknown> = new Set<unknown>([
  ...[
    "evicted",
    "evictedRate",
    "evicted_rate",
    "served_tier",
    "served_pool",
    "objective_met_rate",
    "objectiveMetRate",
    "objectivesMet",
    "objectives_met",
  ],
  ...["demoted", "demotedRate", "demoted_rate", "spilled", "spilledRate", "spilled_rate"],
  ...["statuses", "misread", "misreadRate", "misread_rate"],
  ...REFUSAL_STATUSES.map((status) => `status_${status}`),
  ...["fairness", "endedRequests", "demandedTokens", "servedTokens"],
  ...columnsOf(FAIRNESS_ROWS).map(({ name }) => name),
  ...asksOf(FAIRNESS_ROWS).map(({ name }) => name),
]);

export const ADDED: ReadonlySet<unknown> = new Set<unknown>([
  ...ADDED_SINCE_ELASTIC,
  ...["timedOutRate", "timed_out_rate", "bound"],
  ...["fleet", "gpuSeconds", "scaling", "gpuCost"],
  ...["timeline", "wanted", "ready", "needed", "shed"],
  ...[...FLEET_COLUMNS, ...Object.values(ELASTIC_SERIES)].map(({ name }) => name),
]);
