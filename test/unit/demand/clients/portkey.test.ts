import { describe, expect, it } from "vitest";
import { createClient } from "../../../../src/core/demand/clients/registry.js";
import { delays, LOWEST, refused, retriedStatuses, times, told } from "./calls.js";

const client = createClient("portkey", {});
const heeding = createClient("portkey", { heedsRetryAfter: true });

describe("portkey", () => {
  it("retries 429, 500, 502, 503, 504 and 529, not its timeouts", () => {
    expect(retriedStatuses(() => client)).toEqual([429, 500, 502, 503, 504, 529]);
  });

  it("waits 1 s doubling without jitter, five times at most", () => {
    expect(delays(client, times(9, refused(503)), LOWEST)).toEqual([1, 2, 4, 8, 16]);
    const eager = createClient("portkey", { maxRetries: 50 });
    expect(delays(eager, times(99, refused(503)), LOWEST)).toHaveLength(5);
  });

  it("reads no retry-after unless it is told to", () => {
    expect(delays(client, times(2, told(429, 7)), LOWEST)).toEqual([1, 2]);
    expect(delays(heeding, times(2, told(429, 7)), LOWEST)).toEqual([7, 7]);
  });

  it("heeds it on a 429 only, and not 0", () => {
    expect(delays(heeding, times(2, told(503, 7)), LOWEST)).toEqual([1, 2]);
    expect(delays(heeding, times(2, told(429, 0)), LOWEST)).toEqual([1, 2]);
  });

  it("comes back at once from then on", () => {
    expect(delays(heeding, [told(429, 7), ...times(9, refused(503))], LOWEST)).toEqual([7, 0, 0, 0, 0]);
  });

  it("gives up at a minute, or at a minute of waits together", () => {
    expect(delays(heeding, [told(429, 60)], LOWEST)).toEqual([]);
    expect(delays(heeding, times(9, told(429, 25)), LOWEST)).toEqual([25, 25]);
    expect(delays(heeding, times(9, told(429, 30)), LOWEST)).toEqual([30, 30]);
  });
});
