import fc from "fast-check";
import { expect, it } from "vitest";
import { type Instant, START } from "../../../../src/core/base/units.js";
import { ColdSpells } from "../../../../src/core/server/fleet/cold-spells.js";

const at = (time: number) => time as Instant;

it("a pool without a replica is cold from the start until its first one", () => {
  const spells = new ColdSpells();
  expect([0, 7].map((time) => spells.includes(at(time)))).toEqual([true, true]);
  spells.end(at(5));
  expect([0, 4, 5, 6].map((time) => spells.includes(at(time)))).toEqual([true, true, false, false]);
});

it("one that has a replica from the start, or another one at once, never is", () => {
  const spells = new ColdSpells();
  spells.end(START);
  spells.begin(at(3));
  spells.end(at(3));
  expect([0, 2, 3, 9].map((time) => spells.includes(at(time)))).toEqual([false, false, false, false]);
});

it("knows each instant of any spell", () => {
  const gaps = fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 20 });
  const law = fc.property(gaps, (lengths) => {
    const spells = new ColdSpells();
    const cold: boolean[] = [];
    let now = 0;
    for (const [index, length] of lengths.entries()) {
      const isCold = index % 2 === 0;
      if (index > 0) (isCold ? spells.begin : spells.end).call(spells, at(now));
      for (let time = 0; time < length; time++) cold.push(isCold);
      now += length;
    }
    expect(cold.map((_, time) => spells.includes(at(time)))).toEqual(cold);
  });
  fc.assert(law);
});
