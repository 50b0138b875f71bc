// Reads sources to the end, for the tests of this folder.
import { NEVER } from "../../../src/core/base/units.js";
import { NONE } from "../../../src/core/replica/replica.js";
import type { Arrival, Source } from "../../../src/core/traffic/source.js";

export function emptyArrival(): Arrival {
  return {
    account: -1,
    model: "",
    serviceTier: undefined,
    inputTokens: 0,
    cachedTokens: 0,
    prefix: NONE,
    prefixTokens: 0,
    session: NONE,
    sharedTokens: 0,
    outputTokens: 0,
    maxTokens: 0,
    ticket: NONE,
  };
}

export interface TimedArrival extends Arrival {
  readonly at: number;
}

/** The next arrivals of a source, as many as there are up to `count`. The source refills one object, as in a run. */
export function take(source: Source, count: number): TimedArrival[] {
  const arrival = emptyArrival();
  const taken: TimedArrival[] = [];
  while (taken.length < count && source.nextAt < NEVER) {
    const at = source.nextAt;
    source.take(arrival);
    taken.push({ ...arrival, at });
  }
  return taken;
}
