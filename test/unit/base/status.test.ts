import { expect, it } from "vitest";
import { NONE } from "../../../src/core/base/none.js";
import { REASONS, statusOf } from "../../../src/core/base/outcome.js";
import { REFUSAL_STATUSES, statusPlace } from "../../../src/core/base/status.js";

it("gives every status of a refusal its place, and no other", () => {
  expect(REFUSAL_STATUSES.map(statusPlace)).toEqual(REFUSAL_STATUSES.map((_, place) => place));
  expect([0, -1, 200, 400, 404, 430].map(statusPlace)).toEqual(new Array(6).fill(NONE));
});

it("has those statuses that reasons have by themselves, but for calls that are wrong", () => {
  const ofReasons = new Set(REASONS.map((_, reason) => statusOf(reason)));
  const others = [...ofReasons].filter((status) => statusPlace(status) === NONE);
  expect(others.sort()).toEqual([0, 200, 400, 404]);
});
