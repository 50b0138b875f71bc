import { describe, expect, it } from "vitest";
import { createClient } from "../../../../src/core/demand/clients/registry.js";
import { delays, HIGHEST, LOWEST, refused, retriedStatuses, times, told } from "./calls.js";

const create = (maxRetries?: number) => createClient("google-genai", { maxRetries });

describe("the client of the Google Gen AI SDK", () => {
  it("retries what its HttpRetryOptions name by default, and not 409 nor 529", () => {
    expect(retriedStatuses(create)).toEqual([0, 408, 429, 500, 502, 503, 504]);
  });

  it("waits 1, 2, 4 and 8 s, with up to a second on top", () => {
    expect(delays(create(), times(9, refused(503)), LOWEST)).toEqual([1, 2, 4, 8]);
    expect(delays(create(), times(9, refused(503)), HIGHEST)).toEqual([2, 3, 5, 9]);
  });

  it("waits a minute at the most, jitter included", () => {
    expect(delays(create(8), times(9, refused(503)), LOWEST).slice(5)).toEqual([32, 60, 60]);
    expect(delays(create(8), times(9, refused(503)), HIGHEST).slice(5)).toEqual([33, 60, 60]);
  });

  it("reads no header", () => {
    expect(delays(create(), [told(429, 30)], LOWEST)).toEqual([1]);
    expect(delays(create(), [refused(503, { shouldRetry: false })], LOWEST)).toEqual([1]);
  });

  it("sets no timeout", () => {
    expect(create().timeout).toBeUndefined();
  });
});
