import { describe, expect, it } from "vitest";
import { Outcome } from "../../../../src/core/base/outcome.js";
import { AccountCounts } from "../../../../src/core/results/ledger/account-counts.js";
import {
  ENOUGH,
  FAIRNESS_ROWS,
  fairnessOf,
  servedShare,
} from "../../../../src/core/results/metrics/fairness.js";
import type { JudgedFairness } from "../../../../src/core/results/metrics/judged.js";
import { columnsOf, columnTexts, pooledRows, readRows } from "../../../../src/core/results/metrics/rows.js";
import { pooledFrom } from "./fleets.js";

const [STANDARD, PRIORITY] = [0, 1] as const;
const TIERS = [STANDARD, PRIORITY];
const nameOf = (account: number) => `a${account}`;

/** Requests of one account on one tier, one attempt each: so many that are served, and so many that are shed. */
type Entry = readonly [account: number, tier: number, served: number, shed: number, tokens?: number];

function counted(entries: readonly Entry[]): AccountCounts {
  const counts = new AccountCounts(TIERS.length);
  for (const [account, tier, served, shed, tokens = 10] of entries) {
    for (let request = 0; request < served + shed; request++) {
      const outcome = request < served ? Outcome.completed : Outcome.overloaded;
      counts.arrived(account, tier);
      if (outcome === Outcome.overloaded) counts.failed(account, tier, outcome);
      counts.requestEnded(account, tier, outcome, tokens);
    }
  }
  return counts;
}

const fairness = (entries: readonly Entry[], tiers: readonly number[] = TIERS) =>
  fairnessOf(counted(entries), tiers, nameOf);

describe("fairness", () => {
  it("is 1 where all get the same share, whatever they ask for, and 1 / n where one gets all", () => {
    expect(
      fairness([
        [0, STANDARD, 3, 1],
        [1, STANDARD, 75, 25],
        [4, PRIORITY, 3, 1, 1e6],
      ]),
    ).toMatchObject({ accounts: 3, service: 1 });
    expect(
      fairness([
        [0, STANDARD, 0, 9],
        [1, STANDARD, 5, 0],
        [2, STANDARD, 0, 1],
        [3, STANDARD, 0, 200],
      ]),
    ).toMatchObject({ accounts: 4, service: 0.25 });
  });

  it("goes by tokens, not by requests", () => {
    const counts = counted([[0, STANDARD, 1, 0, 100]]);
    counts.requestEnded(1, STANDARD, Outcome.completed, 30);
    counts.requestEnded(1, STANDARD, Outcome.rateLimited, 70);
    // x = 1 and 0.3: 1.3² / (2 · 1.09).
    expect(fairnessOf(counts, TIERS, nameOf)!.service).toBeCloseTo(1.69 / 2.18, 12);
  });

  it("is of each tier, and of all with what an account got on all of them", () => {
    const entries: Entry[] = [
      [0, STANDARD, 100, 0],
      [0, PRIORITY, 0, 100],
      [1, STANDARD, 100, 100],
    ];
    expect(fairness(entries, [STANDARD])!.service).toBeCloseTo(1.5 ** 2 / (2 * 1.25), 12);
    expect(fairness(entries, [PRIORITY])).toMatchObject({ accounts: 1, service: null });
    expect(fairness(entries)).toMatchObject({ accounts: 2, service: 1 });
  });

  it("of max-min shares is 1 where only what asks for more than its part is cut, by as much", () => {
    // 60 were served: 10 and 10, and of two that ask for more 20 each.
    const [small, large] = [10, 400];
    const counts = new AccountCounts(1);
    const serve = (account: number, tokens: number, rest: number) => {
      counts.requestEnded(account, 0, Outcome.completed, tokens);
      if (rest > 0) counts.requestEnded(account, 0, Outcome.overloaded, rest);
    };
    serve(0, small, 0);
    serve(1, small, 0);
    serve(2, 20, large - 20);
    serve(3, 20, large - 20);
    const [x, y] = [1, 20 / large];
    expect(fairnessOf(counts, [0], nameOf)).toMatchObject({
      maxMin: 1,
      service: expect.closeTo((2 * x + 2 * y) ** 2 / (4 * (2 * x * x + 2 * y * y)), 12),
    });
  });

  it("of max-min shares falls where a large account gets as large a part as small ones do", () => {
    // 3 of 6 and 30 of 60: max-min shares of these 33 tokens are 6 and 27.
    const [x, y] = [3 / 6, 30 / 27];
    expect(
      fairness(
        [
          [0, STANDARD, 3, 3, 1],
          [1, STANDARD, 30, 30, 1],
        ],
        [STANDARD],
      ),
    ).toMatchObject({ service: 1, maxMin: expect.closeTo((x + y) ** 2 / (2 * (x * x + y * y)), 12) });
  });

  it("leaves out accounts that asked for nothing, and is nothing without any", () => {
    const counts = counted([[2, STANDARD, 4, 4]]);
    counts.arrived(0, STANDARD);
    counts.requestEnded(3, STANDARD, Outcome.invalid, 100);
    expect(fairnessOf(counts, TIERS, nameOf)).toMatchObject({ accounts: 1, service: 1 });
    expect(fairness([])).toBeNull();
    expect(fairnessOf(counts, [PRIORITY], nameOf)).toBeNull();
  });

  it("has no index where nothing was served", () => {
    expect(fairness([[0, STANDARD, 0, 5]])).toMatchObject({ accounts: 1, service: null, maxMin: null });
  });
});

