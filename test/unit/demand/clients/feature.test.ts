import { describe, expect, it } from "vitest";
import { type Instant, seconds } from "../../../../src/core/base/units.js";
import { type Client, LOCAL_REJECTION } from "../../../../src/core/demand/clients/client.js";
import { Feature, isServersFault } from "../../../../src/core/demand/clients/feature.js";
import { createClient } from "../../../../src/core/demand/clients/registry.js";
import { ALL_STATUSES, at, LOWEST, refused } from "./calls.js";

/** Rejects every try before a time. */
class Gate extends Feature {
  readonly #opensAt: Instant;

  constructor(wrapped: Client, opensAt: Instant) {
    super(wrapped);
    this.#opensAt = opensAt;
  }

  protected override lets(_caller: number, now: Instant): boolean {
    return now >= this.#opensAt;
  }
}

const throttled = () => {
  const client = createClient("aws-adaptive", { hedgeAfter: seconds(1) });
  client.heard(0, false, refused(429), at(0), 0);
  return client;
};

describe("a feature around a client", () => {
  it("is the client that it wraps, to the eye", () => {
    const client = throttled();
    const { name, timeout, onTimeout, hedgeAfter, triesBound } = new Gate(client, at(0));
    expect([name, timeout, onTimeout, hedgeAfter, triesBound]).toEqual([
      client.name,
      client.timeout,
      client.onTimeout,
      client.hedgeAfter,
      client.triesBound,
    ]);
  });

  it("gives up what it rejects itself, and leaves to the client what the client rejects", () => {
    const gate = new Gate(throttled(), at(0.5));
    const ask = (now: number) => [
      gate.allows(0, at(now), LOWEST, 0),
      gate.retryDelay(refused(LOCAL_REJECTION), 0, 0, at(now), LOWEST) !== undefined,
    ];
    expect([ask(0.4), ask(0.5)]).toEqual([
      [false, false],
      [false, true],
    ]);
  });

  it("blames the server for silence, 408, 429 and 5xx", () => {
    expect(ALL_STATUSES.filter((status) => isServersFault(refused(status)))).toEqual([
      0, 408, 429, 500, 501, 502, 503, 504, 520, 529,
    ]);
  });
});
