import { expect, it } from "vitest";
import { none } from "../../../../../src/core/server/gateway/concurrency/none.js";

it("is never reached", () => {
  expect(none.create({}, { chance: () => 0 }).most).toBe(Number.POSITIVE_INFINITY);
});
