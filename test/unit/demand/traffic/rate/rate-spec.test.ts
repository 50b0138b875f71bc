import { expect, it } from "vitest";
import { seconds } from "../../../../../src/core/base/units.js";
import { flashOf } from "../../../../../src/core/demand/traffic/rate/rate-spec.js";

it("a fleet has a flash event in six hours, however many accounts share them", () => {
  expect([flashOf(1).every, flashOf(200).every]).toEqual([seconds(21_600), seconds(200 * 21_600)]);
});
