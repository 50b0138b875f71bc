import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seconds } from "../../../../src/core/base/units.js";
import { createClient } from "../../../../src/core/demand/clients/registry.js";
import { at, chance, LOWEST, refused } from "./calls.js";

describe("a retry budget", () => {
  it("grants no more retries than its share of the requests and a few", () => {
    const law = fc.property(
      fc.array(fc.boolean(), { maxLength: 200 }),
      fc.double({ min: 0, max: 2, noNaN: true }),
      fc.nat({ max: 5 }),
      (isRequest, ratio, least) => {
        const client = createClient("naive", { maxRetries: 1000, budget: { ratio, least } });
        let requests = 0;
        let retries = 0;
        for (const each of isRequest) {
          if (each) {
            client.allows(0, at(1), chance, 0);
            requests++;
          } else if (client.retryDelay(refused(503), 0, 0, at(1), chance) !== undefined) retries++;
          if (retries > least + ratio * requests) return false;
        }
        const failed = isRequest.length - requests;
        return retries === failed || retries + 1 > least;
      },
    );
    fc.assert(law, { numRuns: 300 });
  });

  it("is a caller's own, and renewed with its window", () => {
    const client = createClient("naive", { budget: { ratio: 0, least: 1, window: seconds(10) } });
    const ask = (caller: number, now: number) =>
      client.retryDelay(refused(503), 0, caller, at(now), LOWEST) !== undefined;
    expect([ask(0, 0), ask(0, 9), ask(1, 9), ask(0, 10), ask(0, 10)]).toEqual([
      true,
      false,
      true,
      true,
      false,
    ]);
  });

  it("is not spent on what the client would not have retried", () => {
    const client = createClient("naive", { budget: { ratio: 0, least: 1 } });
    client.retryDelay(refused(400), 0, 0, at(0), LOWEST);
    expect(client.retryDelay(refused(503), 0, 0, at(0), LOWEST)).toBe(0);
  });
});
