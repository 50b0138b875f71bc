// A ratio from samples that were chosen by strata: many candidates are drawn, sorted by something that is cheap to know
// of each, and of every stratum a few are taken at random. Each sample then stands for its share of all that might be
// drawn. Knows samples by their place, and nothing of what they are.
import { errorOf, freedomOf, type RatioEstimate, ratioEstimate, type WeightedSample } from "./ratio.js";

export interface Stratum {
  /** Of all that might be drawn. */
  readonly share: number;
  /** Places of its samples: with fewer than 2 the error is infinite. */
  readonly members: readonly number[];
}

/** One set of candidates, and what was chosen of it. */
export interface StrataBlock {
  readonly candidates: number;
  readonly strata: readonly Stratum[];
}

/** Blocks that know nothing of each other; none where samples were drawn without strata. */
export type Design = readonly StrataBlock[];

/** For how many samples, drawn at random, each of these stands: all together for as many as there are. */
export function standingFor(design: Design, samples: number): Float64Array {
  const factors = new Float64Array(samples).fill(1);
  for (const { strata } of design) {
    for (const { share, members } of strata) {
      for (const member of members) factors[member] = (share * samples) / (members.length * design.length);
    }
  }
  return factors;
}

/** The ratio of weighted sums, its error from z_i = w_i (v_i - R) / W. As `ratioEstimate` without a design. */
export function designedRatio(samples: readonly WeightedSample[], design: Design): RatioEstimate {
  if (design.length === 0) return ratioEstimate(samples);
  const n = samples.filter(({ weight }) => weight > 0).length;
  const factors = standingFor(design, samples.length);
  const sum = (read: (sample: WeightedSample) => number) =>
    samples.reduce((so, sample, index) => so + factors[index]! * read(sample), 0);
  const total = sum(({ weight }) => weight);
  const value = sum((one) => one.weight * one.value) / total;
  const mean = total / samples.length;
  const residuals = samples.map((one) => (one.weight * (one.value - value)) / mean);
  return { value, n, ...designedError(residuals, design) };
}

/**
 * The error of what the samples say together, by linearisation: from how far each pulls it, z, the mean of which over
 * all that they stand for is about 0. The variance of a block is
 *
 *     sum over strata of  share² s²(z) / n   +   1 / candidates · sum over strata of  share (z̄ - mean of z̄)²
 *
 * The second part is there because the candidates are themselves a sample (double sampling for stratification; Cochran,
 * Sampling Techniques, 1977, 12.2). Degrees of freedom: at most samples less strata, and no more than those that carry
 * the first part. Without a design it is the `standardError` of the pulls.
 */
export function designedError(
  residuals: readonly number[],
  design: Design,
): Pick<RatioEstimate, "error" | "freedom"> {
  if (design.length === 0) return errorOf(residuals);
  const parts: number[] = [];
  let between = 0;
  for (const block of design) {
    between += betweenStrata(block, residuals) / design.length ** 2;
    for (const part of withinStrata(block, residuals)) parts.push(part / design.length ** 2);
  }
  const within = parts.reduce((so, part) => so + part, 0);
  const strata = design.reduce((so, block) => so + block.strata.length, 0);
  const error = Math.sqrt(within + between);
  const freedom = Number.isFinite(error) ? freedomOf(parts, parts.length - strata) : 1;
  return { error, freedom };
}

/** What each sample adds to the variance within its stratum; a stratum of one says nothing of that. */
function withinStrata({ strata }: StrataBlock, residuals: readonly number[]): number[] {
  return strata.flatMap(({ share, members }) => {
    const n = members.length;
    if (n < 2) return [Number.POSITIVE_INFINITY];
    const mean = meanAt(members, residuals);
    return members.map((member) => (share * (residuals[member]! - mean)) ** 2 / (n * (n - 1)));
  });
}

function betweenStrata({ candidates, strata }: StrataBlock, residuals: readonly number[]): number {
  const means = strata.map(({ members }) => meanAt(members, residuals));
  const mean = strata.reduce((so, { share }, index) => so + share * means[index]!, 0);
  return strata.reduce((so, { share }, index) => so + share * (means[index]! - mean) ** 2, 0) / candidates;
}

function meanAt(members: readonly number[], values: readonly number[]): number {
  return members.reduce((so, member) => so + values[member]!, 0) / members.length;
}
