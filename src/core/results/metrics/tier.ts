// What a result holds of a slice of a run - one path or all of them, one source, one account: the tables, and the rows
// that they make of what was counted. Knows one slice at a time.
import type { TierColumns } from "../ledger/tier-columns.js";
import { TIER_COUNTS } from "./counts.js";
import { FAIRNESS_ROWS } from "./fairness.js";
import type { Cost, JudgedFairness, JudgedSlice } from "./judged.js";
import { SAME } from "./pooling.js";
import { TIER_RATES } from "./rates.js";
import {
  asksOf,
  columnsOf,
  type NamesOf,
  optionalGroup,
  type ReadRow,
  type ResultOf,
  readRows,
} from "./rows.js";
import { TIER_TRENDS } from "./trends.js";
import { TIER_WORK } from "./work.js";

/** In the order in which a result has them. Counts are of attempts that arrived in the measured window. */
const SLICE_ROWS = { ...TIER_COUNTS, ...TIER_RATES, ...TIER_TRENDS, ...TIER_WORK };

export type SliceResult = ResultOf<typeof SLICE_ROWS>;

function named(means: string): ReadRow<JudgedSlice, string> {
  return {
    means,
    holds: { kind: "text" },
    pool: SAME,
    columns: [],
    texts: [],
    read: ({ name }) => name,
    asks: [],
  };
}

export const TIER_ROWS = {
  tier: named("name of the path, `all`, or `unrouted` for requests that no path takes"),
  ...SLICE_ROWS,
  fairness: {
    ...optionalGroup(
      "how evenly its accounts were served, and which fared worst; null where none asked for anything",
      FAIRNESS_ROWS,
      ({ fairness }: JudgedSlice) => fairness,
    ),
    asks: asksOf<NamesOf<typeof FAIRNESS_ROWS>>(FAIRNESS_ROWS),
  },
};
export const SOURCE_ROWS = { source: named("traffic source of the scenario"), ...SLICE_ROWS };
export const TRACKED_ROWS = { account: named("account that is measured by itself"), ...SLICE_ROWS };

export type TierResult = ResultOf<typeof TIER_ROWS>;
export type SourceResult = ResultOf<typeof SOURCE_ROWS>;
export type TrackedResult = ResultOf<typeof TRACKED_ROWS>;

/** Those of callers.csv, in their order. */
export const SLICE_COLUMNS = columnsOf(SLICE_ROWS);
/** Those of summary.csv, likewise. */
export const TIER_COLUMNS = columnsOf(TIER_ROWS);

export interface SliceParts {
  readonly name: string;
  readonly columns: TierColumns;
  readonly cost: Cost | null;
  /** Length of the measured window, seconds. */
  readonly measured: number;
  /** Null if left out. */
  readonly fairness?: JudgedFairness | null;
}

export function judgedSlice({ fairness = null, ...parts }: SliceParts): JudgedSlice {
  return { ...parts, fairness, counted: readRows(TIER_COUNTS, parts) };
}

export function tierResult(slice: JudgedSlice): TierResult {
  return readRows(TIER_ROWS, slice);
}

export function sourceResult(slice: JudgedSlice): SourceResult {
  return readRows(SOURCE_ROWS, slice);
}

export function trackedResult(slice: JudgedSlice): TrackedResult {
  return readRows(TRACKED_ROWS, slice);
}
