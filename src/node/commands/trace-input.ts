// What the commands on traces have in common: which file, in which format, how much of it and how thinned.
import {
  openTrace,
  SurgefleetError,
  TRACE_FORMATS,
  type TraceReport,
  type TraceRow,
} from "../../core/index.js";
import { readTextChunks } from "../files/read-text.js";

export interface TraceInputFlags {
  readonly format?: string;
  readonly from?: string;
  readonly to?: string;
  readonly sample?: string;
  readonly rateScale?: string;
  readonly repeat?: string;
  readonly limit?: string;
  readonly dequantize?: string;
  readonly sessionStarts?: string;
  readonly seed?: string;
}

type ReadOptions = Parameters<typeof openTrace>[1];
type Transform = Parameters<typeof openTrace>[2];

const UNITS: Readonly<Record<string, number>> = { ms: 1e3, s: 1e6, m: 60e6, h: 3600e6, d: 86_400e6 };

/** Opens the rows that the flags ask for. */
export function readRows(path: string, flags: TraceInputFlags, report?: TraceReport): Iterable<TraceRow> {
  const read: ReadOptions = {
    file: path,
    ...formatOf(flags.format),
    ...(flags.dequantize === undefined ? {} : { dequantize: timeOf("--dequantize", flags.dequantize) }),
    ...(flags.sessionStarts === undefined ? {} : { sessionStarts: startsOf(flags.sessionStarts) }),
  };
  const { from, to, sample, rateScale, repeat, limit } = flags;
  const transform: Transform = {
    ...(from === undefined ? {} : { from: timeOf("--from", from) }),
    ...(to === undefined ? {} : { to: timeOf("--to", to) }),
    ...(sample === undefined ? {} : { sample: shareOf("--sample", sample) }),
    ...(rateScale === undefined ? {} : { rateScale: numberAbove0("--rate-scale", rateScale) }),
    ...(repeat === undefined ? {} : { repeat: wholeOf("--repeat", repeat) }),
    ...(limit === undefined ? {} : { limit: wholeOf("--limit", limit) }),
  };
  return openTrace(() => readTextChunks(path), read, transform, flags.seed ?? "1", report);
}

function formatOf(format: string | undefined): Pick<ReadOptions, "format"> {
  if (format === undefined || format === "auto") return {};
  const known = TRACE_FORMATS.find(({ name }) => name === format);
  if (known !== undefined) return { format: known.name };
  const names = TRACE_FORMATS.map(({ name }) => name).join(", ");
  throw usage(`--format ${format}: there is no such format; there are auto, ${names}`);
}

/** A time such as 90s, 10m or 2h, in microseconds. */
export function timeOf(flag: string, text: string): NonNullable<Transform["from"]> {
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)$/.exec(text.trim()) ?? [];
  const micros = Math.round(Number(number) * (UNITS[unit] ?? Number.NaN));
  if (!Number.isSafeInteger(micros))
    throw usage(`${flag} ${text}: write a time such as 250ms, 90s, 10m, 2h or 1d`);
  return micros as NonNullable<Transform["from"]>;
}

function shareOf(flag: string, text: string): number {
  const [, number, percent] = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(text.trim()) ?? [];
  const share = Number(number) / (percent === "%" ? 100 : 1);
  if (!(share > 0 && share <= 1)) throw usage(`${flag} ${text}: write a share such as 10% or 0.1`);
  return share;
}

export function numberAbove0(flag: string, text: string): number {
  const value = Number(text);
  if (!(text.trim() !== "" && value > 0 && Number.isFinite(value))) {
    throw usage(`${flag} ${text}: write a number above 0`);
  }
  return value;
}

function wholeOf(flag: string, text: string): number {
  const value = Number(text);
  if (!(Number.isSafeInteger(value) && value >= 1))
    throw usage(`${flag} ${text}: write a whole number from 1 up`);
  return value;
}

function startsOf(text: string): NonNullable<ReadOptions["sessionStarts"]> {
  const [, kind, value = ""] = /^(poisson|concurrency):(.+)$/.exec(text.trim()) ?? [];
  if (kind === "poisson") {
    return { rate: numberAbove0("--session-starts", value.replace(/\/s$/, "")) };
  }
  if (kind === "concurrency") return { concurrency: wholeOf("--session-starts", value) };
  throw usage(`--session-starts ${text}: write poisson:RATE, per second, or concurrency:NUMBER`);
}

export function usage(message: string): SurgefleetError {
  return new SurgefleetError("USAGE", message);
}
