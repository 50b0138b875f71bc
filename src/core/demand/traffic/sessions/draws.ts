// Draws of one session from its own stream. The normal is drawn here and not by the library, whose sampler keeps a
// generator of 2.5 kB of its own: too much for each of a hundred thousand live sessions.
import exp from "@stdlib/math-base-special-exp";
import ln from "@stdlib/math-base-special-ln";
import type { Stream } from "../../../random/stream.js";
import type { Lengths, LognormalPart } from "./spec.js";

/** A standard normal by Marsaglia's polar method; the second of each pair is dropped, so that nothing is kept. */
export function drawNormal(stream: Stream): number {
  for (;;) {
    const x = 2 * stream.uniform() - 1;
    const y = 2 * stream.uniform() - 1;
    const square = x * x + y * y;
    if (square > 0 && square < 1) return x * Math.sqrt((-2 * ln(square)) / square);
  }
}

/**
 * A standard normal, given that it is at least `least`: tried until one is, or in the tail from an exponential (Robert,
 * "Simulation of truncated normal variables", Statistics and Computing 5, 1995).
 */
export function drawNormalFrom(stream: Stream, least: number): number {
  if (least < 0.5) {
    for (;;) {
      const drawn = drawNormal(stream);
      if (drawn >= least) return drawn;
    }
  }
  const rate = (least + Math.sqrt(least * least + 4)) / 2;
  for (;;) {
    const drawn = least - ln(1 - stream.uniform()) / rate;
    if (stream.uniform() <= exp(-((drawn - rate) ** 2) / 2)) return drawn;
  }
}

/** A lognormal with an offset on its logarithm, and the variance of such offsets taken from its own. */
export function drawLognormal(stream: Stream, part: LognormalPart, offset = 0, variance = 0): number {
  const within = Math.sqrt(Math.max(0, part.sigma * part.sigma - variance));
  return exp(part.mu + offset + within * drawNormal(stream));
}

export function drawMixture(stream: Stream, parts: Lengths, offset = 0, variance = 0): number {
  let left = stream.uniform();
  let index = 0;
  while (index < parts.length - 1 && left >= parts[index]!.weight) left -= parts[index++]!.weight;
  return drawLognormal(stream, parts[index]!, offset, variance);
}

/** A Poisson number by Knuth's product of uniforms: for means of some tens. */
export function drawPoisson(stream: Stream, mean: number): number {
  const limit = exp(-mean);
  let count = 0;
  for (let product = stream.uniform(); product > limit; product *= stream.uniform()) count++;
  return count;
}

/** Index of a weight, the weights summing to one. */
export function drawIndex(stream: Stream, weights: readonly number[]): number {
  let left = stream.uniform();
  let index = 0;
  while (index < weights.length - 1 && left >= weights[index]!) left -= weights[index++]!;
  return index;
}
