// What a client of a user's own must keep to: it gives up in the end, waits whole microseconds, and does the same on
// the same chance.
import fc from "fast-check";
import type { Duration, Instant } from "../../base/units.js";
import type { Client, Refusal } from "../../demand/clients/client.js";
import { openStream } from "../../random/stream.js";
import { caseLaw, type Law, law } from "./law.js";

/** No client of a person who waits tries more often. */
const MOST_TRIES = 1000;

const refusal: fc.Arbitrary<Refusal> = fc.record({
  status: fc.constantFrom(0, 400, 404, 408, 429, 500, 503),
  retryAfter: fc.option(fc.integer({ min: 1, max: 60_000_000 }) as fc.Arbitrary<Duration>, {
    nil: undefined,
  }),
  shouldRetry: fc.constantFrom(undefined, true, false),
});
const script = fc.array(refusal, { maxLength: 12 });

const OVERLOADED: Refusal = { status: 503, retryAfter: undefined, shouldRetry: undefined };

/** What it waits before each retry of one request that fails like this. */
function waitsOf(client: Client, failures: readonly Refusal[], caller = 0): number[] {
  const chance = openStream("1", `caller ${caller}`);
  const waits: number[] = [];
  let now = 0;
  let tries = 0;
  for (const failure of failures) {
    const wait = client.retryDelay(failure, tries, caller, now as Instant, chance);
    if (wait === undefined) break;
    waits.push(wait);
    now += wait;
    tries = client.nextTries;
  }
  return waits;
}

type Create = () => Client;

export const CLIENT_LAWS: readonly Law<Create>[] = [
  caseLaw("gives up in the end", (create) => {
    const waits = waitsOf(create(), new Array<Refusal>(MOST_TRIES).fill(OVERLOADED));
    if (waits.length < MOST_TRIES) return undefined;
    return `a request that is refused with a 503 each time is tried ${MOST_TRIES} times`;
  }),
  law("waits whole microseconds from 0 up", (create) =>
    fc.property(script, (failures) =>
      waitsOf(create(), failures).every((wait) => Number.isSafeInteger(wait) && wait >= 0),
    ),
  ),
  law("LAW-4: waits the same on the same chance", (create) =>
    fc.property(script, (failures) => {
      const [first, again] = [0, 0].map(() => waitsOf(create(), failures).join());
      return first === again;
    }),
  ),
  law("keeps nothing of one caller for another", (create) =>
    fc.property(script, script, (one, other) => {
      const shared = create();
      waitsOf(shared, one, 7);
      return waitsOf(shared, other, 3).join() === waitsOf(create(), other, 3).join();
    }),
  ),
  caseLaw("takes a request that was wrong for an answer: 400 and 404", (create) => {
    const retried = [400, 404].find((status) => waitsOf(create(), [{ ...OVERLOADED, status }]).length > 0);
    return retried === undefined ? undefined : `it retries a ${retried}, which will be one again`;
  }),
];
