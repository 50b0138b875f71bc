// Reads what a log of steps says about a run as it went: when steps began, how many sequences decoded, how much KV was
// reserved. What the steps should have taken is judged elsewhere, from the same log. Logs of single timed steps have
// none of this.
import { readNumberTable } from "../../text/number-table.js";

/** The columns of a run's steps, one value a step. */
export interface RecordedSteps {
  /** Seconds. */
  readonly start: Float64Array;
  /** Milliseconds. */
  readonly duration: Float64Array;
  readonly decoding: Float64Array;
  /** Pages reserved while the step ran; undefined where the log does not say. */
  readonly pages: Float64Array | undefined;
}

const COLUMNS = {
  start_s: { optional: true },
  duration_ms: { optional: true },
  n_decode: { optional: true, whole: true },
  kv_pages_used: { optional: true },
} as const;

/** Undefined for a log without times of day. Throws INVALID_TRACE with every problem of these columns. */
export function readRecordedSteps(chunks: Iterable<string>, file: string): RecordedSteps | undefined {
  const { columns } = readNumberTable(chunks, { file, columns: COLUMNS });
  const { start_s: start, duration_ms: duration, n_decode: decoding, kv_pages_used: pages } = columns;
  if (start === undefined || duration === undefined || decoding === undefined) return undefined;
  return { start, duration, decoding, pages };
}
