import { describe, expect, it } from "vitest";
import { Outcome } from "../../../../src/core/base/outcome.js";
import { ACCOUNT_COLUMNS, AccountCounts } from "../../../../src/core/results/ledger/account-counts.js";

const PRICE = { input: 2, cached: 0.5, output: 10 };

function rowOf(counts: AccountCounts, account: number): number[] {
  return ACCOUNT_COLUMNS.map((column) => counts.value(account, column));
}

describe("account counts", () => {
  it("count by outcome, and leave what is neither answered nor refused to the attempts", () => {
    const counts = new AccountCounts(1);
    for (let attempt = 0; attempt < 6; attempt++) counts.arrived(1, 0);
    counts.failed(1, 0, Outcome.rateLimited);
    counts.failed(1, 0, Outcome.overloaded);
    counts.failed(1, 0, Outcome.unavailable);
    counts.failed(1, 0, Outcome.timedOut);
    counts.completed(1, 0, 100, 40, 7);
    expect(counts.count).toBe(2);
    expect(rowOf(counts, 0)).toEqual(ACCOUNT_COLUMNS.map(() => 0));
    expect(rowOf(counts, 1)).toEqual([1, 1, 1, 100, 40, 7, 0, 6, 1, 0, 0, 0]);
    expect(counts.isPriced).toBe(false);
  });

  it("charge each attempt by its tier, and nothing where that has no price", () => {
    const counts = new AccountCounts(2, [null, PRICE]);
    counts.arrived(0, 0);
    counts.completed(0, 0, 1_000_000, 0, 1_000_000);
    expect(counts.value(0, "cost")).toBe(0);
    counts.completed(0, 1, 1_000_000, 400_000, 100_000);
    expect(counts.value(0, "cost")).toBeCloseTo(0.6 * 2 + 0.4 * 0.5 + 0.1 * 10, 12);
    expect(counts.isPriced).toBe(true);
  });

  it("tell attempts, refusals, and what was asked for and served, by tier and in all", () => {
    const counts = new AccountCounts(2);
    for (const tier of [0, 1, 1]) counts.arrived(1, tier);
    counts.failed(1, 1, Outcome.overloaded);
    counts.requestEnded(1, 0, Outcome.completed, 30);
    counts.requestEnded(1, 1, Outcome.completed, 50);
    counts.requestEnded(1, 1, Outcome.rateLimited, 20);
    counts.requestEnded(1, 1, Outcome.invalid, 1e9);
    const told = (tier: number) =>
      (["attempts", "overloaded", "endedRequests", "demandedTokens", "servedTokens"] as const).map(
        (column) => counts.over(1, [tier])[column],
      );
    expect([told(0), told(1)]).toEqual([
      [1, 0, 1, 30, 30],
      [2, 1, 2, 70, 50],
    ]);
    expect(counts.value(1, "attempts")).toBe(3);
    expect([counts.total("demandedTokens"), counts.total("servedTokens")]).toEqual([100, 80]);
    // Its clients may have let none of its attempts leave.
    counts.requestEnded(700, 0, Outcome.overloaded, 5);
    expect([counts.count, counts.total("demandedTokens")]).toEqual([701, 105]);
  });

  it("lose nothing when a new account makes them grow", () => {
    const counts = new AccountCounts(1);
    for (let account = 0; account < 1000; account++) {
      for (let attempt = 0; attempt <= account % 3; attempt++) counts.arrived(account, 0);
    }
    counts.arrived(50_000, 0);
    expect(counts.count).toBe(50_001);
    const attempts = Array.from({ length: 1000 }, (_, account) => counts.value(account, "attempts"));
    expect(attempts).toEqual(attempts.map((_, account) => 1 + (account % 3)));
    expect(counts.value(50_000, "attempts")).toBe(1);
    // There is room for it already, and it counts all the same.
    counts.arrived(50_001, 0);
    expect([counts.count, counts.total("attempts")]).toEqual([50_002, 1000 + 999 + 2]);
  });

  it("have rows of accounts that one tier knows and another does not", () => {
    const counts = new AccountCounts(3);
    counts.arrived(9, 0);
    counts.arrived(2000, 2);
    counts.arrived(9, 2);
    expect([0, 1, 2].map((tier) => counts.over(9, [tier]).attempts)).toEqual([1, 0, 1]);
    expect([0, 1, 2].map((tier) => counts.over(2000, [tier]).attempts)).toEqual([0, 0, 1]);
    expect([counts.count, counts.total("attempts")]).toEqual([2001, 3]);
  });
});