describe("the worst account", () => {
  it("is of those with enough attempts, or requests, to tell", () => {
    const few = ENOUGH - 1;
    expect(
      fairness([
        [0, STANDARD, 0, few],
        [1, STANDARD, 90, 10],
        [2, STANDARD, 160, 40],
      ]),
    ).toMatchObject({
      overloaded: { name: "a2", share: 0.2 },
      leastServed: { name: "a2", share: 0.8 },
    });
    expect(fairness([[0, STANDARD, 0, few]])).toMatchObject({ overloaded: null, leastServed: null });
  });

  it("is the first of equals, and has no name where none fared badly", () => {
    expect(
      fairness([
        [3, STANDARD, 50, 50],
        [5, STANDARD, 50, 50],
      ]),
    ).toMatchObject({ overloaded: { name: "a3", share: 0.5 }, leastServed: { name: "a3", share: 0.5 } });
    expect(fairness([[3, STANDARD, 200, 0]])).toMatchObject({
      overloaded: { name: null, share: 0 },
      leastServed: { name: null, share: 1 },
    });
  });

  it("by attempts need not be the one by tokens: what is retried is served in the end", () => {
    const counts = counted([
      [0, STANDARD, 100, 0],
      [1, STANDARD, 95, 5],
    ]);
    for (let attempt = 0; attempt < 50; attempt++) {
      counts.arrived(0, STANDARD);
      counts.failed(0, STANDARD, Outcome.overloaded);
    }
    const { overloaded, leastServed } = fairnessOf(counts, TIERS, nameOf)!;
    expect(overloaded).toEqual({ name: "a0", share: 1 / 3 });
    expect(leastServed).toEqual({ name: "a1", share: 0.95 });
  });

  it("by tokens has enough requests, not attempts", () => {
    const counts = counted([[0, STANDARD, 0, 50]]);
    for (let attempt = 0; attempt < 2 * ENOUGH; attempt++) counts.arrived(0, STANDARD);
    expect(fairnessOf(counts, TIERS, nameOf)).toMatchObject({
      ...{ overloaded: { name: "a0" }, leastServed: null },
    });
  });
});

describe("the rows of fairness", () => {
  const judged = (some: Partial<JudgedFairness>): JudgedFairness => ({
    ...{ accounts: 3, service: 0.9, maxMin: 0.8, overloaded: null, leastServed: null },
    ...some,
  });
  const rowOf = (some: Partial<JudgedFairness>) => readRows(FAIRNESS_ROWS, judged(some));

  it("are means over replications that tell, with the name that is the worst most often", () => {
    const worst = (name: string | null, share: number) => ({ overloaded: { name, share } });
    const rows = [
      rowOf({ ...worst("a7", 0.2), accounts: 2 }),
      rowOf({ ...worst("a1", 0.4), service: null }),
      rowOf({ ...worst(null, 0), service: 0.6 }),
    ];
    expect(pooledRows(FAIRNESS_ROWS, rows, pooledFrom(3, [0.5, 1, 1.5]))).toMatchObject({
      accounts: (0.5 * 2 + 2.5 * 3) / 3,
      service: (0.5 * 0.9 + 1.5 * 0.6) / 2,
      worstOverloadedRate: (0.1 + 0.4) / 3,
      worstOverloadedAccount: "a1",
      worstService: null,
      worstServiceAccount: null,
    });
  });

  it("have a column each, that documents tell of", () => {
    const names = columnsOf(FAIRNESS_ROWS).map(({ name }) => name);
    expect(names).toEqual(columnTexts(FAIRNESS_ROWS).map((text) => text.names.replaceAll("`", "")));
    const row = rowOf({ leastServed: { name: "a2", share: 0.25 } });
    expect(columnsOf(FAIRNESS_ROWS).map(({ value }) => value(row))).toEqual([
      3,
      0.9,
      0.8,
      null,
      null,
      0.25,
      "a2",
    ]);
  });
});

it("the share that an account was served is none where it asked for nothing", () => {
  expect(servedShare({ servedTokens: 3, demandedTokens: 4 })).toBe(0.75);
  expect(servedShare({ servedTokens: 0, demandedTokens: 0 })).toBeNull();
});
