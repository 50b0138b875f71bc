import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CrossTable, mergedColumns } from "../../../../src/core/results/ledger/cross-table.js";
import type { TierColumns } from "../../../../src/core/results/ledger/tier-columns.js";

const TIERS = 3;
const COHORTS = 4;

const attempts = fc.array(
  fc.record({
    tier: fc.nat(TIERS - 1),
    cohort: fc.nat(COHORTS - 1),
    wait: fc.integer({ min: 0, max: 1000 }).map((millis) => millis / 1024),
  }),
  { maxLength: 60 },
);

interface Attempt {
  readonly tier: number;
  readonly cohort: number;
  readonly wait: number;
}

function tableOf(all: readonly Attempt[]): CrossTable {
  const table = new CrossTable(TIERS, COHORTS);
  for (const { tier, cohort, wait } of all) {
    const columns = table.at(tier, cohort);
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
  told(mergedColumns([tableOf(all.map((one) => ({ ...one, tier: 0, cohort: 0 }))).at(0, 0)]));

describe("a contingency table of attempts", () => {
  it("has marginals that are those of its attempts, and lose none", () => {
    fc.assert(
      fc.property(attempts, (all) => {
        const table = tableOf(all);
        for (let tier = 0; tier < TIERS; tier++) {
          const own = all.filter((one) => one.tier === tier);
          expect(told(mergedColumns(table.cellsOf(tier)))).toEqual(direct(own));
        }
        for (const cohorts of [[0], [1, 3], [0, 1, 2, 3]]) {
          const parts = Array.from({ length: TIERS }, (_, tier) => table.cellsOf(tier, cohorts)).flat();
          const own = all.filter(({ cohort }) => cohorts.includes(cohort));
          expect(told(mergedColumns(parts))).toEqual(direct(own));
        }
      }),
      { numRuns: 60 },
    );
  });

  it("takes in another, and keeps nothing where nothing was entered", () => {
    const [one, other] = [
      { tier: 0, cohort: 1, wait: 1 },
      { tier: 2, cohort: 3, wait: 2 },
    ];
    const table = tableOf([one, one]);
    table.absorb(tableOf([one, other]));
    expect(table.cells().map(({ place, columns }) => [place, columns.attempts])).toEqual([
      [1, 3],
      [11, 1],
    ]);
    expect(table.found(0)).toBeUndefined();
  });

  it("has a marginal of one place without copying it", () => {
    const table = tableOf([{ tier: 1, cohort: 2, wait: 1 }]);
    expect(mergedColumns(table.cellsOf(1))).toBe(table.at(1, 2));
  });
});
