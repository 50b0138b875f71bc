// What a run counted, as it can be asked for: a slice for every tier, every source and every tracked account, and one for
// all of it. Each is a marginal of the ledger's table. Knows names; what is told of a slice is the metrics'.
import type { TokenPrice } from "../ledger/account-counts.js";
import type { Cohorts } from "../ledger/cohorts.js";
import { type CrossTable, mergedColumns } from "../ledger/cross-table.js";
import { ALL_TIERS } from "../metrics/asks.js";
import type { JudgedRun, JudgedSlice } from "../metrics/judged.js";
import { judgedSlice } from "../metrics/tier.js";
import { tierCost, totalCost } from "../metrics/work.js";
import { UNROUTED } from "../verdict/threshold.js";

/** What the places of a table are. */
export interface TableNames {
  /** In the table's order; `unrouted`, where the table has it, is the last. */
  readonly tiers: readonly { readonly name: string; readonly price: TokenPrice | null }[];
  readonly cohorts: Cohorts;
}

/** The last tier is all of them. */
export type Slices = JudgedRun["slices"];

/** Of several stretches of a run taken together, or of a whole run, that were measured for so many seconds. */
export function slicesOf(
  tables: readonly CrossTable[],
  { tiers: named, cohorts }: TableNames,
  measured: number,
): Slices {
  const sumOf = (tier: number, some?: readonly number[]) =>
    mergedColumns(tables.flatMap((table) => table.cellsOf(tier, some)));
  const tiers = named
    .map(({ name, price }, tier) => {
      const columns = sumOf(tier);
      return judgedSlice({ name, columns, cost: tierCost(columns, price), measured });
    })
    .filter(({ name, counted }) => name !== UNROUTED || isThere(counted));
  const total = mergedColumns(tiers.map(({ columns }) => columns));
  const cost = totalCost(tiers.map((tier) => tier.cost));
  const all = judgedSlice({ name: ALL_TIERS, columns: total, cost, measured });
  const ofCohorts = (name: string, some: readonly number[]) => {
    const parts = named.map((_, tier) => sumOf(tier, some));
    const costs = parts.map((columns, tier) => tierCost(columns, named[tier]!.price));
    return judgedSlice({ name, columns: mergedColumns(parts), cost: totalCost(costs), measured });
  };
  const { sources, accounts } = cohorts;
  return {
    tier: [...tiers, all],
    source:
      sources.length === 1
        ? [{ ...all, name: sources[0]! }]
        : sources.map((name, source) => ofCohorts(name, cohorts.ofSource(source))),
    account: accounts.map((name, place) => ofCohorts(name, cohorts.ofAccount(place))),
  };
}

function isThere({ attempts, requests }: JudgedSlice["counted"]): boolean {
  return attempts > 0 || requests.offered > 0;
}
