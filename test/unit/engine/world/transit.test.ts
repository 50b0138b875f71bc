import { expect, it } from "vitest";
import { newTransit, Place } from "../../../../src/core/engine/world/transit.js";

it("shares nothing with another row, and is nowhere at first", () => {
  const [one, other] = [newTransit(), newTransit()];
  Object.assign(one, { place: Place.inside, serial: 3 });
  one.call.inputTokens = 7;
  one.usage.outputTokens = 8;
  one.refusal.status = 429;
  expect(other).toEqual(newTransit());
  expect(other.place).toBe(Place.none);
});
