// What every client model must keep to, whatever its retry loop is. A client runs it with one line in client.test.ts.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Duration } from "../../src/core/base/units.js";
import { openStream } from "../../src/core/random/stream.js";
import type { Client, ClientOptions, Refusal } from "../../src/core/traffic/clients/client.js";

export interface ClientUnderTest {
  readonly create: (options: ClientOptions) => Client;
  /** Whether the real client acts on the `x-should-retry` header. */
  readonly readsShouldRetry: boolean;
}

const DEFAULTS: ClientOptions = { maxRetries: undefined, timeout: undefined };
/** No client of this world tries more often than this by default. */
const MOST_ATTEMPTS = 100;

const status = fc.constantFrom(0, 400, 401, 404, 408, 409, 422, 429, 500, 502, 503, 529);
const retryAfter = fc.option(fc.nat({ max: 100_000_000 }), { nil: undefined });
const refusal: fc.Arbitrary<Refusal> = fc.record({
  status,
  retryAfter: retryAfter.map((micros) => micros as Duration | undefined),
  shouldRetry: fc.constantFrom(undefined, true, false),
});
const script = fc.array(refusal, { minLength: 1, maxLength: 20 });

const SEEDED = { seed: 1, numRuns: 200 };

/** The delays of a client that meets these refusals one after the other, up to where it gives up. */
function delays(client: Client, refusals: readonly Refusal[], seed: string): number[] {
  const chance = openStream(seed, "client");
  const waited: number[] = [];
  for (const [index, each] of refusals.entries()) {
    const delay = client.retryDelay(each, index + 1, chance);
    if (delay === undefined) break;
    waited.push(delay);
  }
  return waited;
}

export function clientContract(name: string, { create, readsShouldRetry }: ClientUnderTest): void {
  describe(`client ${name}`, () => {
    it("has its registered name, and the timeout it is given", () => {
      const client = create({ ...DEFAULTS, timeout: 1_000 as Duration });
      expect([client.name, client.timeout]).toEqual([name, 1_000]);
    });

    it("gives up in the end, and after as many retries as it is told at the latest", () => {
      const overloaded: Refusal = { status: 503, retryAfter: undefined, shouldRetry: undefined };
      const forever = new Array<Refusal>(MOST_ATTEMPTS).fill(overloaded);
      const retries = [undefined, 0, 1, 7].map(
        (maxRetries) => delays(create({ ...DEFAULTS, maxRetries }), forever, "1").length,
      );
      expect(retries[0]).toBeLessThan(MOST_ATTEMPTS);
      expect(retries.slice(1).every((count, index) => count <= [0, 1, 7][index]!)).toBe(true);
    });

    it.each([400, 404])("takes a %i for an answer", (refused) => {
      const law = fc.property(retryAfter, fc.integer({ min: 1, max: 5 }), (wait, attempts) => {
        const answer = { status: refused, retryAfter: wait as Duration | undefined, shouldRetry: undefined };
        return create(DEFAULTS).retryDelay(answer, attempts, openStream("1", "client")) === undefined;
      });
      fc.assert(law, SEEDED);
    });

    it("waits whole microseconds from 0 up", () => {
      const law = fc.property(script, fc.nat({ max: 20 }), (refusals, maxRetries) =>
        delays(create({ ...DEFAULTS, maxRetries }), refusals, "1").every(
          (delay) => Number.isSafeInteger(delay) && delay >= 0,
        ),
      );
      fc.assert(law, SEEDED);
    });

    it("LAW-4: waits the same on the same stream", () => {
      const law = fc.property(script, fc.string(), (refusals, seed) => {
        const [first, again] = [0, 0].map(() => delays(create(DEFAULTS), refusals, seed).join());
        return first === again;
      });
      fc.assert(law, SEEDED);
    });

    it("keeps nothing of one request for the next: one client serves all of a source", () => {
      const law = fc.property(script, script, (before, refusals) => {
        const used = create(DEFAULTS);
        delays(used, before, "1");
        return delays(used, refusals, "2").join() === delays(create(DEFAULTS), refusals, "2").join();
      });
      fc.assert(law, SEEDED);
    });

    if (!readsShouldRetry) return;

    it("stops where the server says x-should-retry: false", () => {
      const law = fc.property(refusal, (each) => {
        const stopped = { ...each, shouldRetry: false };
        return create(DEFAULTS).retryDelay(stopped, 1, openStream("1", "client")) === undefined;
      });
      fc.assert(law, SEEDED);
    });
  });
}
