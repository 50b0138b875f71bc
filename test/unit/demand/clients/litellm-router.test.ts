import { describe, expect, it } from "vitest";
import { createClient } from "../../../../src/core/demand/clients/registry.js";
import { at, delays, HIGHEST, LOWEST, refused, retriedStatuses, times, told } from "./calls.js";

const create = (deployments?: number) => createClient("litellm-router", { deployments });
const lets = (client: ReturnType<typeof create>, now: number, caller = 0) =>
  client.allows(caller, at(now), LOWEST, 0);

describe("litellm-router", () => {
  it("retries timeouts, 408, 409, 429 and 5xx, whatever x-should-retry says", () => {
    expect(retriedStatuses(create)).toEqual([0, 408, 409, 429, 500, 501, 502, 503, 504, 520, 529]);
    expect(delays(create(), [refused(503, { shouldRetry: false })], LOWEST)).toEqual([0.5]);
  });

  it("waits 0.5 s doubling up to 8 s, plus up to 0.75 s", () => {
    const patient = createClient("litellm-router", { maxRetries: 6 });
    expect(delays(patient, times(9, refused(503)), LOWEST)).toEqual([0.5, 1, 2, 4, 8, 8]);
    expect(delays(patient, times(9, refused(503)), HIGHEST)).toEqual([1.25, 1.75, 2.75, 4.75, 8.75, 8.75]);
    expect(delays(create(), times(9, refused(503)), LOWEST)).toHaveLength(2);
  });

  it("takes a retry-after above 0 up to a minute, and adds its jitter", () => {
    const waits = [0, 7, 60, 61].map((wait) => delays(create(), [told(429, wait)], HIGHEST)[0]);
    expect(waits).toEqual([1.25, 7.75, 60.75, 1.25]);
  });

  it("lets its only deployment rest after a thousand failures in a minute and no answer, for 5 s", () => {
    const client = create();
    for (let n = 0; n < 999; n++) client.observe(0, false, refused(503), at(1), 0);
    expect(lets(client, 1)).toBe(true);
    client.observe(0, false, refused(503), at(1), 0);
    expect([1, 5.9, 6].map((now) => lets(client, now))).toEqual([false, false, true]);
    expect(lets(client, 1, 1)).toBe(true);
  });

  it("does so for one answer no more, nor for failures of another minute", () => {
    const client = create();
    client.observe(0, true, undefined, at(1), 0);
    for (let n = 0; n < 2000; n++) client.observe(0, false, refused(503), at(1), 0);
    for (let n = 0; n < 999; n++) client.observe(0, false, refused(503), at(61), 0);
    expect(lets(client, 61)).toBe(true);
  });

  it.each([
    [401, false],
    [404, false],
    [400, true],
    [429, true],
  ])("after a %i, whether its only deployment still takes requests: %s", (status, takes) => {
    const client = create();
    client.observe(0, false, refused(status), at(1), 0);
    expect(lets(client, 2)).toBe(takes);
  });

  it("goes on to the next of several deployments at once, and lets one that is throttled rest", () => {
    const client = create(2);
    expect(delays(client, [refused(429)], LOWEST)).toEqual([0]);
    expect(delays(client, [refused(429)], LOWEST)).toEqual([0.5]);
    expect([0, 4.9, 5].map((now) => lets(client, now))).toEqual([false, false, true]);
  });

  it("lets one of several rest when more than half of five tries failed, as long as it is told to", () => {
    const client = create(2);
    for (let n = 0; n < 8; n++) client.observe(0, false, told(503, 20), at(1), 0);
    expect(lets(client, 1)).toBe(true);
    client.observe(0, false, told(503, 20), at(1), 0);
    client.observe(0, false, told(503, 20), at(1), 0);
    expect([1, 20.9, 21].map((now) => lets(client, now))).toEqual([false, false, true]);
  });
});
