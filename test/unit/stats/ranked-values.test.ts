import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Ranking } from "../../../src/core/stats/ranked-values.js";

const value = fc.integer({ min: 0, max: 20 });
const list = fc.array(value, { maxLength: 30 });
/** At values, between them and beyond. */
const probe = fc.integer({ min: -2, max: 44 }).map((half) => half / 2);

const ascending = (values: readonly number[]) => Float64Array.from(values).sort();

/** The same values, each distinct one once with how often it came. */
function counted(values: readonly number[]): Ranking {
  const distinct = ascending([...new Set(values)]);
  const counts = distinct.map((one) => values.filter((other) => other === one).length);
  return new Ranking({ values: distinct, counts });
}

describe("values in order", () => {
  it("are counted above a value, below it and up to it, however they are held", () => {
    fc.assert(
      fc.property(list, probe, (values, at) => {
        const above = values.filter((one) => one > at).length;
        const below = values.filter((one) => one < at).length;
        const counts = [above, below, values.length - above, values.length];
        for (const ranking of [new Ranking({ values: ascending(values), counts: null }), counted(values)]) {
          expect([ranking.above(at), ranking.below(at), ranking.upTo(at), ranking.count]).toEqual(counts);
        }
      }),
    );
  });

  it("are the values themselves where they are not counted in bins", () => {
    const plain = new Ranking({ values: ascending([3, 1, 2, 3]), counts: null });
    expect([plain.isExact, [...plain.values]]).toEqual([true, [1, 2, 3, 3]]);
    expect(counted([3, 1, 2, 3]).isExact).toBe(false);
  });

  it("may be none", () => {
    const none = new Ranking({ values: new Float64Array(0), counts: null });
    expect([none.count, none.above(-1), none.below(9), none.upTo(9)]).toEqual([0, 0, 0, 0]);
  });

  it("need a count for each where they have any", () => {
    const counts = Float64Array.of(1, 2);
    expect(() => new Ranking({ values: Float64Array.of(1), counts })).toThrow("every value has its count");
  });
});
