import { describe, expect, it } from "vitest";
import {
  concurrencyLimit,
  createLimit,
  LIMITS,
} from "../../../../../src/core/server/gateway/concurrency/registry.js";

describe.each(LIMITS.map(({ name }) => name))("concurrency limit %s", (name) => {
  it("is made of its name alone", () => {
    expect(createLimit(concurrencyLimit.parse(name)).most).toBeGreaterThan(0);
  });
});

it("has no other", () => {
  expect(() => createLimit({ limit: "some" as "none" })).toThrow('no concurrency limit is named "some"');
});
