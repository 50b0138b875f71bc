import { describe, expect, it } from "vitest";
import { createClient } from "../../../../src/core/demand/clients/registry.js";
import { at, delays, HIGHEST, LOWEST, refused, retriedStatuses, times } from "./calls.js";

const create = () => createClient("sre-throttle", {});

describe("sre-throttle", () => {
  it("retries overloads, unless the server says not to", () => {
    expect(retriedStatuses(create)).toEqual([429, 503, 529]);
    expect(delays(create(), [refused(503, { shouldRetry: false })], LOWEST)).toEqual([]);
    expect(delays(create(), [refused(400, { shouldRetry: true })], LOWEST)).toEqual([]);
  });

  it("retries a tenth of the requests", () => {
    const client = create();
    let retries = 0;
    for (let n = 0; n < 1000; n++) {
      client.allows(0, at(n / 100), HIGHEST, 0);
      if (client.retryDelay(refused(503), 0, 0, at(n / 100), LOWEST) !== undefined) retries++;
    }
    expect(retries).toBe(101);
  });

  it("tries three times while its budget lasts, after a delay drawn below 0.5 s doubling", () => {
    const rich = createClient("sre-throttle", { budget: { least: 100 } });
    expect(delays(rich, times(9, refused(503)), HIGHEST)).toEqual([0.5, 1]);
  });

  it("refuses itself what exceeds twice the accepted", () => {
    const client = create();
    expect([1, 2, 3].map(() => client.allows(0, at(0), LOWEST, 0))).toEqual([true, false, false]);
  });
});
