// What a run counted, as it can be asked for: a slice for every tier, every source and every tracked account, and one
// for all of it. Each is a marginal of the ledger's tables. Knows names; what is told of a slice is the metrics'.
import type { AccountCounts, TokenPrice } from "../ledger/account-counts.js";
import type { Cohorts } from "../ledger/cohorts.js";
import { type CrossTable, mergedColumns } from "../ledger/cross-table.js";
import { fairnessOf } from "../metrics/fairness.js";
import type { JudgedRun, JudgedSlice } from "../metrics/judged.js";
import { ALL_TIERS } from "../metrics/sliced.js";
import { judgedSlice } from "../metrics/tier.js";
import { tierCost, totalCost } from "../metrics/work.js";
import { UNROUTED } from "../verdict/threshold.js";

/** What the places of a table are. */
export interface TableNames {
  /** In the table's order; `unrouted`, where the table has it, is the last. */
  readonly tiers: readonly { readonly name: string; readonly price: TokenPrice | null }[];
  readonly cohorts: Cohorts;
  /** Of an account by its index; the index itself if left out. */
  readonly nameOfAccount?: (account: number) => string;
}

/** The last tier is all of them. */
export type Slices = JudgedRun["slices"];

/** What several stretches of a run, taken together, counted by tier and source; and a whole run by account. */
export interface Counts {
  readonly tables: readonly CrossTable[];
  readonly tracked?: CrossTable;
  /** All accounts of a whole run. */
  readonly accounts?: AccountCounts;
  /** For so many seconds. */
  readonly measured: number;
}

export function slicesOf(
  { tables, tracked, accounts: accountCounts, measured }: Counts,
  { tiers: named, cohorts, nameOfAccount = String }: TableNames,
): Slices {
  const { sources, accounts } = cohorts;
  const fairness = (places: readonly number[]) =>
    accountCounts === undefined ? null : fairnessOf(accountCounts, places, nameOfAccount);
  const tiers = named
    .map(({ name, price }, tier) => {
      const columns = mergedColumns(tables.flatMap((table) => table.cellsOf(tier)));
      const cost = tierCost(columns, price);
      return judgedSlice({ name, columns, cost, measured, fairness: fairness([tier]) });
    })
    .filter(({ name, counted }) => name !== UNROUTED || isThere(counted));
  const columns = mergedColumns(tiers.map((tier) => tier.columns));
  const cost = totalCost(tiers.map((tier) => tier.cost));
  const every = named.map((_, tier) => tier);
  const all = judgedSlice({ name: ALL_TIERS, columns, cost, measured, fairness: fairness(every) });
  /** Of one group of the callers of these tables. */
  const callers = (name: string, some: readonly CrossTable[], group: number) => {
    const parts = named.map((_, tier) => mergedColumns(some.flatMap((table) => table.cellsOf(tier, group))));
    const costs = parts.map((part, tier) => tierCost(part, named[tier]!.price));
    return judgedSlice({ name, columns: mergedColumns(parts), cost: totalCost(costs), measured });
  };
  return {
    tier: [...tiers, all],
    source:
      sources.length === 1
        ? [{ ...all, fairness: null, name: sources[0]! }]
        : sources.map((name, source) => callers(name, tables, source)),
    account: tracked === undefined ? [] : accounts.map((name, account) => callers(name, [tracked], account)),
  };
}

function isThere({ attempts, requests }: JudgedSlice["counted"]): boolean {
  return attempts > 0 || requests.offered > 0;
}
