// Where requests come from: a sorted stream of arrivals that the engine merges with its event queue, one arrival
// at a time. A source knows nothing of the fleet, so that changing a policy never changes the demand.
import type { Instant } from "../base/units.js";

/** One arrival, filled in by the source and reused: copy what you keep. */
export interface Arrival {
  /** Index into the run's account names. */
  account: number;
  /** What the caller names and asks for; the router decides which path that is. */
  model: string;
  serviceTier: string | undefined;
  inputTokens: number;
  /** Part of the prompt that is cached for certain, wherever it goes. */
  cachedTokens: number;
  /** Application prefix and session that the prompt begins with, NONE and 0 for none: see SequenceWork. */
  prefix: number;
  prefixTokens: number;
  session: number;
  sharedTokens: number;
  /** What it will generate. Physics: no policy may see it. */
  outputTokens: number;
  /** The `max_tokens` that the caller states. */
  maxTokens: number;
}

export interface Source {
  readonly name: string;
  /** When the next request arrives; NEVER when there are no more. It never goes back. */
  readonly nextAt: Instant;
  /** Describes the arrival at `nextAt` and moves on to the next. */
  take(arrival: Arrival): void;
}
