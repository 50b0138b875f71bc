// The units every other folder speaks: branded numbers, so that an instant cannot be added to an instant
// or a token count passed for a duration. Brands cost nothing at run time.
import { assert } from "./assert.js";

declare const brand: unique symbol;
type Branded<Name extends string> = number & { readonly [brand]: Name };

/** A point of simulated time: whole microseconds since the start of the run, in a double (285 years). */
export type Instant = Branded<"Instant">;
/** A length of simulated time: whole microseconds, never negative. */
export type Duration = Branded<"Duration">;

export const MICROS_PER_SECOND = 1_000_000;
export const MICROS_PER_MINUTE = 60 * MICROS_PER_SECOND;

/** The first instant of every run. */
export const START: Instant = 0 as Instant;
/** Later than every instant: the time of what never happens. */
export const NEVER: Instant = Number.POSITIVE_INFINITY as Instant;
export const NO_TIME: Duration = 0 as Duration;
/** The longest time that anything is said to take, and more than any run. */
export const CENTURY: Duration = (36_525 * 24 * 60 * MICROS_PER_MINUTE) as Duration;

/** Reads a number of microseconds as an instant. It must be a whole number from 0 up, or infinity for NEVER. */
export function instant(micros: number): Instant {
  assert(
    micros === Number.POSITIVE_INFINITY || (Number.isSafeInteger(micros) && micros >= 0),
    "instant is whole microseconds",
  );
  return micros as Instant;
}

/** Reads a number of microseconds as a duration. It must be a whole number from 0 up. */
export function duration(micros: number): Duration {
  assert(Number.isSafeInteger(micros) && micros >= 0, "duration is whole microseconds");
  return micros as Duration;
}

/** Seconds to the nearest microsecond: the one rounding, done at the edge. */
export function seconds(value: number): Duration {
  return duration(Math.round(value * MICROS_PER_SECOND));
}

export function toSeconds(time: Instant | Duration): number {
  return time / MICROS_PER_SECOND;
}

/** The instant `wait` after `now`. */
export function after(now: Instant, wait: Duration): Instant {
  return (now + wait) as Instant;
}

/** The time from `earlier` to `later`. */
export function since(later: Instant, earlier: Instant): Duration {
  return (later - earlier) as Duration;
}

export function earlier(one: Instant, other: Instant): Instant {
  return Math.min(one, other) as Instant;
}
