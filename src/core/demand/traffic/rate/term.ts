// What makes a rate vary: one factor of it over time, in pieces that follow each other without gaps. Knows neither the
// rate that it is a factor of nor what arrives at it.

/** A factor as a function of real time, read forwards from the start of the run. All times in seconds. */
export interface RateTerm {
  /** The factor at the beginning of the piece at hand. */
  readonly value: number;
  /** Its change per second within the piece. */
  readonly slope: number;
  /** Where the piece begins. */
  readonly from: number;
  /** Where it ends and the next begins; infinite for the last. */
  readonly until: number;
  /** Moves on to the next piece. */
  next(): void;
}
