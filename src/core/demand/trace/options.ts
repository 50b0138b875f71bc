// What may be chosen when a trace is read. It reads nothing.
import type { Duration } from "../../base/units.js";
import type { Stream } from "../../random/stream.js";
import type { ThinkTimes, ZeroOutput } from "./format.js";
import type { TraceFormatId } from "./formats/formats.js";
import type { SessionStartSpec } from "./session-starts.js";

export interface ReadTraceOptions {
  /** Name of the file in messages. */
  readonly file: string;
  /** "auto", the default, decides by the first record. */
  readonly format?: "auto" | TraceFormatId;
  /** The tiers that rows may name; any, where left out. */
  readonly tiers?: readonly string[];
  /** How many problems are told at once, 20 by default. */
  readonly errorLimit?: number;
  /**
   * Requests that generated nothing: "error", "drop" (and count) or "keep" with 0 tokens. By default as the
   * format's publishers mean them: "drop" for burstgpt and chutes, "keep" for weka, "error" for the others.
   */
  readonly zeroOutput?: ZeroOutput;
  /**
   * Rows whose time goes back: "error", or "sort", which moves and counts them. By default "sort" for formats that
   * are published out of order or grouped by session.
   */
  readonly inversions?: "error" | "sort";
  /** Spreads rows of equal time evenly over up to this time; 3 s for Mooncake's traces. Off by default. */
  readonly dequantize?: Duration;
  /** For formats whose sessions have clocks of their own (weka): 16 sessions under way by default. */
  readonly sessionStarts?: SessionStartSpec;
  /** What Poisson session starts are drawn from. */
  readonly stream?: Stream;
  /** Which pauses weka's sessions make, "think-only" by default. */
  readonly thinkTimes?: ThinkTimes;
  /** Factor on recorded response times under "api-scaled", 1 by default. */
  readonly apiScale?: number;
  /** Longest pause inside a session; pauses above are cut and counted. None by default. */
  readonly idleCap?: Duration;
  /** False leaves the block ids out of the rows, for less memory. */
  readonly blocks?: boolean;
}
