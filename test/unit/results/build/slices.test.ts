import { describe, expect, it } from "vitest";
import { slicesOf, type TableNames } from "../../../../src/core/results/build/slices.js";
import { Cohorts } from "../../../../src/core/results/ledger/cohorts.js";
import { CrossTable } from "../../../../src/core/results/ledger/cross-table.js";
import type { JudgedSlice } from "../../../../src/core/results/metrics/judged.js";

const PRICE = { input: 2, cached: 0.5, output: 8 };
const TIERS = [
  { name: "standard", price: PRICE },
  { name: "priority", price: null },
  { name: "unrouted", price: null },
];
const [STANDARD, PRIORITY, UNROUTED] = [0, 1, 2] as const;

/** So many completed attempts of a tier and a group of callers, each of a million tokens of input. */
type Entry = readonly [tier: number, group: number, count: number];

function tableOf(groups: number, entries: readonly Entry[]): CrossTable {
  const table = new CrossTable(TIERS.length, groups);
  for (const [tier, group, count] of entries) {
    const columns = table.at(tier, group);
    for (let attempt = 0; attempt < count; attempt++) {
      columns.attempts++;
      columns.attemptCompleted(1, 10);
      columns.tokensCompleted(1e6, 0, 0);
    }
  }
  return table;
}

const namesOf = (sources: readonly string[], accounts: readonly string[] = []): TableNames => ({
  tiers: TIERS,
  cohorts: new Cohorts(sources, accounts),
});

const counts = (slices: readonly JudgedSlice[]) =>
  slices.map(({ name, counted: { attempts } }) => [name, attempts]);

describe("the slices of a run", () => {
  const table = tableOf(2, [
    [STANDARD, 0, 5],
    [STANDARD, 1, 2],
    [PRIORITY, 1, 3],
  ]);
  const names = namesOf(["chat", "agents"]);
  const slices = slicesOf({ tables: [table], measured: 10 }, names);

  it("are a marginal for every tier and every source, and all of it as the last tier", () => {
    expect(counts(slices.tier)).toEqual([
      ["standard", 7],
      ["priority", 3],
      ["all", 10],
    ]);
    expect(counts(slices.source)).toEqual([
      ["chat", 5],
      ["agents", 5],
    ]);
    expect(slices.account).toEqual([]);
  });

  it("are over several stretches what these have together, in as many seconds as are said", () => {
    const later = tableOf(2, [
      [STANDARD, 0, 1],
      [PRIORITY, 0, 1],
    ]);
    const both = slicesOf({ tables: [table, later], measured: 20 }, names);
    expect(counts(both.tier)).toEqual([
      ["standard", 8],
      ["priority", 4],
      ["all", 12],
    ]);
    expect(counts(both.source)).toEqual([
      ["chat", 7],
      ["agents", 5],
    ]);
    expect([...both.tier, ...both.source].map(({ measured }) => measured)).toEqual(Array(5).fill(20));
  });

  it("cost of every source what its attempts cost by their tiers, and nothing where no tier has a price", () => {
    const costs = (some: readonly JudgedSlice[]) => some.map(({ cost }) => cost?.total ?? null);
    expect(costs(slices.tier)).toEqual([14, null, 14]);
    expect(costs(slices.source)).toEqual([10, 4]);
    const unpriced = { ...names, tiers: TIERS.map(({ name }) => ({ name, price: null })) };
    expect(costs(slicesOf({ tables: [table], measured: 10 }, unpriced).source)).toEqual([null, null]);
  });

  it("tell of requests that no path takes where there were any, and of every tier that the scenario names", () => {
    const lost = slicesOf({ tables: [tableOf(1, [[UNROUTED, 0, 1]])], measured: 10 }, namesOf(["chat"]));
    expect(counts(lost.tier)).toEqual([
      ["standard", 0],
      ["priority", 0],
      ["unrouted", 1],
      ["all", 1],
    ]);
  });

  it("of the only source are all of it", () => {
    const { tier, source } = slicesOf(
      { tables: [tableOf(1, [[STANDARD, 0, 4]])], measured: 10 },
      namesOf(["chat"]),
    );
    expect(source).toEqual([{ ...tier.at(-1), name: "chat" }]);
  });

  it("of an account are from a table of their own, which has no place for all others", () => {
    const tracked = tableOf(2, [
      [STANDARD, 1, 2],
      [PRIORITY, 1, 1],
    ]);
    const { account } = slicesOf(
      { tables: [table], tracked, measured: 10 },
      namesOf(["chat", "agents"], ["chat-1", "agents-1"]),
    );
    expect(counts(account)).toEqual([
      ["chat-1", 0],
      ["agents-1", 3],
    ]);
    expect(account.map(({ cost }) => cost?.total ?? null)).toEqual([0, 4]);
  });
});
