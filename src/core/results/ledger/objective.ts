// The objective of a tier: what a completed attempt has to meet, as its caller saw it, for its tokens to be goodput.
import type { Duration } from "../../base/units.js";

export interface Objective {
  /** Most microseconds until the first token, and least tokens a second after it; undefined: however many. */
  readonly ttft?: Duration | undefined;
  readonly tokensPerSecond?: number | undefined;
}

/** Whether a completed attempt meets it; `speed` is NaN for one of a single token, which has none. */
export function meetsObjective(objective: Objective | undefined, ttft: number, speed: number): boolean {
  if (objective === undefined) return true;
  if (objective.ttft !== undefined && ttft > objective.ttft) return false;
  return !(objective.tokensPerSecond !== undefined && speed < objective.tokensPerSecond);
}
