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

  it("know nothing of nothing", () => {
    expect(new SessionLives().estimate()).toMatchObject({ finished: 0, abandoned: 0, open: 1, spent: 0 });
  });
});
