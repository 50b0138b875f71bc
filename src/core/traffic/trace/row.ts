// What a trace says about one request, whatever the format. It does not know the formats.
import type { Instant } from "../../base/units.js";

/** One request of a trace. A name is "" where the trace does not say. */
export interface TraceRow {
  /** Arrival, microseconds after the first row of the trace. */
  readonly at: Instant;
  /** Whole prompt, cached part included, in tokens, at least 1. */
  readonly inputTokens: number;
  /** Generated tokens, at least 1. */
  readonly outputTokens: number;
  /** The part of the prompt that was cached, at most inputTokens; undefined where the trace does not say. */
  readonly cachedTokens: number | undefined;
  readonly account: string;
  readonly session: string;
  readonly model: string;
  readonly tier: string;
}
