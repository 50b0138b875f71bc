// When the requests, or the sessions, of one account arrive: a renewal process in operational time, run through a rate
// that varies. Knows neither what arrives nor how many accounts there are.
import { type Instant, MICROS_PER_SECOND, NEVER, toSeconds } from "../../../base/units.js";
import type { Stream } from "../../../random/stream.js";
import { FlashTerm } from "./flash.js";
import { OnOffTerm } from "./on-off.js";
import { OperationalClock } from "./operational-clock.js";
import type { RateSpec } from "./rate-spec.js";
import { shapeTerms, shapeTermsBefore } from "./shape.js";
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

/** What began before the start: how long ago in seconds, the latest first. Infinite where there is nothing more. */
export interface EarlierArrivals {
  next(): number;
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

/**
 * The same of a Poisson process, and what came of it before the start: of that only the share `kept`, a factor by how
 * long ago it was, up to its `end` in seconds. Day, week and swings go back with it, the swings from where they are at
 * the start (from the streams before/swings/0, ...); a run begins without a flash event, and so there was none.
 */
export function createArrivalsSince(
  spec: Omit<RateSpec, "cv" | "onOff">,
  meanPerSecond: number,
  stream: (purpose: string) => Stream,
  until: Instant,
  kept: RateTerm & { readonly end: number },
): { readonly arrivals: ArrivalProcess; readonly earlier: EarlierArrivals } {
  const swings = swingTerms(spec.swings, stream);
  const gaps = createUnitGaps(1, stream("before/arrivals"));
  const before = swings.map((swing, index) => swing.before(stream(`before/swings/${index}`)));
  const termsBefore = [kept, ...shapeTermsBefore(spec.shape), ...before];
  const clockBefore = new OperationalClock(meanPerSecond, termsBefore, kept.end);
  const terms = [...shapeTerms(spec.shape), ...swings, ...flashTerms(spec.flash, stream)];
  const clock = new OperationalClock(meanPerSecond, terms, toSeconds(until));
  return {
    arrivals: new AccountArrivals(clock, createUnitGaps(1, stream("arrivals"))),
    earlier: { next: () => clockBefore.after(gaps.next()) },
  };
}

/** The end of what an instant can tell exactly. */
const LONGEST = Number.MAX_SAFE_INTEGER as Instant;

type Streams = (purpose: string) => Stream;

function termsOf({ shape, swings, onOff, flash }: RateSpec, stream: Streams): RateTerm[] {
  const terms = [...shapeTerms(shape), ...swingTerms(swings, stream)];
  if (onOff !== undefined && onOff.off > 0) terms.push(new OnOffTerm(onOff, stream("on-off")));
  return [...terms, ...flashTerms(flash, stream)];
}

/** Each at its beginning. */
export function swingTerms(swings: RateSpec["swings"], stream: Streams): SwingTerm[] {
  return swings.flatMap((swing, index) =>
    swing.sigma > 0 ? [new SwingTerm(swing, stream(`swings/${index}`))] : [],
  );
}

function flashTerms(flash: RateSpec["flash"], stream: Streams): RateTerm[] {
  return flash === undefined ? [] : [new FlashTerm(flash, stream("flash"))];
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
