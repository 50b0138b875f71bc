// What a report tells, as tests compare it.
import { FINDING_KINDS, type FindingKind } from "../../../../src/core/base/finding.js";
import { findingsOf, type TraceReport } from "../../../../src/core/demand/trace/report.js";

/** Findings of some kinds as `kind: what` with their counts; nothing of the unit, which every number has. */
export function told(
  report: TraceReport,
  ...kinds: readonly FindingKind[]
): Readonly<Record<string, number | null>> {
  const wanted = kinds.length === 0 ? FINDING_KINDS : kinds;
  const all = findingsOf(report).filter(
    ({ kind, what }) => wanted.includes(kind) && !what.startsWith("times are numbers without a unit"),
  );
  return Object.fromEntries(all.map(({ kind, what, count }) => [`${kind}: ${what}`, count]));
}
