import { expect, it } from "vitest";
import { fixed } from "../../../../../src/core/server/gateway/concurrency/fixed.js";

it("stays as it is stated, and asks to be told nothing", () => {
  const limit = fixed.create({ most: 7 }, { chance: () => 0 });
  limit.firstToken(0, 0 as never, 7, 9e9 as never);
  expect([limit.most, limit.learns]).toEqual([7, false]);
});
