import { expect, test } from "vitest";
import { PRICE_NAMES, PRICES } from "../../../src/core/api/prices.js";

test.each(PRICE_NAMES)("%s costs less from the cache than anew, and most for what it generates", (name) => {
  const { input, cached, output } = PRICES[name];
  expect(cached).toBeGreaterThan(0);
  expect(cached).toBeLessThan(input);
  expect(output).toBeGreaterThanOrEqual(input);
});
