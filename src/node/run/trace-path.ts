// Where the traces of a loaded scenario lie.
import { SurgefleetError } from "../../core/index.js";
import type { TraceFile } from "../scenario-file.js";

/** The file behind the name by which a scenario calls a trace. */
export function tracePath(name: string, traces: readonly TraceFile[]): string {
  const trace = traces.find((one) => one.name === name);
  if (trace === undefined) throw new SurgefleetError("NOT_FOUND", `the scenario names no trace "${name}"`);
  return trace.path;
}
