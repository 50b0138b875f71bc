import { describe, expect, it } from "vitest";
import { SessionLives } from "../../../src/core/stats/session-lives.js";

const S = 1e6;
const lives = (tell: (book: SessionLives) => void) => {
  const book = new SessionLives();
  tell(book);
  return book;
};

describe("the lives of sessions", () => {
  it("are told as they were where all are seen to their end", () => {
    const { durations, requests, ...rest } = lives((book) => {
      for (const [age, count] of [
        [10, 2],
        [20, 4],
        [40, 4],
      ] as const) {
        book.entered(0);
        book.spent(age * S, 3);
        book.finished(age * S, count);
      }
      book.entered(0);
      book.spent(5 * S, 1);
      book.abandoned(5 * S);
    }).estimate();
    expect(rest).toEqual({ finished: 0.75, abandoned: 0.25, open: 0, spent: 2.5 });
    expect(durations.map(({ value }) => value)).toEqual([10, 20, 40]);
    expect(requests).toEqual([
      { value: 2, share: 0.25 },
      { value: 4, share: 0.5 },
    ]);
  });

  it("have those that left stand beside those that were seen on", () => {
    const { finished, open, spent, durations } = lives((book) => {
      for (let session = 0; session < 4; session++) book.entered(0);
      book.finished(10 * S, 1);
      book.left(20 * S);
      // One of two that are seen at 30 s: it stands for half of the three quarters that get that old.
      book.spent(30 * S, 8);
      book.finished(30 * S, 1);
      book.left(50 * S);
    }).estimate();
    expect([finished, open]).toEqual([0.625, 0.375]);
    expect(spent).toBe(3);
    expect(durations.map(({ share }) => share)).toEqual([0.25, 0.375]);
  });

  it("add up", () => {
    const one = lives((book) => {
      book.entered(0);
      book.spent(7 * S, 2);
      book.finished(10 * S, 100);
    });
    const other = lives((book) => {
      book.entered(0);
      book.left(3 * S);
      book.entered(5 * S);
      book.abandoned(3600 * S);
    });
    const both = lives((book) => {
      book.merge(one);
      book.merge(other);
    });
    expect([both.finishedCount, both.abandonedCount]).toEqual([1, 1]);
    expect(both.estimate()).toMatchObject({ finished: 0.5, abandoned: 0.5, open: 0, spent: 1 });
    expect(both.estimate().requests[0]!.value).toBeCloseTo(100, -1);
    expect(other.estimate()).toMatchObject({ finished: 0, open: 1 });
  });

  const some = lives((book) => {
    for (const age of [1, 7, 7, 3600]) {
      book.entered(0);
      book.spent(age * S, age);
      book.finished(age * S, 2 * age);
    }
    book.entered(2 * S);
    book.left(30 * S);
    book.entered(1 * S);
    book.abandoned(9 * S);
  });
  const added = (...all: readonly [SessionLives, number][]) =>
    lives((book) => {
      for (const [one, factor] of all) book.add(one.data(), factor);
    });

  it("come back from plain data, which holds only ages that were seen", () => {
    const data = structuredClone(some.data());
    // 0, 1, 2, 7, 9, 30 and 3600 s.
    expect([data.bins.length, data.columns.length]).toEqual([7, 7 * 6]);
    const back = lives((book) => book.add(data, 1));
    expect(back.estimate()).toEqual(some.estimate());
    expect(back.data()).toEqual(data);
    expect([back.finishedCount, back.abandonedCount]).toEqual([4, 1]);
    expect(new SessionLives().data()).toMatchObject({ finishedCount: 0, bins: new Uint32Array(0) });
  });

  it("count as often as a factor says", () => {
    const other = lives((book) => {
      for (const end of [() => book.abandoned(20 * S), () => book.finished(8 * S, 5)]) {
        book.entered(0);
        end();
      }
    });
    const wanted = added([some, 1], [some, 1], [some, 1], [other, 1]);
    expect(added([some, 3], [other, 1]).data()).toEqual(wanted.data());
    // One that stands for 0.6 beside one that stands for 0.2 is three beside one.
    const scaled = added([some, 0.6], [other, 0.2]).estimate();
    for (const of of ["finished", "abandoned", "open", "spent"] as const)
      expect(scaled[of]).toBeCloseTo(wanted.estimate()[of], 9);
    for (const of of ["durations", "requests"] as const) {
      const close = wanted.estimate()[of].map(({ value, share }) => ({
        value: expect.closeTo(value, 9),
        share: expect.closeTo(share, 9),
      }));
      expect(scaled[of]).toEqual(close);
    }
  });

  it("know nothing of nothing", () => {
    expect(new SessionLives().estimate()).toMatchObject({ finished: 0, abandoned: 0, open: 1, spent: 0 });
  });
});
