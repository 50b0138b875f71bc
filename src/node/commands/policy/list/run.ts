// `surgefleet policy list`: every definition of every kind with its summary.
import { DEFINITION_KINDS } from "../../../../core/internal.js";
import { ExitCode } from "../../../exit-code.js";
import { printDocument } from "../../../print.js";
import type { Terminal } from "../../../terminal.js";

export function listCommand(flags: { readonly json?: boolean | undefined }, terminal: Terminal): ExitCode {
  printDocument(flags, terminal, {
    document: () =>
      DEFINITION_KINDS.flatMap(({ kind, definitions }) =>
        definitions.map(({ name, summary }) => ({ kind, name, summary })),
      ),
    report,
  });
  return ExitCode.ok;
}

function report(): string {
  const names = DEFINITION_KINDS.flatMap(({ definitions }) => definitions.map(({ name }) => name));
  const width = Math.max(...names.map((name) => name.length));
  const blocks = DEFINITION_KINDS.map(({ kind, written, definitions }) => {
    const lines = definitions.map(({ name, summary, written: place }) => {
      const where = place === undefined ? "" : ` ${place}`;
      return `  ${name.padEnd(width)}  ${summary}${where}`;
    });
    return [`${kind.toUpperCase()}  ${written}`, ...lines].join("\n");
  });
  return `${blocks.join("\n\n")}\n`;
}
