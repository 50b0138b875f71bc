// `surgefleet schema`: the JSON Schema of a scenario file, for editors and other tools.
import { scenarioJsonSchema } from "../../core/index.js";
import { ExitCode } from "../exit-code.js";
import type { Terminal } from "../terminal.js";

export function schemaCommand(terminal: Terminal): ExitCode {
  terminal.output.write(`${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`);
  return ExitCode.ok;
}
