// Opens the traces of a loaded scenario by the names that it gives them.
import { SurgefleetError } from "../../core/index.js";
import { readTextChunks } from "../files/read-text.js";
import type { TraceFile } from "../scenario-file.js";

/** What a simulation reads its traces with. Throws NOT_FOUND for a name that the scenario does not have. */
export function traceReader(traces: readonly TraceFile[]): (name: string) => Iterable<string> {
  return (name) => {
    const trace = traces.find((one) => one.name === name);
    if (trace === undefined) throw new SurgefleetError("NOT_FOUND", `the scenario names no trace "${name}"`);
    return readTextChunks(trace.path);
  };
}
