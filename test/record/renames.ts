// Names that have changed since the record was taken, new name to old: `["workload", "profile"]` says that what is now
// called workload was called profile. The record keeps old names; what is compared with it is translated back first, in
// keys, columns and names inside of values. Empty again whenever the record is taken anew.
import { FLEET_COLUMNS } from "../../src/core/results/metrics/fleet.js";
import { ELASTIC_SERIES } from "../../src/core/results/metrics/series.js";

export const RENAMES: ReadonlyMap<string, string> = new Map<string, string>([
  ["workload", "profile"],
  ["undecided", "inconclusive"],
]);

/** Those of results that came after the record of elastic fleets: what the gateway does with attempts. */
export const ADDED_LATER: ReadonlySet<unknown> = new Set<unknown>([
  ...["evicted", "evictedRate", "evicted_rate"],
  ...["demoted", "demotedRate", "demoted_rate", "spilled", "spilledRate", "spilled_rate"],
  ...["served_tier", "served_pool"],
]);

// Names of keys, columns and metrics that have been added since. What is under such a key, in such a column, or in a row
// about such a metric is left out of the comparison.
export const ADDED: ReadonlySet<unknown> = new Set<unknown>([
  ...["timedOutRate", "timed_out_rate", "bound"],
  ...["fleet", "gpuSeconds", "scaling", "gpuCost"],
  ...ADDED_LATER,
  ...["timeline", "wanted", "ready", "needed", "shed"],
  ...[...FLEET_COLUMNS, ...Object.values(ELASTIC_SERIES)].map(({ name }) => name),
]);
