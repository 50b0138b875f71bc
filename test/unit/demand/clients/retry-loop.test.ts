import { describe, expect, it } from "vitest";
import { NO_TIME, seconds } from "../../../../src/core/base/units.js";
import { doubled, isPassing, RetryLoop, rounded } from "../../../../src/core/demand/clients/retry-loop.js";
import { ALL_STATUSES, at, delays, LOWEST, refused, times } from "./calls.js";

const seen: number[] = [];
const loop = new RetryLoop(
  "a loop",
  {
    maxRetries: 4,
    timeout: seconds(9),
    retries: ({ status }) => status === 503,
    delay: (_, retried) => {
      seen.push(retried);
      return NO_TIME;
    },
  },
  {},
);

describe("the retry loop", () => {
  it("counts the retries of each request, and tells the rule of those before", () => {
    expect(delays(loop, times(9, refused(503)), LOWEST)).toEqual([0, 0, 0, 0]);
    expect(seen).toEqual([0, 1, 2, 3]);
    expect(loop.triesBound).toBe(5);
  });

  it("asks the rule no delay of what it does not retry", () => {
    seen.length = 0;
    expect(delays(loop, [refused(503), refused(400)], LOWEST)).toEqual([0]);
    expect(seen).toEqual([0]);
  });

  it("lets every try leave, and takes timeouts from its options first", () => {
    expect(loop.allows(0, at(0), LOWEST, 0)).toBe(true);
    expect(loop.timeout).toBe(9e6);
  });

  it("knows what most clients take for passing", () => {
    expect(ALL_STATUSES.filter(isPassing)).toEqual([0, 408, 409, 429, 500, 501, 502, 503, 504, 520, 529]);
  });

  it("doubles up to a cap, in whole microseconds", () => {
    expect([0, 1, 3, 1000].map((retried) => doubled(seconds(1), retried, seconds(5)))).toEqual([
      1e6, 2e6, 5e6, 5e6,
    ]);
    expect(rounded(1.6)).toBe(2);
  });
});
