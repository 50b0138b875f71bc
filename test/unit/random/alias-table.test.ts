import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AliasTable } from "../../../src/core/random/alias-table.js";
import { openStream } from "../../../src/core/random/stream.js";
import { chiSquare } from "../../support/goodness-of-fit.js";

const weightLists = fc
  .array(
    fc.oneof(
      fc.constant(0),
      fc.double({ min: 1e-6, max: 1, noNaN: true }),
      fc.integer({ min: 1, max: 1000 }),
    ),
    {
      minLength: 1,
      maxLength: 40,
    },
  )
  .filter((weights) => weights.some((weight) => weight > 0));

/** A stream that gives evenly spread numbers, so that a whole cycle shows the table's exact shares. */
function evenStream(steps: number) {
  let step = 0;
  return { uniform: () => (step++ % steps) / steps, below: () => 0 };
}

function picks(table: AliasTable, stream: { uniform(): number; below(n: number): number }, draws: number) {
  const counts = new Array<number>(table.size).fill(0);
  for (let draw = 0; draw < draws; draw++) counts[table.pick(stream)]!++;
  return counts;
}

describe("alias table", () => {
  it("gives every index its share, for any weights", () => {
    fc.assert(
      fc.property(weightLists, (weights) => {
        const draws = 4000 * weights.length;
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        const counts = picks(new AliasTable(weights), evenStream(draws), draws);
        // An index owns at most one interval of each of the slots, and each interval rounds by one step.
        return counts.every((count, index) => {
          const share = weights[index]! / total;
          return (
            Math.abs(count / draws - share) <= weights.length / draws + 1e-12 && (share > 0 || count === 0)
          );
        });
      }),
      { numRuns: 40 },
    );
  });

  it("draws indices at random in proportion to their weights", () => {
    const weights = [5, 0, 1, 3, 0.5, 0.5];
    const counts = picks(new AliasTable(weights), openStream("1", "alias"), 50_000);
    const fit = chiSquare(
      counts,
      weights.map((weight) => weight * 5000),
    );
    expect(fit.statistic).toBeLessThan(fit.limit);
  });

  it("never draws an index of weight 0, even at the largest uniform number", () => {
    const table = new AliasTable([0, 1 / 3, 0, 1 / 7, 0]);
    const largest = { uniform: () => 1 - 2 ** -53, below: () => 0 };
    expect([1, 3]).toContain(table.pick(largest));
  });

  it("takes weights of any size", () => {
    expect(picks(new AliasTable([1e-300, 3e-300]), evenStream(4), 4)).toEqual([1, 3]);
    expect(picks(new AliasTable([1e300, 3e300]), evenStream(4), 4)).toEqual([1, 3]);
  });

  it.each([
    [[], "weights: must hold at least one weight"],
    [[0, 0], "weights: must not have weights that are all 0"],
    [[1, -1], "weights[1]: must be a finite number from 0 up, got -1"],
    [[Number.NaN], "weights[0]: must be a finite number from 0 up, got NaN"],
    [[Number.POSITIVE_INFINITY], "weights[0]: must be a finite number from 0 up, got Infinity"],
    [[1e308, 1e308], "weights: must have weights with a finite sum"],
  ])("refuses %j", (weights, message) => {
    expect(() => new AliasTable(weights)).toThrow(message);
  });
});
