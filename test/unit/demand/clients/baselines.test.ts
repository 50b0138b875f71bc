import { describe, expect, it } from "vitest";
import { seconds } from "../../../../src/core/base/units.js";
import { createClient } from "../../../../src/core/demand/clients/registry.js";
import { delays, HIGHEST, LOWEST, refused, retriedStatuses, times, told } from "./calls.js";

const refusals = times(9, refused(503));

describe("the baselines", () => {
  it.each(["fixed", "naive", "full-jitter"])(
    "%s retries what the SDKs retry, and reads no header",
    (name) => {
      const create = () => createClient(name, {});
      expect(retriedStatuses(create)).toEqual([0, 408, 409, 429, 500, 501, 502, 503, 504, 520, 529]);
      const plain = delays(create(), [refused(503)], HIGHEST);
      expect(delays(create(), [told(503, 7)], HIGHEST)).toEqual(plain);
      expect(delays(create(), [refused(503, { shouldRetry: false })], HIGHEST)).toEqual(plain);
    },
  );

  it("none takes no for an answer, even if it is told how often it may retry", () => {
    expect(delays(createClient("none", { maxRetries: 5 }), refusals, LOWEST)).toEqual([]);
  });

  it("naive comes back at once, fixed after the same delay", () => {
    expect(delays(createClient("naive", {}), refusals, LOWEST)).toEqual([0, 0]);
    expect(delays(createClient("fixed", {}), refusals, LOWEST)).toEqual([1, 1]);
    expect(delays(createClient("fixed", { delay: seconds(3) }), refusals, LOWEST)).toEqual([3, 3]);
  });

  it("full-jitter draws between 0 and a delay that doubles up to a cap", () => {
    const client = createClient("full-jitter", { maxRetries: 6, delay: seconds(1), cap: seconds(10) });
    expect(delays(client, refusals, LOWEST)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(delays(client, refusals, HIGHEST)).toEqual([1, 2, 4, 8, 10, 10]);
  });
});
