// The account limit against the exact share of Poisson requests that a token bucket refuses.
import { expect, test } from "vitest";
import { tokenBucketRefusal } from "../support/closed-forms.js";
import { gear } from "../support/mode.js";
import { expectCovers, expectMisses, lossSystem, measured, SLOW } from "../support/oracle.js";

const limited = (arrivals: number, refill: number, burst: number, seconds: number) =>
  measured(
    lossSystem({
      slots: 1000,
      rates: { standard: arrivals },
      admission: { policy: "none" },
      service: 1000,
      duration: `${seconds}s`,
      warmup: "60s",
      more: { limits: { requests: { rate: refill, burst } } },
    }),
    { limited: (run) => run.all.rateLimitedRate! },
  ).limited;

test.each([
  [8, 10, 5, 0.0352904, 850],
  [10, 10, 5, 0.1034489, 400],
  [15, 10, 5, 0.3384488, 300],
  [15, 10, 10, 0.333397, 300],
  [9, 10, 10, 0.01663175, 500],
])("%i requests/s against %i/s and a burst of %i", (arrivals, refill, depth, golden, seconds) => {
  expect(tokenBucketRefusal(arrivals, refill, depth)).toBeCloseTo(golden, 7);
  const found = limited(arrivals, refill, depth, gear(seconds, 2500));
  // A bucket that fills 3 % too slowly.
  expectCovers(found, golden, tokenBucketRefusal(arrivals, refill / SLOW, depth));
});

test("a bucket that holds one request more or less is told", () => {
  expectMisses(limited(10, 10, 4, 300), 0.1034489, "below");
  expectMisses(limited(10, 10, 6, 300), 0.1034489, "above");
});
