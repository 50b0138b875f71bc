// What a format is given to tell by, and where the report of a reading gets it from. It knows formats by their seam
// only.
import type { FindingKind } from "../../base/finding.js";
import { shown } from "../../text/shown.js";
import type { ReadContext, TraceFormat } from "./format.js";
import type { ReadTraceOptions } from "./options.js";
import { found, type TraceReport } from "./report.js";
import type { TimeUnit } from "./time-unit.js";

/** Fields that are told one by one: a file may have a name of its own for every row. */
const MOST_FIELDS = 100;

type Given = Pick<ReadContext, "first" | "complain" | "zeroOutput" | "ahead">;

/** The reason given for a field, or for all else of the part that it is in: `part.*`. */
function reasonOf(ignored: TraceFormat["ignored"], field: string): string | undefined {
  if (Object.hasOwn(ignored, field)) return ignored[field];
  for (let end = field.lastIndexOf("."); end > 0; end = field.lastIndexOf(".", end - 1)) {
    const others = `${field.slice(0, end)}.*`;
    if (Object.hasOwn(ignored, others)) return ignored[others];
  }
  return undefined;
}

/** `line` is the line at hand, null while the header is. */
export function readContext(
  given: Given,
  { unit, stream }: Pick<ReadTraceOptions, "unit" | "stream">,
  format: Pick<TraceFormat, "ignored" | "unit">,
  report: TraceReport,
  line: () => number | null,
): ReadContext {
  const unknown = "no field of the format";
  const whyOf = (field: string) => reasonOf(format.ignored, field) ?? unknown;
  if (unit === undefined) report.assumedUnit = format.unit ?? null;
  return {
    ...given,
    stream,
    unit,
    note: (what: string, times = 1, kind: FindingKind = "repaired") =>
      found(report, kind, what, { times, line: line() }),
    warn: (what: string) => found(report, "assumed", what, { times: null }),
    ignored: (field: string, times = 1) => {
      const place = line();
      const { size } = report.findings.ignored;
      const name = /^[\w .()[\]-]{1,100}$/.test(field) ? field : shown(field);
      const isTold = size < MOST_FIELDS || report.findings.ignored.has(name);
      found(report, "ignored", isTold ? name : "further fields", {
        times: place === null ? "rows" : times,
        line: place ?? 1,
        why: isTold ? whyOf(field) : unknown,
      });
    },
    takenFor: (taken: TimeUnit) => {
      report.assumedUnit = taken;
    },
  };
}
