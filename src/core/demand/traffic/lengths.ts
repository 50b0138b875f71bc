// How long requests are: whole tokens, at least one, cut at a bound.
import type { Distribution } from "../../random/distribution.js";

export function drawTokens(distribution: Distribution, most: number): number {
  return cutTokens(Math.round(distribution.sample()), most);
}

export function cutTokens(tokens: number, most: number): number {
  return Math.max(1, Math.min(most, tokens));
}
