// Draws an index in proportion to its weight, in constant time whatever the number of weights. Knows weights
// and indices; what an index stands for (a rank, an account, a tier) is the caller's business.
import type { Issue } from "../base/errors.js";
import { parameterIssue, rejectIssues } from "./parameter-issue.js";
import type { Stream } from "./stream.js";

/** Everything wrong with the list of weights at `path`. `place` says where the weight of an index stands. */
export function weightProblems(
  weights: ArrayLike<number>,
  path: string,
  place = (index: number) => `${path}[${index}]`,
): Issue[] {
  if (weights.length === 0) return [parameterIssue(path, "must hold at least one weight")];
  const issues: Issue[] = [];
  let total = 0;
  for (let index = 0; index < weights.length; index++) {
    const weight = weights[index]!;
    total += weight;
    if (!(Number.isFinite(weight) && weight >= 0)) {
      issues.push(parameterIssue(place(index), `must be a finite number from 0 up, got ${weight}`));
    }
  }
  if (issues.length > 0) return issues;
  if (total === 0)
    return [parameterIssue(path, "must not have weights that are all 0: nothing could ever be drawn")];
  if (total === Number.POSITIVE_INFINITY)
    return [parameterIssue(path, "must have weights with a finite sum")];
  return [];
}

/**
 * The alias method with linear set-up (Vose, "A linear algorithm for generating random numbers with a given
 * distribution", IEEE Transactions on Software Engineering 17(9), 1991). An index of weight 0 is never drawn.
 */
export class AliasTable {
  readonly size: number;
  /** The share of its own slot that an index keeps; the rest of the slot belongs to its alias. */
  readonly #keep: Float64Array;
  readonly #alias: Int32Array;

  /** Throws INVALID_PARAMETER unless the weights are finite, none is negative and one is positive. */
  constructor(weights: ArrayLike<number>) {
    rejectIssues("weights", weightProblems(weights, "weights"));
    this.size = weights.length;
    this.#keep = scaleToMeanOne(weights);
    this.#alias = new Int32Array(this.size).fill(indexOfLargest(weights));
    pairSlots(this.#keep, this.#alias);
  }

  /** Draws an index from 0 to size - 1. Takes one uniform number from the stream. */
  pick(stream: Stream): number {
    const place = stream.uniform() * this.size;
    const slot = Math.floor(place);
    return place - slot < this.#keep[slot]! ? slot : this.#alias[slot]!;
  }
}

function scaleToMeanOne(weights: ArrayLike<number>): Float64Array {
  const scaled = Float64Array.from(weights);
  let total = 0;
  for (const weight of scaled) total += weight;
  // Two steps, because size / total overflows when the total is tiny.
  for (let index = 0; index < scaled.length; index++) {
    scaled[index] = (scaled[index]! / total) * scaled.length;
  }
  return scaled;
}

function indexOfLargest(weights: ArrayLike<number>): number {
  let largest = 0;
  for (let index = 1; index < weights.length; index++)
    if (weights[index]! > weights[largest]!) largest = index;
  return largest;
}

/**
 * Fills up every slot that is below 1 from one that is above 1. What rounding leaves unpaired keeps the
 * largest weight as its alias, so that even a leftover slot of weight 0 is never drawn for itself.
 */
function pairSlots(keep: Float64Array, alias: Int32Array): void {
  const below: number[] = [];
  const above: number[] = [];
  for (let index = 0; index < keep.length; index++) (keep[index]! < 1 ? below : above).push(index);
  while (below.length > 0 && above.length > 0) {
    const taker = below.pop()!;
    const giver = above[above.length - 1]!;
    alias[taker] = giver;
    const rest = keep[giver]! - (1 - keep[taker]!);
    keep[giver] = rest;
    if (rest < 1) below.push(above.pop()!);
  }
}
