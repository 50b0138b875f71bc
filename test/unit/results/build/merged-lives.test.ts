import { describe, expect, it } from "vitest";
import { MergedLives } from "../../../../src/core/results/build/merged-lives.js";
import { type SessionEstimate, SessionLives } from "../../../../src/core/stats/session-lives.js";
import { type Design, designedRatio, standingFor } from "../../../../src/core/stats/stratified-ratio.js";

/** Sessions that finish after 10 s and have spent so much each. */
function seen(...dollars: number[]): SessionLives {
  const lives = new SessionLives();
  for (const one of dollars) {
    lives.entered(0);
    lives.spent(10e6, one);
    lives.finished(10e6, 1);
  }
  return lives;
}

const costOf = ({ spent, finished }: SessionEstimate) => (finished > 0 ? spent / finished : null);

function merged(books: readonly SessionLives[], design: Design = []): MergedLives {
  const parts = books.map((book) => book.data());
  return new MergedLives(parts, [...standingFor(design, books.length)], design);
}

describe("the lives of all replications", () => {
  it("say what one book of all of them says", () => {
    const books = [seen(4), seen(3, 3), seen(), seen(8)];
    const all = new SessionLives();
    for (const book of books) all.merge(book);
    expect(merged(books).estimate).toEqual(all.estimate());
    expect(merged(books).read(costOf)!.value).toBeCloseTo(18 / 4, 12);
  });

  it("are off by as much as they move without each of three", () => {
    const { value, error, freedom } = merged([seen(4), seen(3, 3), seen(8)]).read(costOf)!;
    // 18 / 4 in all; 14 / 3, 12 / 2 and 10 / 3 without one: pulls of -1 / 3, -3 and 7 / 3.
    expect(value).toBeCloseTo(4.5, 12);
    expect(error).toBeCloseTo(Math.sqrt((1 / 9 + 9 + 49 / 9) / 6), 12);
    const carrying = (1 / 9 + 9 + 49 / 9) ** 2 / (1 / 81 + 81 + 49 ** 2 / 81);
    // Of three samples two carry the error where they are spread as usual, and then they have two.
    expect(freedom).toBeCloseTo(1 + Math.min(1, carrying - 1) ** 3, 12);
  });

  const dollars = [4, 9, 1, 7, 2, 6];
  const design = [
    {
      candidates: 24,
      strata: [
        { share: 0.7, members: [0, 2, 4] },
        { share: 0.3, members: [1, 3, 5] },
      ],
    },
  ];
  it.each([
    ["drawn at random", []],
    ["chosen by strata", design],
  ])("are off by what a mean is where each saw one session: %s", (_, how: Design) => {
    const found = merged(
      dollars.map((one) => seen(one)),
      how,
    ).read(costOf)!;
    const wanted = designedRatio(
      dollars.map((value) => ({ value, weight: 1 })),
      how,
    );
    expect(found.value).toBeCloseTo(wanted.value, 9);
    expect(found.error).toBeCloseTo(wanted.error, 9);
    expect(found.freedom).toBeCloseTo(wanted.freedom, 9);
  });

  it("do not tell where none does, and not how far they are off where one alone does", () => {
    expect(merged([seen(), seen()]).read(costOf)).toBeNull();
    const one = merged([seen(3), seen(), seen()]).read(costOf);
    expect(one).toEqual({ value: 3, error: Number.POSITIVE_INFINITY, freedom: 1 });
  });
});
