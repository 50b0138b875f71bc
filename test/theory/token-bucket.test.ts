// The account limit against the exact share of Poisson requests that a token bucket refuses.
import { expect, test } from "vitest";
import { tokenBucketRefusal } from "../support/closed-forms.js";
import { gear } from "../support/mode.js";
import { expectCovers, lossSystem, measured, SLOW } from "../support/oracle.js";

test.each([
  [8, 10, 5, 0.0352904, 850],
  [10, 10, 5, 0.1034489, 400],
  [15, 10, 5, 0.3384488, 300],
  [15, 10, 10, 0.333397, 300],
  [9, 10, 10, 0.01663175, 500],
])("%i requests/s against %i/s and a burst of %i", (arrivals, refill, depth, golden, seconds) => {
  expect(tokenBucketRefusal(arrivals, refill, depth)).toBeCloseTo(golden, 7);
  const scenario = lossSystem({
    slots: 1000,
    rates: { standard: arrivals },
    admission: { policy: "none" },
    service: 1000,
    duration: `${gear(seconds, 2500)}s`,
    warmup: "60s",
    more: { limits: { requests: { rate: refill, burst: depth } } },
  });
  const { limited } = measured(scenario, { limited: (run) => run.all.rateLimitedRate! });
  // A bucket that fills 3 % too slowly.
  expectCovers(limited, golden, tokenBucketRefusal(arrivals, refill / SLOW, depth));
});
