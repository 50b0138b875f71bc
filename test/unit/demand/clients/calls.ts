// What the tests of clients say to them.
import { type Duration, type Instant, seconds } from "../../../../src/core/base/units.js";
import type { Client, Refusal } from "../../../../src/core/demand/clients/client.js";
import { openStream, type Stream } from "../../../../src/core/random/stream.js";

export const drawing = (value: number): Stream => ({ uniform: () => value, below: () => 0 });
/** The two ends of what a client may draw. */
export const LOWEST: Stream = drawing(0);
export const HIGHEST: Stream = drawing(1 - 2 ** -53);
export const chance: Stream = openStream("1", "tests of clients");

export const at = (value: number): Instant => Math.round(value * 1e6) as Instant;

export const refused = (status: number, more: Partial<Refusal> = {}): Refusal => ({
  status,
  retryAfter: undefined,
  shouldRetry: undefined,
  ...more,
});

export const told = (status: number, value: number): Refusal =>
  refused(status, { retryAfter: seconds(value) });

export const ALL_STATUSES = [
  -1, 0, 400, 401, 403, 404, 408, 409, 413, 422, 429, 499, 500, 501, 502, 503, 504, 520, 529,
];

/** The statuses that a first try is retried on. */
export const retriedStatuses = (create: () => Client): number[] =>
  ALL_STATUSES.filter((status) => create().retryDelay(refused(status), 0, 0, at(0), LOWEST) !== undefined);

/** The delays, in seconds, after one refusal after the other, until the client gives up. */
export function delays(client: Client, refusals: readonly Refusal[], draws: Stream, caller = 0): number[] {
  const waited: number[] = [];
  let tries = 0;
  for (const each of refusals) {
    client.observe(caller, false, each, at(0), tries);
    const delay: Duration | undefined = client.retryDelay(each, tries, caller, at(0), draws);
    if (delay === undefined) break;
    waited.push(delay / 1e6);
    tries = client.nextTries;
  }
  return waited;
}

export const times = (count: number, refusal: Refusal): Refusal[] => new Array<Refusal>(count).fill(refusal);
