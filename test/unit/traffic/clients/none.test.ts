import { describe, expect, it } from "vitest";
import { seconds } from "../../../../src/core/base/units.js";
import { NoRetries } from "../../../../src/core/traffic/clients/none.js";

describe("none", () => {
  it("never tries again, not even when told how often it may", () => {
    expect(new NoRetries({ maxRetries: 5, timeout: undefined }).retryDelay()).toBeUndefined();
  });

  it("waits forever, unless it is given a timeout", () => {
    const timeouts = [undefined, seconds(3)].map(
      (timeout) => new NoRetries({ maxRetries: undefined, timeout }).timeout,
    );
    expect(timeouts).toEqual([undefined, 3_000_000]);
  });
});
