import { expect, it } from "vitest";
import { openStream } from "../../../src/core/random/stream.js";
import { Chance } from "../../../src/realm/chance.js";

const drawn = (uniform: number, count: number) => {
  const chance = new Chance();
  chance.reseed(uniform);
  return Array.from({ length: count }, () => chance.draw());
};

it("draws the host's number first, and then the same others every time", () => {
  expect(drawn(0.25, 1)).toEqual([0.25]);
  expect(drawn(0.25, 5)).toEqual(drawn(0.25, 5));
  expect(drawn(0.25, 5).slice(1)).not.toEqual(drawn(0.75, 5).slice(1));
});

it("draws uniformly on [0, 1), the second of many decisions and the many of one", () => {
  const stream = openStream("1", "realm");
  const seconds = Array.from({ length: 20_000 }, () => drawn(stream.uniform(), 2)[1]!);
  for (const draws of [seconds, drawn(0.5, 20_000)]) {
    const tenths = new Array<number>(10).fill(0);
    for (const draw of draws) tenths[Math.floor(draw * 10)]!++;
    // Chi squared of nine degrees of freedom is below 27.9 in 999 cases of 1000.
    const chi = tenths.reduce((sum, count) => sum + (count - 2000) ** 2 / 2000, 0);
    expect(chi).toBeLessThan(27.9);
  }
});
