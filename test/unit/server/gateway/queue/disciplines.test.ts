import { expect, it } from "vitest";
import { DISCIPLINES, placesOf } from "../../../../../src/core/server/gateway/queue/disciplines.js";

it("puts lanes in the order of their ranks, or all alike", () => {
  expect(placesOf("priority", [2, 0, 1])).toEqual([2, 0, 1]);
  expect(placesOf("fifo", [2, 0, 1])).toEqual([0, 0, 0]);
});

it("gives every lane a place in each discipline", () => {
  for (const { name } of DISCIPLINES) expect(placesOf(name, [0, 3]).length).toBe(2);
});

it("has no other", () => {
  expect(() => placesOf("lifo" as "fifo", [])).toThrow('no queue discipline is named "lifo"');
});
