import { describe, expect, it } from "vitest";
import { AccountCounts } from "../../../../src/core/results/ledger/account-counts.js";
import {
  accountResults,
  LISTED_ACCOUNTS,
  mergeAccounts,
} from "../../../../src/core/results/shape/account-result.js";

function counted(attempts: readonly number[], price: number | null = 1): AccountCounts {
  const counts = new AccountCounts(1, [price === null ? null : { input: price, cached: 0, output: 0 }]);
  for (const [account, count] of attempts.entries()) {
    for (let attempt = 0; attempt < count; attempt++) {
      counts.arrived(account, 0);
      counts.completed(account, 0, 1000, 0, 10);
    }
  }
  return counts;
}

const rows = (attempts: readonly number[], price?: number | null) =>
  accountResults(counted(attempts, price), (account) => `a${account}`);

describe("account results", () => {
  it("are the largest first, equals in order, without those that made no attempt", () => {
    const found = rows([1, 0, 3, 1]).map(({ account, attempts, accounts }) => [account, attempts, accounts]);
    expect(found).toEqual([
      ["a2", 3, 1],
      ["a0", 1, 1],
      ["a3", 1, 1],
    ]);
  });

  it("sum all beyond the largest in one row that has no name", () => {
    const attempts = Array.from({ length: LISTED_ACCOUNTS + 10 }, (_, account) => 100 - account);
    const found = rows(attempts);
    expect(found).toHaveLength(LISTED_ACCOUNTS + 1);
    const others = attempts.slice(LISTED_ACCOUNTS).reduce((sum, count) => sum + count, 0);
    expect(found.at(-1)).toMatchObject({
      account: null,
      accounts: 10,
      attempts: others,
      inputTokens: others * 1000,
    });
    expect(found.at(-1)!.cost).toBeCloseTo(others * 1e-3, 12);
  });

  it("have no cost where nothing has a price", () => {
    expect(rows([2], null)[0]!.cost).toBeNull();
  });
});

describe("accounts of several runs", () => {
  it("add up by name, and are the largest of all", () => {
    const merged = mergeAccounts([rows([1, 2]), rows([5])], [1, 1]);
    expect(merged.map(({ account, attempts, cost }) => [account, attempts, cost])).toEqual([
      ["a0", 6, 0.006],
      ["a1", 2, 0.002],
    ]);
  });

  it("count as often as their run stands for, their cost too, and stay as many", () => {
    const first = Array.from({ length: LISTED_ACCOUNTS + 2 }, (_, account) => 100 - account);
    const merged = mergeAccounts([rows(first), rows([5])], [1.5, 0.5]);
    expect(merged[0]).toMatchObject({ account: "a0", accounts: 1, attempts: 152.5 });
    expect(merged[0]!.cost).toBeCloseTo(152.5e-3, 12);
    expect(merged[0]!.inputTokens).toBeCloseTo(152_500, 6);
    const others = 1.5 * (100 - LISTED_ACCOUNTS + 99 - LISTED_ACCOUNTS);
    expect(merged.at(-1)).toMatchObject({ account: null, accounts: 2, attempts: others });
    expect(mergeAccounts([rows([2], null), rows([5], null)], [1.5, 0.5])[0]!.cost).toBeNull();
  });

  it("keep the others as others, as many as one run knew of", () => {
    const attempts = Array.from({ length: LISTED_ACCOUNTS + 10 }, () => 1);
    const merged = mergeAccounts([rows(attempts), rows(attempts)], [1, 1]);
    expect(merged).toHaveLength(LISTED_ACCOUNTS + 1);
    expect(merged.at(-1)).toMatchObject({ account: null, accounts: 10, attempts: 20 });
    expect(merged.reduce((sum, row) => sum + row.attempts, 0)).toBe(2 * attempts.length);
  });

  it("count no account twice that has a row in one run and none in another", () => {
    const first = Array.from({ length: LISTED_ACCOUNTS + 10 }, (_, account) =>
      account < LISTED_ACCOUNTS ? 9 : 1,
    );
    const merged = mergeAccounts([rows(first), rows([...first].reverse())], [1, 1]);
    expect(merged.at(-1)).toMatchObject({ account: null, accounts: 10 });
  });

  it("do not mind an account that is called as the others are", () => {
    const named = accountResults(counted([3]), () => "null");
    expect(mergeAccounts([named, named], [1, 1])).toMatchObject([
      { account: "null", attempts: 6, accounts: 1 },
    ]);
  });
});
