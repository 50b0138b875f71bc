// One path's share of a run, or that of all paths together: the table of what a result holds of it, and the row that it
// makes of what was counted. Knows one tier at a time.
import type { TierColumns } from "../ledger/tier-columns.js";
import { TIER_COUNTS } from "./counts.js";
import type { Cost, JudgedTier } from "./judged.js";
import { SAME } from "./pooling.js";
import { TIER_RATES } from "./rates.js";
import { columnsOf, type ReadRow, type ResultOf, readRows } from "./rows.js";
import { TIER_TRENDS } from "./trends.js";
import { TIER_WORK } from "./work.js";

const TIER: ReadRow<JudgedTier, string> = {
  means: "name of the path, `all`, or `unrouted` for requests that no path takes",
  holds: { kind: "text" },
  pool: SAME,
  columns: [],
  texts: [],
  read: ({ tier }) => tier,
  asks: [],
};

/** In the order in which a result has them. Counts are of attempts that arrived in the measured window. */
export const TIER_ROWS = { tier: TIER, ...TIER_COUNTS, ...TIER_RATES, ...TIER_TRENDS, ...TIER_WORK };

export type TierResult = ResultOf<typeof TIER_ROWS>;

/** Those of summary.csv, in their order. */
export const TIER_COLUMNS = columnsOf(TIER_ROWS);

export interface TierParts {
  readonly tier: string;
  readonly columns: TierColumns;
  readonly cost: Cost | null;
  /** Length of the measured window, seconds. */
  readonly measured: number;
}

export function judgedTier(parts: TierParts): JudgedTier {
  return { ...parts, counted: readRows(TIER_COUNTS, parts) };
}

export function tierResult(tier: JudgedTier): TierResult {
  return readRows(TIER_ROWS, tier);
}
