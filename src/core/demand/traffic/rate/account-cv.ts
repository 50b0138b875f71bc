// How irregularly an account sends: the coefficient of variation of its gaps, drawn once for each account. Knows no
// rates.
import { createDistribution } from "../../../random/distribution.js";
import type { Stream } from "../../../random/stream.js";

/**
 * ServeGen, 10-minute windows of its clients: median 1.2, and one in ten above 5, so that sigma is ln(5 / 1.2) over
 * the normal's ninth decile, 1.2816.
 */
const MEDIAN = 1.2;
const SIGMA = 1.1136;

/** The medians of ServeGen's clients lie between .29 and 13.7: the tails of the lognormal beyond are of its making. */
const LEAST = 0.25;
const MOST = 15;

/** The coefficient of variation of one account, from a stream of its own. */
export function accountCv(stream: Stream): number {
  const cv = createDistribution({ dist: "lognormal", median: MEDIAN, sigma: SIGMA }, stream).sample();
  return Math.min(Math.max(cv, LEAST), MOST);
}
