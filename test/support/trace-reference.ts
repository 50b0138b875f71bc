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

/** From what each reader was written. */
export function schemaTable(): string {
  const rows = (TRACE_FORMATS as readonly TraceFormat[]).map(
    ({ name, schema }) => `| \`${name}\` | ${schema} |`,
  );
  return ["| `format` | written from |", "| --- | --- |", ...rows].join("\n");
}

/** What of each format nothing is made of; fields of one reason in one row. */
export function ignoredTable(): string {
  const rows = (TRACE_FORMATS as readonly TraceFormat[]).flatMap(({ name, ignored }) => {
    return [...new Set(Object.values(ignored))].map((reason) => {
      const fields = Object.keys(ignored).filter((field) => ignored[field] === reason);
      return `| \`${name}\` | ${fields.map((field) => `\`${field}\``).join(", ")} | ${reason} |`;
    });
  });
  return ["| `format` | field | why nothing is made of it |", "| --- | --- | --- |", ...rows].join("\n");
}
