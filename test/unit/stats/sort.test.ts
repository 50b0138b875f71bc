import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openStream } from "../../../src/core/random/stream.js";
import { sortAscending } from "../../../src/core/stats/sort.js";

function sorted(values: ArrayLike<number>, count = values.length): number[] {
  const own = Float64Array.from(values);
  sortAscending(own, count);
  return [...own];
}

describe("sortAscending", () => {
  it("sorts as a typed array sorts itself, many and few, near and far apart", () => {
    const value = fc.oneof(
      fc.double({ min: 0, noNaN: true }).map((number) => number + 0),
      fc.nat(),
      fc.constantFrom(0, Number.MIN_VALUE, 1, 1 + Number.EPSILON, Number.MAX_VALUE, Number.POSITIVE_INFINITY),
    );
    const many = fc.array(value, { minLength: 1000, maxLength: 3000, size: "max" });
    fc.assert(
      fc.property(many, (values) => {
        expect(sorted(values)).toEqual([...Float64Array.from(values).sort()]);
      }),
      { numRuns: 30 },
    );
  });

  it("leaves what is behind alone, in a part of an array, too", () => {
    const stream = openStream("sort", "values");
    const values = Array.from({ length: 2000 }, () => stream.uniform());
    const whole = Float64Array.from([9, ...values, 8]);
    sortAscending(whole.subarray(1), values.length);
    expect([...whole]).toEqual([9, ...values.sort((one, other) => one - other), 8]);
  });
});
