import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Duration } from "../../../../src/core/base/units.js";
import { instant } from "../../../../src/core/base/units.js";
import { LoadRecord } from "../../../../src/core/engine/foresight/load-record.js";

const recordOf = (width: number) => new LoadRecord(width as Duration);

describe("a record of load", () => {
  it("has the maximum of each bin, and carries a level on into the next ones", () => {
    const record = recordOf(10);
    record.set(2, instant(3));
    record.set(5, instant(4));
    record.set(1, instant(9));
    record.set(3, instant(35));
    const bins = [0, 10, 20, 30, 40].map((from) => record.most(instant(from), instant(from + 10)));
    expect(bins).toEqual([5, 1, 1, 3, 3]);
    expect(record.end).toBe(40);
  });

  it("takes bins whole that are asked about in part", () => {
    const record = recordOf(10);
    record.set(4, instant(2));
    record.set(0, instant(8));
    record.set(1, instant(19));
    expect(record.most(instant(9), instant(10))).toBe(4);
    expect(record.most(instant(9), instant(11))).toBe(4);
    expect(record.most(instant(10), instant(11))).toBe(1);
  });

  it("keeps what can still be asked about, however long it goes on", () => {
    const record = recordOf(1);
    for (let time = 0; time < 20_000; time++) {
      record.set(time % 7, instant(time));
      if (time > 5) record.forget(instant(time - 5));
      if (time >= 5) expect(record.most(instant(time - 5), instant(time - 4))).toBe(worstOf(time - 5));
    }
    expect(() => record.most(instant(0), instant(1))).toThrow("forgotten");
  });

  it("refuses levels out of the order of time", () => {
    const record = recordOf(10);
    record.set(1, instant(20));
    expect(() => record.set(1, instant(19))).toThrow("order of time");
  });

  it("equals the maximum over all instants, one by one", () => {
    const change = fc.record({ after: fc.nat(25), level: fc.nat(9) });
    const window = fc.record({
      from: fc.nat(150),
      length: fc.integer({ min: 1, max: 60 }),
    });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.array(change, { maxLength: 20 }),
        window,
        (width, changes, asked) => {
          const record = recordOf(width);
          let now = 0;
          for (const { after, level } of changes) {
            now += after;
            record.set(level, instant(now));
          }
          const { from, length } = asked;
          const highest = highestByInstant(changes, 600);
          const first = Math.floor(from / width) * width;
          const end = Math.ceil((from + length) / width) * width;
          expect(record.most(instant(from), instant(from + length))).toBe(
            Math.max(...highest.slice(first, end)),
          );
        },
      ),
    );
  });
});

/** The level that a sawtooth had in the bin that begins there: it has one level a bin, and brings on the one before. */
function worstOf(time: number): number {
  return time === 0 ? 0 : Math.max(time % 7, (time - 1) % 7);
}

/** By instant, the highest level that it had. */
function highestByInstant(
  changes: readonly { readonly after: number; readonly level: number }[],
  until: number,
): number[] {
  const highest = new Array<number>(until).fill(0);
  const raise = (from: number, to: number, level: number) => {
    for (let time = from; time <= Math.min(to, until - 1); time++)
      highest[time] = Math.max(highest[time]!, level);
  };
  let [now, level] = [0, 0];
  for (const { after, level: next } of changes) {
    raise(now, now + after, level);
    now += after;
    level = next;
  }
  raise(now, until, level);
  return highest;
}
