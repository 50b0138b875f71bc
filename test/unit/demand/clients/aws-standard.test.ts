import { describe, expect, it } from "vitest";
import { createClient } from "../../../../src/core/demand/clients/registry.js";
import { at, delays, HIGHEST, LOWEST, refused, retriedStatuses, times, told } from "./calls.js";

const create = (maxRetries?: number) => createClient("aws-standard", { maxRetries });
/** How many retries a caller's bucket still has for such failures. */
function retriesLeft(client: ReturnType<typeof create>, status: number): number {
  let count = 0;
  while (client.retryDelay(refused(status), 0, 0, at(0), LOWEST) !== undefined) count++;
  return count;
}

describe("aws-standard", () => {
  it("retries timeouts, 429, 500, 502, 503 and 504, and reads no x-should-retry", () => {
    expect(retriedStatuses(create)).toEqual([0, 429, 500, 502, 503, 504]);
    expect(delays(create(), [refused(503, { shouldRetry: false })], HIGHEST)).toHaveLength(1);
  });

  it("tries three times in all, after whole ms between 0 and 100 ms doubling, 500 ms when throttled", () => {
    expect(delays(create(), times(9, refused(503)), HIGHEST)).toEqual([0.099, 0.199]);
    expect(delays(create(), times(9, refused(429)), HIGHEST)).toEqual([0.499, 0.999]);
    expect(delays(create(), times(9, refused(429)), LOWEST)).toEqual([0, 0]);
  });

  it("waits 20 s at most", () => {
    expect(delays(create(12), times(12, refused(503)), HIGHEST).slice(-5)).toEqual([12.799, 20, 20, 20, 20]);
  });

  it("never comes back before retry-after", () => {
    expect(delays(create(), times(2, told(429, 0.7)), HIGHEST)).toEqual([0.7, 0.999]);
  });

  it("pays 5 of 500 tokens for a retry, 10 after a timeout, per caller", () => {
    const client = create();
    expect(retriesLeft(client, 503)).toBe(100);
    expect(client.retryDelay(refused(503), 0, 1, at(0), LOWEST)).toBe(0);
    expect(retriesLeft(create(), 0)).toBe(50);
  });

  it("gets a token for a first try that succeeds, and what a retry cost that succeeds", () => {
    const client = create();
    retriesLeft(client, 503);
    for (let n = 0; n < 12; n++) client.observe(0, true, undefined, at(0), 0);
    expect(retriesLeft(client, 503)).toBe(2);
    client.observe(0, true, undefined, at(0), 0);
    client.observe(0, true, undefined, at(0), 0);
    client.observe(0, true, undefined, at(0), 0);
    expect(retriesLeft(client, 503)).toBe(1);
    for (const status of [503, 0]) {
      const paid = create();
      paid.retryDelay(refused(status), 0, 0, at(0), LOWEST);
      const { nextTries } = paid;
      const left = retriesLeft(paid, 503);
      paid.observe(0, true, undefined, at(0), nextTries);
      expect([left, retriesLeft(paid, 503)]).toEqual(status === 503 ? [99, 1] : [98, 2]);
    }
  });

  it("never has more than 500 tokens", () => {
    const client = create();
    for (let n = 0; n < 1000; n++) client.observe(0, true, undefined, at(0), 0);
    expect(retriesLeft(client, 503)).toBe(100);
  });
});
