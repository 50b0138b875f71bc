import { expect, it } from "vitest";
import { START } from "../../../../../src/core/base/units.js";
import {
  concurrencyLimit,
  createLimit,
  LIMITS,
} from "../../../../../src/core/server/gateway/concurrency/registry.js";
import { Weightless } from "../../../../../src/core/server/gateway/concurrency/weightless.js";
import { facts } from "../../../../support/gateway-views.js";

it.each(LIMITS.map(({ name }) => name))("%s lets in whatever there is room for, unless it weighs", (name) => {
  const limit = createLimit(concurrencyLimit.parse(name), { chance: () => 0.5 });
  expect(limit instanceof Weightless).toBe(!limit.weighs);
  if (limit.weighs) return;
  limit.entered(0, facts({ inputTokens: 1e9 }), 1, START);
  expect(limit.mayEnter(facts({ inputTokens: 1e9 }), 1e6, START)).toBe(true);
});
