import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Instant, instant } from "../../../../../src/core/base/units.js";
import { grained, Progressions } from "../../../../../src/core/server/replica/batching/progression.js";
import { ReplicaRows } from "../../../../../src/core/server/replica/batching/replica-rows.js";

const GRAIN = 2 ** 20;

const begin = (first: number, increment: number, origin = 0) => {
  const rows = new ReplicaRows();
  const progressions = new Progressions(rows);
  // Neither of the neighbours is anybody's business.
  const [before, row, behind] = [rows.open(), rows.open(), rows.open()];
  for (const other of [before, row, behind]) progressions.begin(other, instant(7), 2, 3);
  progressions.begin(row, instant(origin), first, increment);
  progressions.begin(behind, instant(9), 5, 1);
  return {
    boundary: (step: number) => progressions.boundary(row, step),
    endedBefore: (at: Instant, least: number) => progressions.endedBefore(row, at, least),
    lastUpTo: (step: number) => progressions.lastUpTo(row, step),
  };
};

const first = fc.oneof(fc.double({ min: 1, max: 50_000, noNaN: true }), fc.integer({ min: 1, max: 20 }));
const increment = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 50, noNaN: true }), fc.nat({ max: 3 }));
const SEEDED = { numRuns: 300 };

describe("a progression of steps", () => {
  it("has each boundary at the exact sum of its steps, rounded once", () => {
    const law = fc.property(first, increment, fc.nat({ max: 1e9 }), (one, more, origin) => {
      const progression = begin(one, more, origin);
      let sum = 0n;
      for (let step = 1; step <= 300; step++) {
        sum += BigInt(Math.round(one * GRAIN)) + BigInt(step - 1) * BigInt(Math.round(more * GRAIN));
        const rounded = Number((sum + BigInt(GRAIN / 2)) / BigInt(GRAIN));
        if (progression.boundary(step) !== origin + rounded) return false;
      }
      return progression.boundary(0) === origin;
    });
    fc.assert(law, SEEDED);
  });

  it("knows how many steps have ended before an instant, as a scan does, wherever it starts from", () => {
    const law = fc.property(
      first,
      increment,
      fc.nat({ max: 400 }),
      fc.integer({ min: -2, max: 2 }),
      fc.nat(),
      (...given) => {
        const [one, more, step, offset, start] = given;
        const progression = begin(one, more, 1000);
        const at = Math.max(1001, progression.boundary(step) + offset) as Instant;
        let ended = 0;
        while (progression.boundary(ended + 1) < at) ended++;
        return (
          progression.endedBefore(at, start % (ended + 1)) === ended &&
          progression.endedBefore(at, 0) === ended
        );
      },
    );
    fc.assert(law, SEEDED);
  });

  it("finds steps far away without going through them", () => {
    const progression = begin(1, 2 ** -20);
    const far = instant(2 ** 33);
    const ended = progression.endedBefore(far, 0);
    expect([progression.boundary(ended) < far, progression.boundary(ended + 1) >= far]).toEqual([true, true]);
    expect(ended).toBeGreaterThan(1e8);
  });

  it("is cut where its sums could lose bits, but never before its first step", () => {
    expect(begin(2 ** 20, 0).lastUpTo(8192)).toBe(8192);
    expect(begin(2 ** 20, 0).lastUpTo(8193)).toBe(8192);
    expect(begin(2 ** 20, 2 ** 20).lastUpTo(1e6)).toBe(127);
    expect(begin(2 ** 34, 0).lastUpTo(5)).toBe(1);
  });

  it("counts durations in multiples of 2^-20 microseconds", () => {
    expect([grained(0.3) * GRAIN, grained(2 ** -21), grained(2 ** -22)]).toEqual([314_573, 2 ** -20, 0]);
  });

  it("refuses a step that takes no time (LAW-2)", () => {
    expect(() => begin(0.5, 3)).toThrow("LAW-2");
  });
});
