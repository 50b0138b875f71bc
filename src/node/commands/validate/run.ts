// `surgefleet validate`: every problem of every scenario given, trace files read to their end.
import { readTrace, type Scenario, SurgefleetError } from "../../../core/index.js";
import { format, thresholdsOf, toSeconds } from "../../../core/internal.js";
import { describeError } from "../../describe-error.js";
import { ExitCode } from "../../exit-code.js";
import { readTextChunks } from "../../files/read-text.js";
import { type Allowed, loadScenarioFile, type TraceFile } from "../../scenario-file.js";
import type { Terminal } from "../../terminal.js";

export function validateCommand(
  paths: readonly string[],
  { set = [], allowCode }: Allowed & { readonly set?: readonly string[] | undefined },
  terminal: Terminal,
): ExitCode {
  let valid = true;
  for (const path of paths) {
    try {
      const { scenario, traces: files } = loadScenarioFile(path, set, { allowCode });
      const traces = files.map((file) => describeTrace(file, Object.keys(scenario.paths)));
      terminal.output.write(`ok  ${path}  ${describe(scenario)}\n${traces.join("")}`);
    } catch (error) {
      if (!(error instanceof SurgefleetError)) throw error;
      valid = false;
      terminal.errors.write(describeError(error));
    }
  }
  return valid ? ExitCode.ok : ExitCode.invalidInput;
}

function describe(scenario: Scenario): string {
  const { name, paths, pools, traffic } = scenario;
  const parts = [
    counted(Object.keys(paths).length, "path"),
    counted(Object.keys(pools).length, "pool"),
    counted(Object.keys(traffic).length, "traffic source"),
    counted(thresholdsOf(scenario).length, "threshold"),
  ];
  return `${name}: ${parts.join(", ")}`;
}

function describeTrace({ name, path, format: layout }: TraceFile, tiers: readonly string[]): string {
  let rows = 0;
  let last = 0;
  for (const row of readTrace(readTextChunks(path), { file: path, format: layout, tiers })) {
    rows++;
    last = toSeconds(row.at);
  }
  return `    trace ${name}: ${counted(rows, "row")} over ${format.span(last)}\n`;
}

function counted(number: number, noun: string): string {
  return `${format.count(number)} ${noun}${number === 1 ? "" : "s"}`;
}
