import { describe, expect, it } from "vitest";
import { seconds } from "../../../../src/core/base/units.js";
import { createClient } from "../../../../src/core/demand/clients/registry.js";
import { openStream } from "../../../../src/core/random/stream.js";
import { at, chance, HIGHEST, LOWEST, refused } from "./calls.js";

const create = (k: number, window = 120) =>
  createClient("none", { throttle: { k, window: seconds(window) } });

describe("adaptive throttling", () => {
  it("lets everything through while at least one in K is accepted", () => {
    const client = create(2);
    for (let n = 0; n < 1000; n++) {
      expect(client.allows(0, at(n / 10), LOWEST, 0)).toBe(true);
      client.observe(0, n % 2 === 0, n % 2 === 0 ? undefined : refused(503), at(n / 10), 0);
    }
  });

  it("refuses with the probability (tries - K accepted) / (tries + 1)", () => {
    const lets = (draw: number) => {
      const client = create(2);
      for (let n = 0; n < 9; n++) client.allows(0, at(0), HIGHEST, 0);
      client.observe(0, true, undefined, at(0), 0);
      client.observe(0, true, undefined, at(0), 0);
      return client.allows(0, at(0), { uniform: () => draw, below: () => 0 }, 0);
    };
    // (9 - 2 x 2) / (9 + 1)
    expect([lets(0.499), lets(0.5)]).toEqual([false, true]);
  });

  it.each([1.5, 2, 4])(
    "a server that accepts nearly nothing sees about K = %d tries per accepted one",
    (k) => {
      const client = create(k);
      const draws = openStream("1", "throttle");
      let sent = 0;
      let accepted = 0;
      for (let n = 0; n < 120_000; n++) {
        const now = at(n / 100);
        if (!client.allows(0, now, draws, 0)) continue;
        const isAccepted = accepted < now / 1e6;
        if (now > at(240)) sent++;
        if (isAccepted) accepted++;
        client.observe(0, isAccepted, isAccepted ? undefined : refused(503), now, 0);
      }
      // One a second is accepted of a hundred a second.
      expect(sent / 960).toBeGreaterThan(0.93 * k);
      expect(sent / 960).toBeLessThan(1.15 * k + 0.1);
    },
  );

  it("takes a refusal of the request for accepted, silence for not", () => {
    const lets = (status: number) => {
      const client = create(1);
      client.allows(0, at(0), chance, 0);
      client.observe(0, false, refused(status), at(0), 0);
      return client.allows(0, at(0), LOWEST, 0);
    };
    expect([400, 404, 429, 503, 0].map(lets)).toEqual([true, true, false, false, false]);
  });

  it("is a caller's own, and forgets with its window", () => {
    const client = create(1, 10);
    client.allows(0, at(0), chance, 0);
    expect([client.allows(0, at(1), LOWEST, 0), client.allows(1, at(1), LOWEST, 0)]).toEqual([false, true]);
    expect(client.allows(0, at(30), LOWEST, 0)).toBe(true);
  });
});
