// The registry of trace formats and the choice among them by the first line. A new format is one file and one
// line in TRACE_FORMATS; nothing else knows the list.
import { azureLlm } from "./azure-llm.js";
import { type Complain, shown, type TraceFormat } from "./format.js";
import { generic } from "./generic.js";

export const TRACE_FORMATS = [azureLlm, generic] as const satisfies readonly TraceFormat[];

export type TraceFormatId = (typeof TRACE_FORMATS)[number]["id"];

/**
 * The one format that a first line fits. Complains and returns undefined when none fits, or more than one.
 */
export function detectFormat(
  firstLine: string,
  complain: Complain,
  formats: readonly TraceFormat[] = TRACE_FORMATS,
): TraceFormat | undefined {
  const fitting = formats.filter((format) => format.matches(firstLine));
  if (fitting.length === 1) return fitting[0];
  if (fitting.length > 1) {
    const names = fitting.map((format) => format.id).join(", ");
    complain(1, "", `the first line fits more than one format: ${names}`, "name the format");
    return undefined;
  }
  const known = formats.map((format) => `\n  ${format.id}: ${format.firstLine}`).join("");
  complain(1, "", `no known trace format begins with ${shown(firstLine)}; known are:${known}`);
  return undefined;
}
