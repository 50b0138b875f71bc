import { describe, expect, it } from "vitest";
import { cohortOf, LevelHistogram } from "../../../../../src/core/server/gateway/policies/level-histogram.js";

function histogram(counts: readonly number[]): LevelHistogram {
  const made = new LevelHistogram(counts.length);
  for (const [level, count] of counts.entries()) for (let one = 0; one < count; one++) made.add(level);
  return made;
}

describe("histogram of levels", () => {
  it.each([
    [0, 0],
    [5, 0.5],
    [10, 2],
    [11, 2.25],
    [14, 5],
    [1e9, 5],
  ])("has %d of 10, 0, 4, 0 and 0 below %d", (count, cut) => {
    expect(histogram([10, 0, 4, 0, 0]).cut(count)).toBe(cut);
  });

  it("is cut nowhere while it is empty", () => {
    expect([histogram([0, 0]).cut(0), histogram([0, 3]).cut(0)]).toEqual([2, 1]);
  });

  it("forgets what is removed, and all when it is cleared", () => {
    const made = histogram([2, 2]);
    made.remove(0);
    expect([made.total, made.cut(2)]).toEqual([3, 1.5]);
    made.clear();
    expect([made.total, made.cut(1)]).toEqual([0, 2]);
  });
});

describe("cohorts of accounts", () => {
  const accounts = Array.from({ length: 12_800 }, (_, account) => account);

  it("are about alike, stay as they are under one salt, and are dealt anew under another", () => {
    const of = (salt: number) => accounts.map((account) => cohortOf(account, salt, 128));
    const sizes = new Int32Array(128);
    for (const cohort of of(0)) sizes[cohort]!++;
    expect(Math.min(...sizes)).toBeGreaterThan(55);
    expect(Math.max(...sizes)).toBeLessThan(145);
    expect(of(0)).toEqual(of(0));
    const next = of(1);
    const same = of(0).filter((cohort, account) => cohort === next[account]).length;
    expect(same).toBeGreaterThan(50);
    expect(same).toBeLessThan(160);
  });

  it("may be as many as one likes", () => {
    expect(accounts.every((account) => cohortOf(account, 7, 1) === 0)).toBe(true);
    expect(Math.max(...accounts.map((account) => cohortOf(account, 7, 3)))).toBe(2);
  });
});
