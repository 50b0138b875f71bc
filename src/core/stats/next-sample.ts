// Between which values one more sample would lie, from those that there are: an interval of single samples, not of
// their mean. Assumes that the next one is drawn as they were, and nothing about how they are distributed.
import type { Design } from "./stratified-ratio.js";

export interface NextSample {
  readonly low: number;
  readonly high: number;
  /** How sure it is at least that the next one lies in between. */
  readonly confidence: number;
}

/**
 * From the least to the greatest of n samples: the next one is as likely to be of any rank, so that it lies outside
 * with probability 2 / (n + 1) (Wilks, Determination of sample sizes for setting tolerance limits, Annals of
 * Mathematical Statistics 12, 1941). Of samples by strata it is in each with its share, and outside no more often than
 * the sum of 2 share / (n + 1) over all of them. Undefined where that leaves no confidence.
 */
export function nextSample(values: readonly (number | null)[], design: Design): NextSample | undefined {
  const known = values.filter((value) => value !== null && Number.isFinite(value)) as number[];
  if (known.length === 0) return undefined;
  const outside =
    design.length === 0
      ? 2 / (known.length + 1)
      : design.reduce((sum, { strata }) => sum + outsideOf(strata, values), 0) / design.length;
  if (outside >= 1) return undefined;
  return { low: Math.min(...known), high: Math.max(...known), confidence: 1 - outside };
}

function outsideOf(strata: Design[number]["strata"], values: readonly (number | null)[]): number {
  return strata.reduce((sum, { share, members }) => {
    const known = members.filter((member) => values[member] !== null).length;
    return sum + (2 * share) / (known + 1);
  }, 0);
}
