// The source that replays a trace, out of a scenario's words: opened, cut to what is wanted, and open or closed loop.
import { SurgefleetError } from "../../base/errors.js";
import { readTrace } from "../../demand/trace/read-trace.js";
import { newTraceReport } from "../../demand/trace/report.js";
import type { TraceRow } from "../../demand/trace/row.js";
import { transformTrace } from "../../demand/trace/transform.js";
import { ABANDON, SessionReplay } from "../../demand/traffic/replay/session-replay.js";
import { TraceReplay } from "../../demand/traffic/replay/trace-replay.js";
import type { SessionBook } from "../../demand/traffic/session-book.js";
import type { Source } from "../../demand/traffic/source.js";
import { openStream, type Seed } from "../../random/stream.js";
import type { TraceSource } from "../../scenario/resolve.js";
import type { Scenario } from "../../scenario/schema.js";
import type { SharedNames, SourceOptions } from "./source-options.js";

/** Formats that say when a session's next request came after the answer before it. */
const SESSION_FORMATS = ["bailian", "mooncake-session", "multi-round", "otel-genai", "tracelab", "weka"];

export function traceSource(
  name: string,
  spec: TraceSource,
  paths: Scenario["paths"],
  book: SessionBook,
  options: SourceOptions,
  { accounts, contexts }: SharedNames,
): Source {
  const { seed } = options;
  const { format, rows } = openRows(name, spec, paths, options);
  const { replay, limit, rateScale, abandon = ABANDON } = spec.arrivals;
  const isClosed = replay === "think-time" || (replay === "auto" && SESSION_FORMATS.includes(format));
  const replayOptions = { ...spec, name, paths: new Map(Object.entries(paths)), limit };
  return isClosed
    ? new SessionReplay({ ...replayOptions, rateScale, abandon, book }, rows, seed, accounts, contexts)
    : new TraceReplay(replayOptions, scaled(rows, spec, seed), seed, accounts, contexts);
}

function openRows(
  name: string,
  { arrivals }: TraceSource,
  paths: Scenario["paths"],
  { seed, readTrace: open }: SourceOptions,
): { format: string; rows: Iterable<TraceRow> } {
  const { trace, from, to, sample, repeat, sessionStarts, ...rest } = arrivals;
  if (open === undefined) {
    throw new SurgefleetError(
      "NOT_FOUND",
      `traffic.${name} replays ${trace}: pass readTrace to say how files are read`,
    );
  }
  const report = newTraceReport();
  const stream = (purpose: string) => openStream(seed, `traffic/${name}/${purpose}`);
  const read = () =>
    readTrace(
      open(trace),
      {
        ...given(rest),
        file: trace,
        tiers: Object.keys(paths),
        stream: stream("session-starts"),
        ...(sessionStarts && { sessionStarts: startsOf(sessionStarts) }),
      },
      report,
    );
  const rows = transformTrace(read, given({ from, to, sample, repeat }), stream("sample"), report);
  // The first row settles the format.
  const first = rows.next();
  return { format: report.format, rows: first.done === true ? [] : withFirst(first.value, rows) };
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

type StartSpec = NonNullable<TraceSource["arrivals"]["sessionStarts"]>;

function startsOf(spec: StartSpec) {
  return "rate" in spec ? { process: "poisson" as const, perSecond: spec.rate } : spec;
}

/** Without the keys that say nothing. */
function given<Options extends object>(
  options: Options,
): { [Key in keyof Options]: Exclude<Options[Key], undefined> } {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Key in keyof Options]: Exclude<Options[Key], undefined> };
}
