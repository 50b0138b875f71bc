import { describe, expect, it } from "vitest";
import { createClient } from "../../../../src/core/demand/clients/registry.js";
import { delays, HIGHEST, LOWEST, refused, retriedStatuses, times, told } from "./calls.js";

const client = createClient("vercel-ai", {});

describe("vercel-ai", () => {
  it("retries 408, 409, 429 and 5xx, not its own timeouts", () => {
    expect(retriedStatuses(() => client)).toEqual([408, 409, 429, 500, 501, 502, 503, 504, 520, 529]);
  });

  it("waits 2 s and 4 s to the dot, whatever it draws", () => {
    expect(delays(client, times(9, refused(503)), LOWEST)).toEqual([2, 4]);
    expect(delays(client, times(9, refused(503)), HIGHEST)).toEqual([2, 4]);
  });

  it("takes a retry-after below a minute, 0 too, or below its own delay", () => {
    expect([0, 1, 59.999, 60, 61].map((wait) => delays(client, [told(429, wait)], LOWEST)[0])).toEqual([
      0, 1, 59.999, 2, 2,
    ]);
    const patient = createClient("vercel-ai", { maxRetries: 6 });
    expect(delays(patient, times(6, told(429, 61)), LOWEST)).toEqual([2, 4, 8, 16, 32, 61]);
  });

  it("does not look at x-should-retry", () => {
    expect(delays(client, [refused(503, { shouldRetry: false })], LOWEST)).toEqual([2]);
    expect(delays(client, [refused(400, { shouldRetry: true })], LOWEST)).toEqual([]);
  });
});
