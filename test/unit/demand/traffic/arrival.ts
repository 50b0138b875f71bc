// Reads sources to the end, for the tests of this folder.
import { NEVER } from "../../../../src/core/base/units.js";
import {
  type Arrival,
  emptyArrival as blankArrival,
  type Source,
} from "../../../../src/core/demand/traffic/source.js";

/** An arrival of no account: what fills it in must set one. */
export function emptyArrival(): Arrival {
  return { ...blankArrival(), account: -1 };
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
