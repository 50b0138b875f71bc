// The accounts with the most attempts, each in a row, and all others in one. A run may have a hundred thousand of them.
import { ACCOUNT_COLUMNS, type AccountColumn, type AccountCounts } from "../ledger/account-counts.js";

/** One account's share of the run. Counts are of attempts that arrived in the measured window. */
export interface AccountResult {
  /** Null for the row of all that have no row of their own. */
  readonly account: string | null;
  /** Accounts in this row: 1, or as many as have no row of their own. */
  readonly accounts: number;
  readonly attempts: number;
  readonly completed: number;
  readonly rateLimited: number;
  readonly overloaded: number;
  readonly unavailable: number;
  /** Tokens of completed attempts. */
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
  /** Dollars; null where no path has a price. */
  readonly cost: number | null;
}

export const ACCOUNT_ROWS = 50;

export function accountResults(counts: AccountCounts, nameOf: (account: number) => string): AccountResult[] {
  const rows: AccountResult[] = [];
  for (let account = 0; account < counts.count; account++) {
    const value = (column: AccountColumn) => counts.value(account, column);
    if (value("attempts") === 0) continue;
    rows.push({
      account: nameOf(account),
      accounts: 1,
      attempts: value("attempts"),
      completed: value("completed"),
      rateLimited: value("rateLimited"),
      overloaded: value("overloaded"),
      unavailable: value("unavailable"),
      inputTokens: value("inputTokens"),
      cachedTokens: value("cachedTokens"),
      outputTokens: value("outputTokens"),
      cost: counts.isPriced ? value("cost") : null,
    });
  }
  return largestAccounts(rows);
}

/** Several runs' accounts added up by name. What had no row in one of them stays among the others. */
export function mergeAccounts(runs: readonly (readonly AccountResult[])[]): AccountResult[] {
  const named = new Map<string, AccountResult>();
  let others: AccountResult | undefined;
  for (const row of runs.flat()) {
    if (row.account === null) others = sumOf(others, row);
    else named.set(row.account, sumOf(named.get(row.account), row));
  }
  // The same accounts may be among the others of each run: how many they are is known of one run only.
  const mostOthers = Math.max(0, ...runs.flat().map((row) => (row.account === null ? row.accounts : 0)));
  const rows = [...named.values()].map((row) => ({ ...row, accounts: 1 }));
  const merged = largestAccounts(rows, others && { ...others, accounts: 0 });
  // Who falls out of the rows here may be among the others of a run already.
  return merged.map((row) =>
    row.account === null ? { ...row, accounts: Math.max(row.accounts, mostOthers) } : row,
  );
}

function largestAccounts(rows: readonly AccountResult[], others?: AccountResult): AccountResult[] {
  // Sorting is stable: those with equally many attempts stay in the order in which they came up.
  const sorted = [...rows].sort((one, other) => other.attempts - one.attempts);
  const rest = sorted.slice(ACCOUNT_ROWS).reduce<AccountResult | undefined>(sumOf, others);
  const named = sorted.slice(0, ACCOUNT_ROWS);
  return rest === undefined ? named : [...named, { ...rest, account: null }];
}

function sumOf(one: AccountResult | undefined, other: AccountResult): AccountResult {
  if (one === undefined) return other;
  const sum: Record<AccountColumn, number | null> = { ...one };
  for (const column of ACCOUNT_COLUMNS) {
    const [left, right] = [one[column], other[column]];
    sum[column] = left === null || right === null ? null : left + right;
  }
  return { ...one, ...(sum as AccountResult), accounts: one.accounts + other.accounts };
}
