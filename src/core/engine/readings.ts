// How the traces of a scenario are read, source by source: in a run as far as it has come, or by themselves with
// the very options of a run. Knows sources by what they say.
import { toSeconds } from "../base/units.js";
import { findingsOf } from "../demand/trace/report.js";
import type { Source, SourceReading } from "../demand/traffic/source.js";
import type { Reading } from "../results/shape/reading.js";
import type { Scenario } from "../scenario/schema.js";
import { lookAtTrace } from "./world/build-trace-source.js";
import type { SourceOptions } from "./world/source-options.js";

/** Of the sources of a run, so far. */
export function readingsOf(sources: readonly Pick<Source, "name" | "reading">[]): Reading[] {
  return sources.flatMap(({ name, reading }) => (reading === undefined ? [] : [readingOf(name, reading)]));
}

/** A reading, the seconds from the first row to the last, and how often the trace is played. */
export interface LookedAt extends Reading {
  readonly seconds: number;
  readonly plays: number;
}

/** Reads every trace of a scenario as a run would that wants all of it. Throws INVALID_TRACE as that would. */
export function lookAtTraces(scenario: Scenario, options: SourceOptions): LookedAt[] {
  return Object.entries(scenario.traffic).flatMap(([name, spec]) => {
    if (spec.kind !== "trace") return [];
    const { report, length } = lookAtTrace(name, spec, scenario, options);
    const { trace: file, repeat: plays = 1 } = spec.arrivals;
    return [{ ...readingOf(name, { file, report }), seconds: toSeconds(length), plays }];
  });
}

function readingOf(source: string, { file, report }: SourceReading): Reading {
  const { format, rowsRead, rowsYielded } = report;
  return { source, file, format, rowsRead, rowsYielded, findings: findingsOf(report) };
}
