import { describe, expect, it } from "vitest";
import { seconds } from "../../../../src/core/base/units.js";
import { LOCAL_REJECTION } from "../../../../src/core/demand/clients/client.js";
import { createClient } from "../../../../src/core/demand/clients/registry.js";
import { at, LOWEST, refused } from "./calls.js";

const create = () =>
  createClient("naive", { breaker: { failures: 0.5, least: 4, window: seconds(10), open: seconds(5) } });
type Breaker = ReturnType<typeof create>;
const lets = (client: Breaker, now: number, caller = 0) => client.allows(caller, at(now), LOWEST, 0);
const answered = (client: Breaker, now: number) => client.heard(0, true, undefined, at(now), 0);
const failed = (client: Breaker, now: number, status = 503) =>
  client.heard(0, false, refused(status), at(now), 0);
const tripped = () => {
  const client = create();
  for (let n = 0; n < 4; n++) failed(client, 1);
  return client;
};

describe("a circuit breaker", () => {
  it("opens at its share of failures, and not before enough tries", () => {
    const client = create();
    for (const end of [failed, failed, failed]) end(client, 1);
    expect(lets(client, 1)).toBe(true);
    failed(client, 1);
    expect(lets(client, 1)).toBe(false);
    const mixed = create();
    for (const end of [answered, answered, answered, failed, failed]) end(mixed, 1);
    expect(lets(mixed, 1)).toBe(true);
    failed(mixed, 1);
    expect(lets(mixed, 1)).toBe(false);
  });

  it("forgets failures older than its window, and does not count a 400", () => {
    const client = create();
    for (const now of [1, 1, 1, 12]) failed(client, now);
    expect(lets(client, 12)).toBe(true);
    for (let n = 0; n < 9; n++) failed(client, 12, 400);
    expect(lets(client, 12)).toBe(true);
  });

  it("stays open for its time, then lets a single one through", () => {
    const client = tripped();
    expect([lets(client, 5.9), lets(client, 6), lets(client, 6), lets(client, 60)]).toEqual([
      false,
      true,
      false,
      false,
    ]);
  });

  it("closes when that one is answered, with no memory of what was", () => {
    const client = tripped();
    lets(client, 6);
    answered(client, 7);
    for (let n = 0; n < 3; n++) failed(client, 7);
    expect(lets(client, 7)).toBe(true);
  });

  it("opens anew when it fails", () => {
    const client = tripped();
    lets(client, 6);
    failed(client, 7);
    expect([lets(client, 11.9), lets(client, 12)]).toEqual([false, true]);
  });

  it("is a caller's own, and what it refuses is given up", () => {
    const client = tripped();
    expect(lets(client, 2, 1)).toBe(true);
    expect(lets(client, 2)).toBe(false);
    expect(client.retryDelay(refused(LOCAL_REJECTION), 0, 0, at(2), LOWEST)).toBeUndefined();
  });

  it("does not take a local rejection of the client for its probe", () => {
    const client = createClient("aws-adaptive", { breaker: { least: 1, open: seconds(1) } });
    client.heard(0, false, refused(429), at(0), 0);
    expect(client.allows(0, at(1), LOWEST, 0)).toBe(false);
    expect(client.allows(0, at(60), LOWEST, 0)).toBe(true);
  });
});
