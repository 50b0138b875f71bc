// `surgefleet validate`: every problem of every scenario given, trace files read as a run would read them.
import { type Scenario, SurgefleetError } from "../../../core/index.js";
import { format, lookAtTraces, readingTexts, thresholdsOf } from "../../../core/internal.js";
import { describeError } from "../../describe-error.js";
import { ExitCode } from "../../exit-code.js";
import { traceReader } from "../../run/trace-reader.js";
import { type Allowed, loadScenarioFile } from "../../scenario-file.js";
import type { Terminal } from "../../terminal.js";

export function validateCommand(
  paths: readonly string[],
  { set = [], allowCode }: Allowed & { readonly set?: readonly string[] | undefined },
  terminal: Terminal,
): ExitCode {
  let valid = true;
  for (const path of paths) {
    try {
      const { scenario, traces } = loadScenarioFile(path, set, { allowCode });
      // As a run reads them, so that both accept and refuse the same.
      const looked = lookAtTraces(scenario, { seed: scenario.seed, readTrace: traceReader(traces) });
      terminal.output.write(`ok  ${path}  ${describe(scenario)}\n${looked.map(describeTrace).join("")}`);
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

function describeTrace(looked: ReturnType<typeof lookAtTraces>[number]): string {
  const { file, format: layout, rowsYielded, seconds, plays } = looked;
  const rows = `${counted(rowsYielded, "row")} over ${format.span(seconds)}`;
  const often = plays === 1 ? "" : `, played ${format.count(plays)} times`;
  const head = `    trace ${file}: ${rows}, ${layout}${often}\n`;
  return (
    head +
    readingTexts(looked)
      .map((text) => `      ${text}\n`)
      .join("")
  );
}

function counted(number: number, noun: string): string {
  return `${format.count(number)} ${noun}${number === 1 ? "" : "s"}`;
}
