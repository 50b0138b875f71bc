// What the trace tests share: a text cut into chunks, and a reading of it to its end or to its error.
import { SurgefleetError } from "../../../../src/core/base/errors.js";
import { type ReadTraceOptions, readTrace } from "../../../../src/core/demand/trace/read-trace.js";
import type { TraceRow } from "../../../../src/core/demand/trace/row.js";

type Options = Omit<ReadTraceOptions, "file">;

export interface Reading {
  readonly rows: readonly TraceRow[];
  /** "" when the trace is good. */
  readonly error: string;
}

/** Reads chunks as the file "t"; errors that are not about the trace are thrown on. */
export function reading(chunks: Iterable<string>, options: Options = {}): Reading {
  const rows: TraceRow[] = [];
  try {
    for (const row of readTrace(chunks, { file: "t", ...options })) rows.push(row);
  } catch (error) {
    if (!(error instanceof SurgefleetError) || error.code !== "INVALID_TRACE") throw error;
    return { rows, error: error.message };
  }
  return { rows, error: "" };
}

/** The same text in chunks, cut at any places, also twice at the same. */
export function cutAt(text: string, cuts: readonly number[]): string[] {
  const places = [...cuts.map((cut) => cut % (text.length + 1)), text.length].sort((a, b) => a - b);
  return places.map((place, index) => text.slice(places[index - 1] ?? 0, place));
}

export const AZURE = "TIMESTAMP,ContextTokens,GeneratedTokens\n";
export const GENERIC = "timestamp,input_tokens,output_tokens\n";
export const FULL = "timestamp,input_tokens,output_tokens,account,session,model,tier,cached_tokens\n";
