// The numbers are those of the real client, version 6.49: read in its source and measured against a scripted server.
import { describe, expect, it } from "vitest";
import { type Duration, seconds } from "../../../../src/core/base/units.js";
import type { Stream } from "../../../../src/core/random/stream.js";
import type { Refusal } from "../../../../src/core/traffic/clients/client.js";
import { OpenaiNode6 } from "../../../../src/core/traffic/clients/openai-node-6.js";

const drawing = (value: number): Stream => ({ uniform: () => value, below: () => 0 });
const LEAST_JITTER = drawing(0);
const MOST_JITTER = drawing(1 - 2 ** -53);

const client = new OpenaiNode6({ maxRetries: undefined, timeout: undefined });
const patient = new OpenaiNode6({ maxRetries: 10, timeout: undefined });

const refused = (status: number, more: Partial<Refusal> = {}): Refusal => ({
  status,
  retryAfter: undefined,
  shouldRetry: undefined,
  ...more,
});

const isRetried = (refusal: Refusal) => client.retryDelay(refusal, 1, LEAST_JITTER) !== undefined;

describe("openai-node-6", () => {
  it("retries timeouts, 408, 409, 429 and 5xx, and nothing else", () => {
    const statuses = [0, 400, 401, 403, 404, 408, 409, 413, 422, 429, 499, 500, 502, 503, 504, 529];
    expect(statuses.filter((status) => isRetried(refused(status)))).toEqual([
      0, 408, 409, 429, 500, 502, 503, 504, 529,
    ]);
  });

  it("tries three times in all by default, and as often as told otherwise", () => {
    const attempts = (maxRetries: number | undefined) => {
      const asked = new OpenaiNode6({ maxRetries, timeout: undefined });
      return [1, 2, 3, 4].filter((made) => asked.retryDelay(refused(503), made, LEAST_JITTER) !== undefined);
    };
    expect([undefined, 0, 1, 3].map(attempts)).toEqual([[1, 2], [], [1], [1, 2, 3]]);
  });

  it("waits 0.375 to 0.5 s, then 0.75 to 1 s, doubling up to 6 to 8 s", () => {
    const waits = [1, 2, 3, 4, 5, 6, 10].map((attempts) => [
      patient.retryDelay(refused(503), attempts, MOST_JITTER),
      patient.retryDelay(refused(503), attempts, LEAST_JITTER),
    ]);
    expect(waits).toEqual([
      [375_000, 500_000],
      [750_000, 1_000_000],
      [1_500_000, 2_000_000],
      [3_000_000, 4_000_000],
      [6_000_000, 8_000_000],
      [6_000_000, 8_000_000],
      [6_000_000, 8_000_000],
    ]);
  });

  it("obeys retry-after to the letter: 0 and 61 s alike, without jitter", () => {
    const waits = [0, 1, 61].map((after) =>
      client.retryDelay(refused(429, { retryAfter: seconds(after) }), 1, MOST_JITTER),
    );
    expect(waits).toEqual([0, 1e6, 61e6]);
  });

  it("lets x-should-retry overrule the status, and not the count", () => {
    expect([
      isRetried(refused(400, { shouldRetry: true })),
      isRetried(refused(503, { shouldRetry: false })),
    ]).toEqual([true, false]);
    expect(client.retryDelay(refused(503, { shouldRetry: true }), 3, LEAST_JITTER)).toBeUndefined();
  });

  it("waits 600 s for a response, unless told otherwise", () => {
    const short = new OpenaiNode6({ maxRetries: undefined, timeout: 5 as Duration });
    expect([client.timeout, short.timeout]).toEqual([600_000_000, 5]);
  });
});
