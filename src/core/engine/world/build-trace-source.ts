// The source that replays a trace, out of a scenario's words: opened, cut to what is wanted, and open or closed loop.
import { SurgefleetError } from "../../base/errors.js";
import type { Duration } from "../../base/units.js";
import { formatNamed } from "../../demand/trace/formats/formats.js";
import { readTrace } from "../../demand/trace/read-trace.js";
import { newTraceReport, type TraceReport } from "../../demand/trace/report.js";
import type { TraceRow } from "../../demand/trace/row.js";
import { limited, transformTrace } from "../../demand/trace/transform.js";
import { ABANDON, SessionReplay } from "../../demand/traffic/replay/session-replay.js";
import { TraceReplay } from "../../demand/traffic/replay/trace-replay.js";
import type { SessionBook } from "../../demand/traffic/session-book.js";
import type { Source } from "../../demand/traffic/source.js";
import { openStream, type Seed } from "../../random/stream.js";
import type { TraceSource } from "../../scenario/resolve.js";
import type { Scenario } from "../../scenario/schema.js";
import { measuredWindow } from "../measured-window.js";
import { buildCatalogue } from "./paths.js";
import type { SharedNames, SourceOptions } from "./source-options.js";

export function traceSource(
  name: string,
  spec: TraceSource,
  scenario: Scenario,
  book: SessionBook,
  options: SourceOptions,
  { accounts, contexts }: SharedNames,
): Source {
  const { seed } = options;
  const { report, rows } = openRows(name, spec, scenario, options);
  const { limit, rateScale, abandon = ABANDON, trace } = spec.arrivals;
  const reading = { file: trace, report };
  const paths = new Map(Object.entries(scenario.paths));
  const replayOptions = { ...spec, name, paths, limit, reading };
  return isClosedLoop(spec, report)
    ? new SessionReplay({ ...replayOptions, rateScale, abandon, book }, rows, seed, accounts, contexts)
    : new TraceReplay(replayOptions, scaled(rows, spec, seed), seed, accounts, contexts);
}

/** Whether a session's next request waits for the answer before it. */
function isClosedLoop({ arrivals }: TraceSource, { format }: TraceReport): boolean {
  return (arrivals.replay === "auto" ? formatNamed(format)?.replay : arrivals.replay) === "think-time";
}

/** How a source's trace is read when nothing is simulated. */
export interface TraceLook {
  readonly report: TraceReport;
  /** Time of the last row after the first, of the trace played once. */
  readonly length: Duration;
}

/**
 * Reads the trace of a source as a run would, with the same options and as far as one may: of an open loop no further
 * than requests are wanted. A closed loop may want any row, as far as its sessions get ahead of their recording. Played
 * again, a trace says nothing new: it is read once. Throws INVALID_TRACE as a run would.
 */
export function lookAtTrace(
  name: string,
  spec: TraceSource,
  scenario: Scenario,
  options: SourceOptions,
): TraceLook {
  const { report, rows, played } = openRows(name, spec, scenario, options);
  const isOpen = !isClosedLoop(spec, report);
  const { arrivalsUntil: until } = measuredWindow(scenario);
  const { limit } = spec.arrivals;
  const timed = isOpen ? scaled(rows, spec, options.seed) : rows;
  let length = 0;
  for (const { at } of limit === undefined ? timed : limited(timed, limit)) {
    if (played() > 1 || (isOpen && at >= until)) break;
    length = at;
  }
  return { report, length: length as Duration };
}

function openRows(
  name: string,
  { arrivals }: TraceSource,
  scenario: Scenario,
  { seed, readTrace: open }: SourceOptions,
): { report: TraceReport; rows: Iterable<TraceRow>; played: () => number } {
  const { trace, from, to, sample, repeat, ...rest } = arrivals;
  if (open === undefined) {
    throw new SurgefleetError(
      "NOT_FOUND",
      `traffic.${name} replays ${trace}: pass readTrace to say how files are read`,
    );
  }
  const report = newTraceReport();
  const stream = (purpose: string) => openStream(seed, `traffic/${name}/${purpose}`);
  const { paths } = scenario;
  const catalogue = buildCatalogue(scenario);
  let opened = 0;
  const read = () =>
    readTrace(
      open(trace),
      {
        ...given(rest),
        file: trace,
        tiers: Object.keys(paths),
        serves: (model, tier) => model === "" || catalogue.route(model, paths[tier]?.serviceTier) >= 0,
        stream: stream("session-starts"),
      },
      // What is read again is not told again.
      opened++ === 0 ? report : newTraceReport(),
    );
  const rows = transformTrace(read, given({ from, to, sample, repeat }), stream("sample"), report);
  // The first row settles the format.
  const first = rows.next();
  return { report, rows: first.done === true ? [] : withFirst(first.value, rows), played: () => opened };
}

/** Time is compressed only where the trace tells when everything comes: pauses of sessions stay what they are. */
function scaled(rows: Iterable<TraceRow>, { arrivals }: TraceSource, seed: Seed): Iterable<TraceRow> {
  const { rateScale } = arrivals;
  return rateScale === undefined
    ? rows
    : transformTrace(() => rows, { rateScale }, openStream(seed, "traffic/rate-scale"));
}

function* withFirst(first: TraceRow, rest: Iterable<TraceRow>): Generator<TraceRow, void, undefined> {
  yield first;
  yield* rest;
}

/** Without the keys that say nothing. */
function given<Options extends object>(
  options: Options,
): { [Key in keyof Options]: Exclude<Options[Key], undefined> } {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Key in keyof Options]: Exclude<Options[Key], undefined> };
}
