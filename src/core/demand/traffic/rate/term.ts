// What makes a rate vary: one factor of it over time, in pieces that follow each other without gaps. Knows neither the
// rate that it is a factor of nor what arrives at it.

/** How a factor goes within a piece where that is no straight line. Times in seconds. */
export interface Curve {
  /** The integral of the factor between two times of the piece. */
  between(begin: number, end: number): number;
  /** How long after a time of the piece that integral is `amount`. */
  timeFor(begin: number, amount: number): number;
}

/** A factor as a function of real time, read forwards from the start of the run. All times in seconds. */
export interface RateTerm {
  /** The factor at the beginning of the piece at hand. */
  readonly value: number;
  /** Its change per second within the piece. */
  readonly slope: number;
  /** Instead of a value and a slope: those are 1 and 0 then. */
  readonly curve?: Curve | undefined;
  /** Where the piece begins. */
  readonly from: number;
  /** Where it ends and the next begins; infinite for the last. */
  readonly until: number;
  /** Moves on to the next piece. */
  next(): void;
}
