// How much of a rate falls into a stretch of time, as far as day, week and swings tell: what is known of an account
// without drawing a single arrival. The stretch may reach back before the start.
import { assert } from "../../../base/assert.js";
import type { Stream } from "../../../random/stream.js";
import { swingTerms } from "./account-arrivals.js";
import { OperationalClock } from "./operational-clock.js";
import type { RateSpec } from "./rate-spec.js";
import { shapeTerms, shapeTermsBefore } from "./shape.js";

/**
 * The integral of the factors of a mean of 1 between two times in seconds from the start; below 0 is before it. Draws
 * from the streams of the account, so that it is of the path that arrivals of the same streams follow.
 */
export function rateIntegral(
  { shape, swings }: Pick<RateSpec, "shape" | "swings">,
  stream: (purpose: string) => Stream,
  from: number,
  until: number,
): number {
  assert(from <= until, "a stretch of time does not run back");
  const terms = swingTerms(swings, stream);
  let integral = 0;
  if (from < 0) {
    const before = terms.map((term, index) => term.before(stream(`before/swings/${index}`)));
    const clock = new OperationalClock(1, [...shapeTermsBefore(shape), ...before]);
    clock.passedUntil(Math.max(0, -until));
    integral += clock.passedUntil(-from);
  }
  if (until > 0) {
    const clock = new OperationalClock(1, [...shapeTerms(shape), ...terms]);
    clock.passedUntil(Math.max(0, from));
    integral += clock.passedUntil(until);
  }
  return integral;
}
