// What may be chosen when a trace is read. It reads nothing.
import type { Duration } from "../../base/units.js";
import type { Stream } from "../../random/stream.js";
import type { ZeroOutput } from "./format.js";
import type { FormatOptions, TraceFormatName } from "./formats/formats.js";
import type { TimeUnit } from "./time-unit.js";

/** Options of a format other than the file's mean nothing. */
export interface ReadTraceOptions extends FormatOptions {
  /** Name of the file in messages. */
  readonly file: string;
  /** "auto", the default, decides by the first record. */
  readonly format?: "auto" | TraceFormatName;
  /** The tiers that rows may name; any, where left out. */
  readonly tiers?: readonly string[];
  /** How many problems are told at once, 20 by default. */
  readonly errorLimit?: number;
  /**
   * Requests that generated nothing: "error", "drop" (and count) or "keep" with 0 tokens. By default as the
   * format's publishers mean them.
   */
  readonly zeroOutput?: ZeroOutput;
  /**
   * Rows whose time goes back: "error", or "sort", which moves and counts them. By default "sort" for formats that
   * are published out of order or grouped by session.
   */
  readonly inversions?: "error" | "sort";
  /** Of the file's numbers of time: by default that of the format. */
  readonly unit?: TimeUnit;
  /** Under which names fields of the format stand in the file: the format's name to the file's. */
  readonly columns?: Readonly<Record<string, string>>;
  /** Columns and keys to be left out as if the file did not have them; parts of rows whatever the file calls them. */
  readonly ignore?: readonly string[];
  /** Whether something serves a model and tier, each "" where a row does not say; everything is, where left out. */
  readonly serves?: (model: string, tier: string) => boolean;
  /** Spreads rows of equal time evenly over up to this time; 3 s for Mooncake's traces. Off by default. */
  readonly dequantize?: Duration;
  /** What Poisson session starts are drawn from. */
  readonly stream?: Stream;
  /** False leaves the block ids out of the rows, for less memory. */
  readonly blocks?: boolean;
}
