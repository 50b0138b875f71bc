// What every client model must keep to, whatever its retry loop is and whatever is around it. Every client of the
// registry is put through it by client.test.ts.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Duration, Instant } from "../../src/core/base/units.js";
import { type Client, LOCAL_REJECTION, type Refusal } from "../../src/core/demand/clients/client.js";
import type { ClientOptions } from "../../src/core/demand/clients/registry.js";
import { openStream, type Stream } from "../../src/core/random/stream.js";
import { gear, NIGHTLY } from "../support/mode.js";

export interface ClientUnderTest {
  readonly create: (options: ClientOptions) => Client;
  /** Whether the real client gives up on `x-should-retry: false`. */
  readonly readsShouldRetry: boolean;
  /** Whether one request can become several attempts; yes if left out. */
  readonly retries?: boolean;
  /** Layers that each have the retries that are set; 1 if left out. */
  readonly layers?: number;
}

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

const SEEDED = { seed: 1, numRuns: gear(25, 100) };
const OVERLOADED: Refusal = { status: 503, retryAfter: undefined, shouldRetry: undefined };
const HELD_BACK: Refusal = { ...OVERLOADED, status: LOCAL_REJECTION };

/** One request of a caller: what it meets, each try in its turn, and what it waited. Answered when the script ends. */
class Request {
  readonly waited: number[] = [];
  /** HTTP calls. */
  sent = 0;
  tries = 0;
  readonly client: Client;
  readonly caller: number;
  readonly chance: Stream;
  /** Whether the client hears how its tries ended. */
  isTold = true;
  now: Instant;

  constructor(client: Client, caller: number, chance: Stream, now = 0) {
    this.client = client;
    this.caller = caller;
    this.chance = chance;
    this.now = now as Instant;
  }

  /** As the engine asks; returns whether the request goes on. */
  try(refused: Refusal | undefined): boolean {
    const { client, caller, chance, tries } = this;
    let seen = HELD_BACK;
    if (client.allows(caller, this.now, chance, tries)) {
      this.sent++;
      if (this.isTold) client.observe(caller, refused === undefined, refused, this.now, tries);
      if (refused === undefined) return false;
      seen = refused;
    }
    const delay = client.retryDelay(seen, tries, caller, this.now, chance);
    if (delay === undefined) return false;
    this.tries = client.nextTries;
    this.waited.push(delay);
    this.now = (this.now + delay) as Instant;
    return true;
  }

  through(refusals: readonly Refusal[]): this {
    for (const each of refusals) if (!this.try(each)) return this;
    this.try(undefined);
    return this;
  }
}

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Bytes that are still reachable. */
function heapUsed(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
}

const once = (client: Client, refusals: readonly Refusal[], seed: string, caller = 0) =>
  new Request(client, caller, openStream(seed, "client")).through(refusals).waited;

/** Requests of one caller, one after the other, as what each waited. */
function life(
  client: Client,
  scripts: readonly (readonly Refusal[])[],
  caller: number,
  isTold = true,
): string {
  const chance = openStream("1", `caller ${caller}`);
  const waited = scripts.map((each, index) => {
    const request = new Request(client, caller, chance, index * 1e6);
    request.isTold = isTold;
    return request.through(each).waited;
  });
  return JSON.stringify(waited);
}

const REQUESTS = gear(20_000, 100_000);
/** An object per request would take 16 bytes at least; what the test runner leaves lying about is far less. */
const GROWTH = 10 * REQUESTS;

/** Looks at the heap after so many requests, and after as many again: five callers send all of them. */
function expectNoGrowth(creates: readonly ClientUnderTest["create"][]): void {
  const clients = creates.map((create) => ({ client: create({}), chance: openStream("1", "client") }));
  const work = (from: number) => {
    for (const { client, chance } of clients) {
      for (let n = from; n < from + REQUESTS; n++) {
        const now = (n * 1e5) as Instant;
        const refused = n % 3 === 0 ? OVERLOADED : undefined;
        if (!client.allows(n % 5, now, chance, 0)) continue;
        client.observe(n % 5, refused === undefined, refused, now, 0);
        if (refused !== undefined) client.retryDelay(refused, 0, n % 5, now, chance);
      }
    }
  };
  work(0);
  const before = heapUsed();
  work(REQUESTS);
  expect(heapUsed() - before).toBeLessThan(GROWTH);
}

/** Every client that was put through the contract. */
const creates: ClientUnderTest["create"][] = [];

/** The heap is cleared twice for all of them together: that takes longer than the rest. The nightly run says which. */
export function clientsTogether(): void {
  it("all clients together grow with callers, never with requests", () => expectNoGrowth(creates));
}

