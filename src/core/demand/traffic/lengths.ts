// How long requests are: whole tokens, at least one, cut at a bound, which is counted.
import type { Distribution } from "../../random/distribution.js";

/** What a source was to send longer, or later, than its bounds are, since its run began. */
export class Cuts {
  prompts = 0;
  outputs = 0;
  thinkTimes = 0;

  prompt(tokens: number, most: number): number {
    if (tokens > most) this.prompts++;
    return cutTokens(tokens, most);
  }

  output(tokens: number, most: number): number {
    if (tokens > most) this.outputs++;
    return cutTokens(tokens, most);
  }

  thinkTime(seconds: number, most: number): number {
    if (seconds <= most) return seconds;
    this.thinkTimes++;
    return most;
  }

  /** Adds what another has counted since it was last asked, which then begins anew. */
  takeFrom(other: Cuts): void {
    this.prompts += other.prompts;
    this.outputs += other.outputs;
    this.thinkTimes += other.thinkTimes;
    other.clear();
  }

  clear(): void {
    this.prompts = 0;
    this.outputs = 0;
    this.thinkTimes = 0;
  }
}

/** Whole tokens, at least one. */
export function drawTokens(distribution: Distribution): number {
  return Math.max(1, Math.round(distribution.sample()));
}

function cutTokens(tokens: number, most: number): number {
  return Math.max(1, Math.min(most, tokens));
}
