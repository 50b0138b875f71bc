import { expect, it } from "vitest";
import { assertSpeed, atSpeed, SLOWEST } from "../../../../src/core/server/replica/speed.js";

it("a speed is 0, or a share that is not too small", () => {
  for (const speed of [0, SLOWEST, 0.5, 1]) expect(() => assertSpeed(speed)).not.toThrow();
  for (const speed of [-1, SLOWEST / 2, 1.01, Number.NaN, Number.POSITIVE_INFINITY])
    expect(() => assertSpeed(speed)).toThrow("a speed is");
});

it("takes twice as long at half speed, and no other double at full speed", () => {
  expect([atSpeed(3, 0.5), atSpeed(0.1, 1)]).toEqual([6, 0.1]);
});
