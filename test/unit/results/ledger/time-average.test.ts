import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { instant, START } from "../../../../src/core/base/units.js";
import { TimeAverage } from "../../../../src/core/results/ledger/time-average.js";

describe("time average", () => {
  it("weights every value by how long it held", () => {
    const average = new TimeAverage(START);
    average.set(4, instant(10));
    average.set(1, instant(30));
    expect(average.average(instant(40))).toBe((0 * 10 + 4 * 20 + 1 * 10) / 40);
  });

  it("can be asked again later without changing", () => {
    const average = new TimeAverage(instant(100), 2);
    average.average(instant(500));
    expect([average.average(instant(200)), average.average(instant(300))]).toEqual([2, 2]);
  });

  it("is the value itself at the very start", () => {
    const average = new TimeAverage(instant(5), 3);
    average.set(7, instant(5));
    expect(average.average(instant(5))).toBe(7);
  });

  it("forgets what was before the measured window, but not the value", () => {
    const average = new TimeAverage(START, 100);
    average.set(6, instant(10));
    average.reset(instant(20));
    average.set(0, instant(30));
    expect(average.average(instant(40))).toBe(3);
  });

  it("equals the sum over every microsecond", () => {
    const changes = fc.array(fc.record({ wait: fc.nat(20), value: fc.integer({ min: -9, max: 9 }) }), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(changes, fc.integer({ min: 1, max: 20 }), (steps, rest) => {
        const average = new TimeAverage(START, 5);
        const each: number[] = [];
        let value = 5;
        for (const step of steps) {
          each.push(...new Array<number>(step.wait).fill(value));
          value = step.value;
          average.set(value, instant(each.length));
        }
        each.push(...new Array<number>(rest).fill(value));
        const expected = each.reduce((sum, one) => sum + one, 0) / each.length;
        return average.average(instant(each.length)) === expected;
      }),
      { numRuns: 200 },
    );
  });

  it("refuses time that runs back (LAW-2)", () => {
    const average = new TimeAverage(instant(10));
    expect(() => average.set(1, instant(9))).toThrow("LAW-2");
    expect(() => average.average(instant(9))).toThrow("LAW-2");
    expect(() => average.reset(instant(9))).toThrow("LAW-2");
  });
});
