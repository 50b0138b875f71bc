import { describe, expect, it } from "vitest";
import { LOCAL_REJECTION } from "../../../../src/core/demand/clients/client.js";
import { createClient } from "../../../../src/core/demand/clients/registry.js";
import { at, delays, HIGHEST, LOWEST, refused, retriedStatuses, times } from "./calls.js";

const create = () => createClient("aws-adaptive", {});
/** Throttled now; returns whether a first try may still leave right after. */
const letsAfter = (status: number) => {
  const client = create();
  client.observe(0, false, refused(status), at(10), 0);
  return [client.allows(0, at(10), LOWEST, 0), client.allows(1, at(10), LOWEST, 0)];
};

describe("aws-adaptive", () => {
  it("retries as aws-standard does", () => {
    expect(retriedStatuses(create).filter((status) => status >= 0)).toEqual([0, 429, 500, 502, 503, 504]);
    expect(delays(create(), times(9, refused(429)), HIGHEST)).toEqual([0.499, 0.999]);
  });

  it("holds first tries of a caller back once it was throttled, not for an overload", () => {
    expect(letsAfter(429)).toEqual([false, true]);
    expect(letsAfter(503)).toEqual([true, true]);
  });

  it("lets one leave that has waited, and all retries", () => {
    const client = create();
    client.observe(0, false, refused(429), at(10), 0);
    expect(client.allows(0, at(10), LOWEST, 0)).toBe(false);
    const wait = client.retryDelay(refused(LOCAL_REJECTION), 0, 0, at(10), LOWEST);
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(2e6);
    const waited = client.nextTries;
    expect(client.allows(0, at(10), LOWEST, waited)).toBe(true);
    expect(client.retryDelay(refused(429), waited, 0, at(10), LOWEST)).toBe(0);
    expect(client.allows(0, at(10), LOWEST, client.nextTries)).toBe(true);
  });

  it("does not count the wait as a retry", () => {
    const client = create();
    client.retryDelay(refused(LOCAL_REJECTION), 0, 0, at(0), LOWEST);
    let tries = client.nextTries;
    let retries = 0;
    while (client.retryDelay(refused(429), tries, 0, at(0), LOWEST) !== undefined) {
      tries = client.nextTries;
      retries++;
    }
    expect(retries).toBe(2);
  });
});
