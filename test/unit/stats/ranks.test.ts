import fc from "fast-check";
import { expect, it } from "vitest";
import { doubledRanks } from "../../../src/core/stats/ranks.js";

it.each([
  [[], []],
  [
    [3, 1, 2],
    [6, 2, 4],
  ],
  // Two of the second and third rank have 2.5 each.
  [
    [5, 7, 5, 1],
    [5, 8, 5, 2],
  ],
  [
    [Number.POSITIVE_INFINITY, 0, Number.POSITIVE_INFINITY],
    [5, 2, 5],
  ],
])("twice the mid-ranks of %j are %j", (values, ranks) => {
  expect(doubledRanks(values)).toEqual(ranks);
});

it("a rank is how many are smaller, half of those that are equal, and a half", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -3, max: 3 }), { maxLength: 12 }), (values) => {
      const counted = values.map(
        (value) =>
          2 * values.filter((other) => other < value).length +
          values.filter((other) => other === value).length,
      );
      expect(doubledRanks(values)).toEqual(counted.map((twice) => twice + 1));
    }),
  );
});
