// When the requests, or the sessions, of one account arrive: a renewal process in operational time, run through a rate
// that varies. Knows neither what arrives nor how many accounts there are.
import { type Instant, MICROS_PER_SECOND, NEVER, toSeconds } from "../../../base/units.js";
import type { Stream } from "../../../random/stream.js";
import { FlashTerm } from "./flash.js";
import { OnOffTerm } from "./on-off.js";
import { OperationalClock } from "./operational-clock.js";
import type { RateSpec } from "./rate-spec.js";
import { shapeTerms } from "./shape.js";
import { SwingTerm } from "./swings.js";
import type { RateTerm } from "./term.js";
import { createUnitGaps, type UnitGaps } from "./unit-gaps.js";

/** Arrival instants of one account, or of one source. */
export interface ArrivalProcess {
  /** NEVER when there are no more. It never goes back. */
  readonly nextAt: Instant;
  /** Moves on to the next arrival. */
  advance(): void;
}

/**
 * Arrivals of a long-run mean of `meanPerSecond`; where the shape has phases, they are the rate and this is the share
 * of them that is the account's.
 *
 * Every mechanism draws from the stream of its own name - arrivals, swings/0, swings/1, on-off, flash - so that
 * changing one changes no other. Arrivals after `until` may be left out: nothing is worked out beyond it, so that an
 * account with hardly a request costs no more than its swings up to there.
 */
export function createAccountArrivals(
  spec: RateSpec,
  meanPerSecond: number,
  stream: (purpose: string) => Stream,
  until: Instant = LONGEST,
): ArrivalProcess {
  const clock = new OperationalClock(meanPerSecond, termsOf(spec, stream), toSeconds(until));
  return new AccountArrivals(clock, createUnitGaps(spec.cv, stream("arrivals")));
}

/** The end of what an instant can tell exactly. */
const LONGEST = Number.MAX_SAFE_INTEGER as Instant;

function termsOf({ shape, swings, onOff, flash }: RateSpec, stream: (purpose: string) => Stream): RateTerm[] {
  const terms = shapeTerms(shape);
  swings.forEach((swing, index) => {
    if (swing.sigma > 0) terms.push(new SwingTerm(swing, stream(`swings/${index}`)));
  });
  if (onOff !== undefined && onOff.off > 0) terms.push(new OnOffTerm(onOff, stream("on-off")));
  if (flash !== undefined) terms.push(new FlashTerm(flash, stream("flash")));
  return terms;
}

class AccountArrivals implements ArrivalProcess {
  nextAt: Instant;
  readonly #clock: OperationalClock;
  readonly #gaps: UnitGaps;

  constructor(clock: OperationalClock, gaps: UnitGaps) {
    this.#clock = clock;
    this.#gaps = gaps;
    this.nextAt = this.#after(gaps.first());
  }

  advance(): void {
    this.nextAt = this.#after(this.#gaps.next());
  }

  /** Rounded once, at the edge, from a clock that is not. */
  #after(gap: number): Instant {
    const time = this.#clock.after(gap);
    return time === Number.POSITIVE_INFINITY ? NEVER : (Math.round(time * MICROS_PER_SECOND) as Instant);
  }
}
