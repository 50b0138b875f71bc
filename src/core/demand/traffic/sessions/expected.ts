// How many requests a session has on average, worked out and not sampled: what turns a rate of requests into one of
// sessions. Knows the specifications only.
import exp from "@stdlib/math-base-special-exp";
import ln from "@stdlib/math-base-special-ln";
import type { AgentSpec, ChatSpec, LognormalPart } from "./spec.js";

/** Upper tail of the standard normal: Abramowitz and Stegun 26.2.17, within 7.5e-8. */
export function normalTail(z: number): number {
  if (z < 0) return 1 - normalTail(-z);
  const t = 1 / (1 + 0.2316419 * z);
  const sum =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (exp((-z * z) / 2) / 2.5066282746310002) * sum;
}

/** Chance that the lognormal, rounded, is at least `count`, a whole number from 1 up. */
export const atLeast = ({ mu, sigma }: LognormalPart, count: number) =>
  normalTail((ln(count - 0.5) - mu) / sigma);

/** Mean of a rounded lognormal that is cut to at least `least` and at most `most`. */
export function meanCount(part: LognormalPart, least: number, most: number): number {
  let mean = least;
  for (let count = least + 1; count <= most; count++) mean += atLeast(part, count);
  return mean;
}

/** Mean square of the same. */
export function meanSquareCount(part: LognormalPart, least: number, most: number): number {
  let mean = least * least;
  for (let count = least + 1; count <= most; count++) mean += (2 * count - 1) * atLeast(part, count);
  return mean;
}

/** Requests of an agent session, those of its sub-agents included. */
export function agentRequests({ turns, requests, subAgents }: AgentSpec): number {
  const several = atLeast(turns, 2);
  const meanTurns = meanCount(turns, 1, turns.most);
  // Only a session of several turns has turns of one request.
  const ofSeveral = meanTurns - (1 - several);
  const many = meanTurns - requests.one * ofSeveral;
  const spawned = subAgents.counts.reduce((sum, weight, index) => sum + weight * (index + 1), 0);
  const perMany = meanCount(requests, 2, requests.most) + subAgents.share * spawned * subAgents.requests;
  return requests.one * ofSeveral + many * perMany;
}

export function chatRequests({ turns }: ChatSpec): number {
  return Math.max(turns.mean, 2 - turns.one);
}
