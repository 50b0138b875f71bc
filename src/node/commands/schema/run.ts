// `surgefleet schema`: the JSON Schema of a scenario file, for editors and other tools.
import { scenarioJsonSchema } from "../../../core/index.js";
import { ExitCode } from "../../exit-code.js";
import { jsonDocument } from "../../print.js";
import type { Terminal } from "../../terminal.js";

export function schemaCommand(terminal: Terminal): ExitCode {
  terminal.output.write(jsonDocument(scenarioJsonSchema()));
  return ExitCode.ok;
}
