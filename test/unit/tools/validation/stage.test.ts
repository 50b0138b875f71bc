import { expect, it } from "vitest";
import { openCache } from "../../../../src/core/tools/validation/stage.js";

it("of prompts of which nothing is known, nothing or all may have been cached", () => {
  expect(openCache(80).map(({ tokens }) => tokens)).toEqual([0, 80]);
});
