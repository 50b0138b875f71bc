import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Duration, seconds } from "../../../../src/core/base/units.js";
import { createClient } from "../../../../src/core/demand/clients/registry.js";
import { at, delays, drawing, HIGHEST, LOWEST, refused, retriedStatuses, times } from "./calls.js";

const refusals = times(9, refused(503));

describe("decorrelated", () => {
  it("retries what the SDKs retry", () => {
    expect(retriedStatuses(() => createClient("decorrelated", {}))).toEqual([
      0, 408, 409, 429, 500, 501, 502, 503, 504, 520, 529,
    ]);
  });

  it("draws between the least delay and three times the one before, up to a cap", () => {
    const client = createClient("decorrelated", { maxRetries: 5, delay: seconds(1), cap: seconds(20) });
    expect(delays(client, refusals, LOWEST)).toEqual([1, 1, 1, 1, 1]);
    const most = delays(client, refusals, HIGHEST);
    for (const [index, exact] of [3, 9, 20, 20, 20].entries()) expect(most[index]).toBeCloseTo(exact, 2);
  });

  it("draws from the delay before, not from how often it tried", () => {
    const client = createClient("decorrelated", { maxRetries: 5, delay: seconds(1), cap: seconds(100) });
    client.retryDelay(refused(503), 0, 0, at(0), drawing(0));
    const afterLeast = client.retryDelay(refused(503), client.nextTries, 0, at(0), HIGHEST);
    client.retryDelay(refused(503), 0, 0, at(0), drawing(0.5));
    const afterMore = client.retryDelay(refused(503), client.nextTries, 0, at(0), HIGHEST);
    expect(afterLeast! / 1e6).toBeCloseTo(3, 1);
    expect(afterMore! / 1e6).toBeCloseTo(6, 1);
  });

  it("stays between the least delay and the cap whatever they are", () => {
    const law = fc.property(
      fc.integer({ min: 1, max: 1e7 }),
      fc.integer({ min: 0, max: 1e10 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (delay, above, draw) => {
        const cap = delay + above;
        const client = createClient("decorrelated", {
          maxRetries: 9,
          delay: delay as Duration,
          cap: cap as Duration,
        });
        const waited = delays(client, refusals, drawing(draw));
        return (
          waited.length === 9 && waited.every((wait) => wait * 1e6 >= delay - 1 && wait * 1e6 <= cap + 1)
        );
      },
    );
    fc.assert(law);
  });
});
