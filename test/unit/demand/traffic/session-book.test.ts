import { expect, it } from "vitest";
import { type Instant, seconds } from "../../../../src/core/base/units.js";
import { SessionBook } from "../../../../src/core/demand/traffic/session-book.js";

const at = (value: number) => seconds(value) as number as Instant;

it("counts what started in the window, whenever it ends", () => {
  const book = new SessionBook(at(10), at(20));
  for (const start of [5, 10, 12, 15, 20]) book.started(at(start));
  book.finished(at(5), at(15), 3, 1);
  book.finished(at(10), at(40), 7, 2);
  book.abandoned(at(12), 0.25);
  book.abandoned(at(20), 9);
  expect([book.startedCount, book.finishedCount, book.abandonedCount, book.openCount]).toEqual([3, 1, 1, 1]);
  expect(book.duration.quantile(0.5)).toBe(30);
  expect(book.requests.mean).toBe(7);
  expect(book.cost.sum).toBe(2);
  expect(book.abandonedCost).toBe(0.25);
});
