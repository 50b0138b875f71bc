import { describe, expect, it } from "vitest";
import { type Instant, NEVER } from "../../../../src/core/base/units.js";
import { SessionBook } from "../../../../src/core/demand/traffic/session-book.js";

const at = (value: number) => Math.round(value * 1e6) as Instant;
const window = () => new SessionBook(at(10), at(20));

describe("the book of a source's sessions", () => {
  it("counts what started in the window, whenever it ends", () => {
    const book = window();
    for (const start of [5, 10, 12, 15, 20]) book.started(at(start));
    book.finished(at(5), at(15), 3);
    book.finished(at(10), at(40), 7);
    book.abandoned(at(12), at(13));
    book.abandoned(at(20), at(21));
    expect([book.startedCount, book.finishedCount, book.abandonedCount]).toEqual([3, 1, 1]);
  });

  it("sees ends that lie in the window, of whatever began before or in it", () => {
    const book = window();
    book.finished(at(-3), at(9), 1);
    book.finished(at(-5), at(15), 1);
    book.finished(at(12), at(14), 1);
    book.finished(at(18), at(20), 1);
    book.finished(at(20), at(23), 1);
    book.abandoned(at(-9), at(19));
    const { finishedCount, abandonedCount } = book.totals([], NEVER).lives;
    expect([finishedCount, abandonedCount]).toEqual([2, 1]);
  });

  it("has one that began before the window under observation from the age that it has there", () => {
    const book = window();
    // Two begin and end in the window; a third is 9 s old when it opens and does not count among the young.
    for (const start of [10, 11]) book.finished(at(start), at(start + 4), 1);
    book.finished(at(1), at(17), 1);
    const { durations: found } = book
      .totals([{ startedAt: at(12), knownUntil: NEVER }], at(25))
      .lives.estimate();
    // Of three that get 4 s old two end; the third leaves the window at 8 s, before any of 9 s is seen.
    expect(found).toHaveLength(1);
    expect(found[0]!.value).toBe(4);
    expect(found[0]!.share).toBeCloseTo(2 / 3, 12);
  });

  it("follows those under way no further than they are known, and changes nothing by telling", () => {
    const book = window();
    book.started(at(11));
    book.started(at(12));
    book.charged(at(11), at(13), 0.5);
    book.charged(at(11), at(25), 100);
    book.finished(at(11), at(14), 2);
    const totals = (knownUntil: number) => book.totals([{ startedAt: at(12), knownUntil }], at(16));
    // Known to live at 3 s, it is one of two there; silent since 1 s, it is not.
    expect(totals(NEVER).lives.estimate()).toMatchObject({ finished: 0.5, open: 0.5, spent: 0.25 });
    expect(totals(at(13)).lives.estimate()).toMatchObject({ finished: 1, open: 0, spent: 0.5 });
    expect(totals(NEVER).lives.estimate().open).toBe(0.5);
  });
});
