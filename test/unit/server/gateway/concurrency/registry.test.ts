import { describe, expect, it } from "vitest";
import {
  concurrencyLimit,
  createLimit,
  LIMITS,
} from "../../../../../src/core/server/gateway/concurrency/registry.js";

const CONTEXT = { chance: () => 0 };

describe.each(LIMITS.map(({ name }) => name))("concurrency limit %s", (name) => {
  it("is made of its name alone", () => {
    expect(createLimit(concurrencyLimit.parse(name), CONTEXT).most).toBeGreaterThan(0);
  });
});

it("has no other", () => {
  expect(() => createLimit({ limit: "some" as "none" }, CONTEXT)).toThrow(
    'no concurrency limit is named "some"',
  );
});
