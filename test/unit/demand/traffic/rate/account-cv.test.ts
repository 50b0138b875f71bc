import { quantile } from "simple-statistics";
import { expect, it } from "vitest";
import { accountCv } from "../../../../../src/core/demand/traffic/rate/account-cv.js";
import { openStream } from "../../../../../src/core/random/stream.js";

it("accounts send as irregularly as ServeGen's: median 1.2, one in ten above 5, none beyond what was measured", () => {
  const stream = openStream("1", "cv");
  const all = Array.from({ length: 10_000 }, () => accountCv(stream));
  expect(quantile(all, 0.5)).toBeCloseTo(1.2, 1);
  expect(Math.abs(quantile(all, 0.9) - 5)).toBeLessThan(0.3);
  expect([Math.min(...all), Math.max(...all)]).toEqual([0.25, 15]);
});
