import { describe, expect, it } from "vitest";
import { Outcome } from "../../../../src/core/base/outcome.js";
import { ACCOUNT_COLUMNS, AccountCounts } from "../../../../src/core/results/ledger/account-counts.js";

const PRICE = { input: 2, cached: 0.5, output: 10 };

function rowOf(counts: AccountCounts, account: number): number[] {
  return ACCOUNT_COLUMNS.map((column) => counts.value(account, column));
}

describe("account counts", () => {
  it("count by outcome, and leave what is neither answered nor refused to the attempts", () => {
    const counts = new AccountCounts();
    for (let attempt = 0; attempt < 6; attempt++) counts.arrived(1);
    counts.failed(1, Outcome.rateLimited);
    counts.failed(1, Outcome.overloaded);
    counts.failed(1, Outcome.unavailable);
    counts.failed(1, Outcome.timedOut);
    counts.completed(1, 0, 100, 40, 7);
    expect(counts.count).toBe(2);
    expect(rowOf(counts, 0)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(rowOf(counts, 1)).toEqual([6, 1, 1, 1, 1, 100, 40, 7, 0]);
    expect(counts.isPriced).toBe(false);
  });

  it("charge each attempt by its tier, and nothing where that has no price", () => {
    const counts = new AccountCounts([null, PRICE]);
    counts.arrived(0);
    counts.completed(0, 0, 1_000_000, 0, 1_000_000);
    expect(counts.value(0, "cost")).toBe(0);
    counts.completed(0, 1, 1_000_000, 400_000, 100_000);
    expect(counts.value(0, "cost")).toBeCloseTo(0.6 * 2 + 0.4 * 0.5 + 0.1 * 10, 12);
    expect(counts.isPriced).toBe(true);
  });

  it("lose nothing when a new account makes them grow", () => {
    const counts = new AccountCounts();
    for (let account = 0; account < 1000; account++) {
      for (let attempt = 0; attempt <= account % 3; attempt++) counts.arrived(account);
    }
    counts.arrived(50_000);
    expect(counts.count).toBe(50_001);
    const attempts = Array.from({ length: 1000 }, (_, account) => counts.value(account, "attempts"));
    expect(attempts).toEqual(attempts.map((_, account) => 1 + (account % 3)));
    expect(counts.value(50_000, "attempts")).toBe(1);
  });
});
