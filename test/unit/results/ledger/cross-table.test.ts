import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CrossTable, mergedColumns } from "../../../../src/core/results/ledger/cross-table.js";
import type { TierColumns } from "../../../../src/core/results/ledger/tier-columns.js";

const TIERS = 3;
const GROUPS = 4;

const attempts = fc.array(
  fc.record({
    tier: fc.nat(TIERS - 1),
    group: fc.nat(GROUPS - 1),
    wait: fc.integer({ min: 0, max: 1000 }).map((millis) => millis / 1024),
  }),
  { maxLength: 60 },
);

interface Attempt {
  readonly tier: number;
  readonly group: number;
  readonly wait: number;
}

function tableOf(all: readonly Attempt[]): CrossTable {
  const table = new CrossTable(TIERS, GROUPS);
  for (const { tier, group, wait } of all) {
    const columns = table.at(tier, group);
    columns.attempts++;
    columns.ttft.add(wait);
  }
  return table;
}

const told = ({ attempts: count, ttft }: TierColumns) => [
  count,
  ttft.sum,
  ttft.minimum,
  ttft.maximum,
  ...ttft.quantiles([0.1, 0.5, 0.9]),
];

/** As if they alone had been entered. */
const direct = (all: readonly Attempt[]) =>
  told(mergedColumns([tableOf(all.map((one) => ({ ...one, tier: 0, group: 0 }))).at(0, 0)]));

describe("a contingency table of attempts", () => {
  it("has marginals that are those of its attempts, and lose none", () => {
    fc.assert(
      fc.property(attempts, (all) => {
        const table = tableOf(all);
        for (let tier = 0; tier < TIERS; tier++) {
          const own = all.filter((one) => one.tier === tier);
          expect(told(mergedColumns(table.cellsOf(tier)))).toEqual(direct(own));
        }
        for (let group = 0; group < GROUPS; group++) {
          const parts = Array.from({ length: TIERS }, (_, tier) => table.cellsOf(tier, group)).flat();
          const own = all.filter((one) => one.group === group);
          expect(told(mergedColumns(parts))).toEqual(direct(own));
        }
      }),
      { numRuns: 60 },
    );
  });

  it("takes in another, and keeps nothing where nothing was entered", () => {
    const [one, other] = [
      { tier: 0, group: 1, wait: 1 },
      { tier: 2, group: 3, wait: 2 },
    ];
    const table = tableOf([one, one]);
    table.absorb(tableOf([one, other]));
    expect(table.cells().map(({ place, columns }) => [place, columns.attempts])).toEqual([
      [1, 3],
      [11, 1],
    ]);
  });

  it("has a marginal of one place without copying it", () => {
    const table = tableOf([{ tier: 1, group: 2, wait: 1 }]);
    expect(mergedColumns(table.cellsOf(1))).toBe(table.at(1, 2));
  });
});