export function clientContract(name: string, underTest: ClientUnderTest): void {
  const { create, readsShouldRetry, retries = true, layers = 1 } = underTest;
  creates.push(create);

  describe(`client ${name}`, () => {
    it("has its name, and what it is given", () => {
      const given = {
        timeout: 1_000,
        attemptTimeout: 2_000,
        requestTimeout: 3_000,
        hedgeAfter: 500,
        onTimeout: "abandon",
      } as ClientOptions;
      const { timeout, attemptTimeout, requestTimeout, hedgeAfter, onTimeout, ...rest } = create(given);
      expect({ timeout, attemptTimeout, requestTimeout, hedgeAfter, onTimeout }).toEqual(given);
      expect(rest.name).toBe(name);
    });

    it("cancels what it no longer waits for, and hedges nothing, unless told otherwise", () => {
      expect([create({}).onTimeout, create({}).hedgeAfter]).toEqual(["cancel", undefined]);
    });

    it("retries an overload if it says that it retries, and else nothing", () => {
      const law = fc.property(script, (refusals) => once(create({}), refusals, "1").length === 0);
      expect(once(create({}), [OVERLOADED], "1").length).toBe(retries ? 1 : 0);
      if (!retries) fc.assert(law, SEEDED);
    });

    it("gives up in the end, and after as many retries as it is told at the latest", () => {
      const forever = new Array<Refusal>(1000).fill(OVERLOADED);
      const sent = [undefined, 0, 1, 7].map(
        (maxRetries) =>
          new Request(create({ maxRetries }), 0, openStream("1", "client")).through(forever).sent,
      );
      expect(sent[0]).toBeLessThan(MOST_ATTEMPTS);
      expect(sent.slice(1).every((count, index) => count <= [1, 2, 8][index]! ** layers)).toBe(true);
    });

    it.each([400, 404])("takes a %i for an answer", (refused) => {
      const law = fc.property(retryAfter, (wait) => {
        const answer = { status: refused, retryAfter: wait as Duration | undefined, shouldRetry: undefined };
        return once(create({}), [answer, answer], "1").length === 0;
      });
      fc.assert(law, SEEDED);
    });

    it("waits whole microseconds from 0 up, and keeps its progress in whole numbers below its bound", () => {
      const law = fc.property(script, fc.nat({ max: 20 }), (refusals, maxRetries) => {
        const client = create({ maxRetries });
        const request = new Request(client, 0, openStream("1", "client"));
        for (const each of refusals) {
          if (!request.try(each)) break;
          expect(Number.isSafeInteger(request.waited.at(-1)) && request.waited.at(-1)! >= 0).toBe(true);
          expect(Number.isSafeInteger(request.tries) && request.tries > 0).toBe(true);
          expect(request.tries).toBeLessThan(client.triesBound);
        }
      });
      fc.assert(law, SEEDED);
    });

    it("LAW-4: waits the same on the same stream", () => {
      const law = fc.property(fc.array(script, { maxLength: 5 }), (scripts) => {
        const [first, again] = [0, 0].map(() => life(create({}), scripts, 0));
        return first === again;
      });
      fc.assert(law, SEEDED);
    });

    it("keeps nothing of one caller for another", () => {
      const law = fc.property(
        fc.array(script, { maxLength: 5 }),
        fc.array(script, { maxLength: 5 }),
        (a, b) => {
          const shared = create({});
          life(shared, a, 7);
          return life(shared, b, 3) === life(create({}), b, 3);
        },
      );
      fc.assert(law, SEEDED);
    });

    it.skipIf(create({}).learns)("does the same untold, where it says that it learns nothing", () => {
      const law = fc.property(fc.array(script, { maxLength: 5 }), (scripts) => {
        return life(create({}), scripts, 0, false) === life(create({}), scripts, 0);
      });
      fc.assert(law, SEEDED);
    });

    it("keeps the progress of requests that are under way at once apart", () => {
      const alone = once(create({}), [OVERLOADED, OVERLOADED], "1", 0);
      const client = create({});
      const one = new Request(client, 0, openStream("1", "client"));
      const others = Array.from({ length: 4 }, (_, n) => new Request(client, n + 1, openStream("2", `${n}`)));
      let goesOn = true;
      for (const each of [OVERLOADED, OVERLOADED, undefined]) {
        if (goesOn) goesOn = one.try(each);
        for (const other of others) other.try(OVERLOADED);
      }
      expect(one.waited).toEqual(alone);
    });

    it.runIf(NIGHTLY)("grows with callers, never with requests", () => expectNoGrowth([create]));

    if (!readsShouldRetry) return;

    it("stops where the server says x-should-retry: false", () => {
      const law = fc.property(refusal, (each) => {
        return once(create({}), [{ ...each, shouldRetry: false }], "1").length === 0;
      });
      fc.assert(law, SEEDED);
    });
  });
}
