import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Instant, instant } from "../../../../../src/core/base/units.js";
import { grained, Progressions } from "../../../../../src/core/server/replica/batching/progression.js";
import {
  ENDED_AT,
  LOW,
  ReplicaRows,
  SPEED,
} from "../../../../../src/core/server/replica/batching/replica-rows.js";

const GRAIN = 2 ** 20;
const CLOCK = { boost: () => 0, drag: () => 0, decodeDrag: 0.1, memory: 1, rest: 5000 };

const begin = (
  first: number,
  increment: number,
  origin = 0,
  speed = 1,
  down?: { low: number; ago: number },
) => {
  const rows = new ReplicaRows();
  const progressions = new Progressions(rows, down && CLOCK);
  // Neither of the neighbours is anybody's business.
  const [before, row, behind] = [rows.open(), rows.open(), rows.open()];
  for (const other of [before, row, behind]) progressions.begin(other, instant(7), 2, 3);
  rows.numbers[row + SPEED] = speed;
  if (down !== undefined) {
    rows.numbers[row + LOW] = down.low;
    rows.numbers[row + ENDED_AT] = origin - down.ago;
  }
  progressions.begin(row, instant(origin), first, increment);
  progressions.begin(behind, instant(9), 5, 1);
  return {
    boundary: (step: number) => progressions.boundary(row, step),
    endedBefore: (at: Instant, least: number) => progressions.endedBefore(row, at, least),
    lastUpTo: (step: number) => progressions.lastUpTo(row, step),
    beginRest: (now: Instant, end: Instant) => progressions.beginRest(row, now, end),
  };
};

const first = fc.oneof(fc.double({ min: 1, max: 50_000, noNaN: true }), fc.integer({ min: 1, max: 20 }));
const increment = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 50, noNaN: true }), fc.nat({ max: 3 }));
const SEEDED = { numRuns: 300 };

describe("a progression of steps", () => {
  it("comes later as the clock of the GPU is down, by as much in all whether one epoch counts it or two", () => {
    const down = { low: 0.5, ago: 1000 };
    const [plain, late] = [begin(100, 0), begin(100, 0, 0, 1, down)];
    const decay = (x: number) => 1 / (1 + x + (x * x) / 2);
    const lost = (sum: number) => 0.1 * 0.5 * 5000 * (decay(0.2) - decay((1000 + sum) / 5000));
    for (const step of [1, 7, 50, 4000]) {
      expect(late.boundary(step)).toBe(Math.round(100 * step + lost(100 * step)));
      expect(late.boundary(step)).toBeGreaterThan(plain.boundary(step));
    }
    const at = late.boundary(20);
    const next = begin(100, 0, at, 1, { low: 0.5, ago: 1000 + at });
    expect(Math.abs(next.boundary(30) - late.boundary(50))).toBeLessThanOrEqual(2);
    // What is left of one step has its end given: the clock is in that.
    late.beginRest(instant(5000), instant(5050));
    expect(late.boundary(1)).toBe(5050);
  });

  it("finds the step that has ended with the clock down, too", () => {
    const law = fc.property(
      first,
      increment,
      fc.nat({ max: 200 }),
      fc.nat({ max: 9000 }),
      (one, more, step, ago) => {
        const progression = begin(one, more, 1e6, 1, { low: 1, ago });
        const end = progression.boundary(step + 1);
        const before = progression.endedBefore(end, 0);
        return progression.boundary(before) < end && progression.boundary(before + 1) >= end;
      },
    );
    fc.assert(law, SEEDED);
  });

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

  it("has longer steps at less than full speed, rounded once they are", () => {
    const half = begin(10.3, 0.7, 5, 0.5);
    const double = begin(20.6, 1.4, 5);
    const steps = Array.from({ length: 50 }, (_, step) => step);
    expect(steps.map(half.boundary)).toEqual(steps.map(double.boundary));
    // 10 / 0.3 is 33.333.
    expect([1, 2, 3].map(begin(10, 0, 0, 0.3).boundary)).toEqual([33, 67, 100]);
  });

  it("is the rest of one step and nothing else, if that is all that is known, whatever the speed", () => {
    const progression = begin(100, 10, 50, 0.5);
    progression.beginRest(instant(70), instant(77));
    expect([0, 1].map(progression.boundary)).toEqual([70, 77]);
    const ended = [71, 77, 78].map((at) => progression.endedBefore(instant(at), 0));
    expect(ended).toEqual([0, 0, 1]);
    expect(() => progression.beginRest(instant(70), instant(70))).toThrow("LAW-2");
  });

  it("counts durations in multiples of 2^-20 microseconds", () => {
    expect([grained(0.3) * GRAIN, grained(2 ** -21), grained(2 ** -22)]).toEqual([314_573, 2 ** -20, 0]);
  });

  it("refuses a step that takes no time (LAW-2)", () => {
    expect(() => begin(0.5, 3)).toThrow("LAW-2");
  });
});
