import { describe, expect, it } from "vitest";
import { createClient } from "../../../../src/core/demand/clients/registry.js";
import { delays, HIGHEST, LOWEST, refused, retriedStatuses, times, told } from "./calls.js";

const client = createClient("claude-code", {});

describe("claude-code", () => {
  it("retries timeouts, 429 and 5xx", () => {
    expect(retriedStatuses(() => client)).toEqual([0, 429, 500, 501, 502, 503, 504, 520, 529]);
  });

  it("retries ten times, 0.5 s doubling to 32 s, with up to a quarter on top", () => {
    const least = [0.5, 1, 2, 4, 8, 16, 32, 32, 32, 32];
    expect(delays(client, times(20, refused(529)), LOWEST)).toEqual(least);
    expect(delays(client, times(20, refused(529)), HIGHEST)).toEqual(least.map((delay) => delay * 1.25));
  });

  it("covers the waits that were seen, to the second", () => {
    const most = delays(client, times(20, refused(529)), HIGHEST).map(Math.round);
    const least = delays(client, times(20, refused(529)), LOWEST).map(Math.round);
    const seen = [1, 1, 2, 4, 8, 17, 35, 36, 34];
    expect(seen.every((wait, index) => wait >= least[index]! && wait <= most[index]!)).toBe(true);
  });

  it("obeys retry-after and x-should-retry", () => {
    expect(delays(client, [told(429, 61)], LOWEST)).toEqual([61]);
    expect(delays(client, [refused(529, { shouldRetry: false })], LOWEST)).toEqual([]);
  });
});
