// The accounts with the most attempts, each in a row, and all others in one. A run may have a hundred thousand of them.

import { PooledValues } from "../../stats/pooled-values.js";
import type { AccountCounts } from "../ledger/account-counts.js";
import { ACCOUNT_ROWS, type AccountResult, accountResult } from "../metrics/accounts.js";
import { pooledRows } from "../metrics/rows.js";

/** Accounts that have a row of their own. */
export const LISTED_ACCOUNTS = 50;

export function accountResults(counts: AccountCounts, nameOf: (account: number) => string): AccountResult[] {
  const rows: AccountResult[] = [];
  for (let account = 0; account < counts.count; account++) {
    if (counts.value(account, "attempts") === 0) continue;
    rows.push(accountResult(counts, account, nameOf(account)));
  }
  return largestAccounts(rows);
}

/**
 * Several runs' accounts added up by name, each run as often as its factor says. What had no row in one of them stays
 * among the others.
 */
export function mergeAccounts(
  runs: readonly (readonly AccountResult[])[],
  factors: readonly number[],
): AccountResult[] {
  const named = new Map<string, AccountResult>();
  let others: AccountResult | undefined;
  for (const [run, rows] of runs.entries()) {
    for (const row of rows) {
      if (row.account === null) others = sumOf(others, row, factors[run]);
      else named.set(row.account, sumOf(named.get(row.account), row, factors[run]));
    }
  }
  // The same accounts may be among the others of each run: how many they are is known of one run only.
  const mostOthers = Math.max(0, ...runs.flat().map((row) => (row.account === null ? row.accounts : 0)));
  const rows = [...named.values()].map((row) => ({ ...row, accounts: 1 }));
  const merged = largestAccounts(rows, others && { ...others, accounts: 0 });
  // An account that falls out of the rows here may be among the others of a run already.
  return merged.map((row) =>
    row.account === null ? { ...row, accounts: Math.max(row.accounts, mostOthers) } : row,
  );
}

function largestAccounts(rows: readonly AccountResult[], others?: AccountResult): AccountResult[] {
  // Sorting is stable: those with equally many attempts stay in the order in which they came up.
  const sorted = [...rows].sort((one, other) => other.attempts - one.attempts);
  const rest = sorted
    .slice(LISTED_ACCOUNTS)
    .reduce<AccountResult | undefined>((sum, row) => sumOf(sum, row), others);
  const named = sorted.slice(0, LISTED_ACCOUNTS);
  return rest === undefined ? named : [...named, { ...rest, account: null }];
}

/** Accounts have none. */
const NO_TRENDS = () => new PooledValues([]);

function sumOf(one: AccountResult | undefined, other: AccountResult, factor = 1): AccountResult {
  const rows = one === undefined ? [other] : [one, other];
  const factors = one === undefined ? [factor] : [1, factor];
  return pooledRows(ACCOUNT_ROWS, rows, { runs: rows.length, factors, pooledOf: NO_TRENDS });
}
