// What a command has to say, on stdout: a report for people, or one JSON document for programs.
import type { Terminal } from "./terminal.js";

export function jsonDocument(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Only what is asked for is made. */
export function printDocument(
  { json }: { readonly json?: boolean | undefined },
  { output }: Terminal,
  { document, report }: { readonly document: () => unknown; readonly report: () => string },
): void {
  output.write(json === true ? jsonDocument(document()) : report());
}
