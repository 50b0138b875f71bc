// The table of trace formats in docs/traces.md, written from their definitions.
import type { TraceFormat } from "../../src/core/demand/trace/format.js";
import { TRACE_FORMATS } from "../../src/core/demand/trace/formats/formats.js";

const HEAD = [
  "| `format` | recognised by | what it is | `replay: auto` | no output | time goes back | written | options |",
  "| --- | --- | --- | --- | --- | --- | --- | --- |",
];

export function traceTable(): string {
  const rows = (TRACE_FORMATS as readonly TraceFormat[]).map((format) => {
    const options = Object.keys(format.options).map((key) => `\`${key}\``);
    const written = format.writer?.forms.map((form) => `.${form}`) ?? [];
    const cells = [
      `\`${format.name}\``,
      format.recognisedBy,
      format.summary,
      format.replay,
      format.zeroOutput,
      format.inversions,
      written.join(", "),
      options.join(", "),
    ];
    return `| ${cells.join(" | ")} |`;
  });
  return [...HEAD, ...rows].join("\n");
}

/** What of each format nothing is made of. */
export function ignoredTable(): string {
  const rows = (TRACE_FORMATS as readonly TraceFormat[]).flatMap(({ name, ignored }) =>
    Object.entries(ignored).map(([field, reason]) => `| \`${name}\` | \`${field}\` | ${reason} |`),
  );
  return ["| `format` | field | why nothing is made of it |", "| --- | --- | --- |", ...rows].join("\n");
}
