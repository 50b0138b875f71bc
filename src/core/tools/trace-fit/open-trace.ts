// A trace with its transforms, by a seed: what the commands and a scenario read of a file. Knows where neither the text
// nor the options come from.

import { type ReadTraceOptions, readTrace } from "../../demand/trace/read-trace.js";
import { newTraceReport, type TraceReport } from "../../demand/trace/report.js";
import type { TraceRow } from "../../demand/trace/row.js";
import { type TraceTransform, transformTrace } from "../../demand/trace/transform.js";
import { openStream } from "../../random/stream.js";

/** `open` opens the text anew; it is called once for each repetition. The same seed gives the same rows. */
export function openTrace(
  open: () => Iterable<string>,
  read: Omit<ReadTraceOptions, "stream">,
  transform: TraceTransform,
  seed: string,
  report: TraceReport = newTraceReport(),
): Generator<TraceRow, void, undefined> {
  let opened = 0;
  const rows = () => {
    const stream = openStream(seed, "trace/session-starts");
    // What is read again is not told again.
    return readTrace(open(), { ...read, stream }, opened++ === 0 ? report : newTraceReport());
  };
  return transformTrace(rows, transform, openStream(seed, "trace/sample"), report);
}
