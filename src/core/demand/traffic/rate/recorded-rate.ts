// A rate as monitoring recorded it: values in equal steps of time, as CSV of a time and a value, or as the answer to a
// Prometheus range query. Knows the text and the steps, not what a value counts.

import { csvValues } from "../../../text/csv.js";
import { jsonFault } from "../../../text/json-fault.js";
import { shown, shownJson } from "../../../text/shown.js";
import { readDate, readSeconds, type Timestamp, timestampProblem } from "../../../text/timestamp.js";

export interface RecordedRate {
  /** Length of a step in microseconds. */
  readonly step: number;
  /** One for each step, in order, from 0 up. */
  readonly values: readonly number[];
}

/** What is wrong with a text, and on which line. */
export interface RateProblem {
  readonly line: number;
  readonly message: string;
  readonly hint?: string;
}

interface Sample {
  readonly line: number;
  readonly micros: number;
  readonly value: number;
}

const COLUMNS = "a header such as timestamp,count, and a row for each step";
/** Names of the column of times, which is the first where neither is named so. */
const A_TIME = /time|date|^ts$/i;
/** Steps that are read: half a year of minutes. */
const MOST_STEPS = 300_000;

export function readRecordedRate(text: string): RecordedRate | RateProblem {
  const plain = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  const samples = /^\s*\{/.test(plain) ? prometheusSamples(plain) : csvSamples(plain);
  return "message" in samples ? samples : inSteps(samples);
}

function csvSamples(text: string): readonly Sample[] | RateProblem {
  const [header = "", ...rows] = text.split(/\r?\n/);
  const columns = csvValues(header);
  if (columns?.length !== 2) return { line: 1, message: `must be two columns: ${COLUMNS}` };
  if (readNumber(columns[1]!) !== undefined) return { line: 1, message: `has no header: ${COLUMNS}` };
  const isTurned = A_TIME.test(columns[1]!) && !A_TIME.test(columns[0]!);
  const samples: Sample[] = [];
  const at: Timestamp = { micros: 0, clock: "seconds" };
  for (const [index, row] of rows.entries()) {
    if (row.trim() === "") continue;
    const line = index + 2;
    const [first, second, ...rest] = csvValues(row) ?? [];
    const [time, value] = isTurned ? [second, first] : [first, second];
    if (time === undefined || value === undefined || rest.length > 0)
      return { line, message: `${shown(row)} is no row of two values` };
    const { clock } = at;
    if (!readDate(time, time.length, at) && !readSeconds(time, at))
      return { line, message: `the time ${timestampProblem(time, true)}` };
    if (samples.length > 0 && clock !== at.clock)
      return { line, message: `the time is ${at.clock}, but the first is ${clock}` };
    const number = readNumber(value);
    if (number === undefined) return { line, message: `${shown(value)} must be a number from 0 up` };
    samples.push({ line, micros: at.micros, value: number });
  }
  return samples;
}

function prometheusSamples(text: string): readonly Sample[] | RateProblem {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    const { line, column, what } = jsonFault(text);
    return { line, message: `is not JSON: ${what} in column ${column}` };
  }
  const { data } = answer as { readonly data?: { readonly resultType?: unknown; readonly result?: unknown } };
  const series: unknown = data?.result;
  if (data?.resultType !== "matrix" || !Array.isArray(series)) {
    return { line: 1, message: "must be the answer to a Prometheus range query, of resultType matrix" };
  }
  if (series.length !== 1) {
    const hint = "make the query one series, as in sum(increase(requests_total[1m]))";
    return { line: 1, message: `holds ${series.length} series, but must hold one`, hint };
  }
  const values: unknown = (series[0] as { readonly values?: unknown }).values;
  if (!Array.isArray(values)) return { line: 1, message: "must hold values" };
  const samples: Sample[] = [];
  for (const pair of values) {
    const [time, value]: readonly unknown[] = Array.isArray(pair) ? pair : [];
    const number = typeof value === "string" ? readNumber(value) : undefined;
    if (typeof time !== "number" || !(time >= 0) || number === undefined) {
      return {
        line: 1,
        message: `${shownJson(pair)} must be a time and a number from 0 up in quotes`,
      };
    }
    samples.push({ line: 1, micros: Math.round(time * 1e6), value: number });
  }
  return samples;
}

function inSteps(samples: readonly Sample[]): RecordedRate | RateProblem {
  const [first, second] = samples;
  if (first === undefined || second === undefined)
    return {
      line: first?.line ?? 1,
      message: "must have two steps at least: one does not say how long it is",
    };
  if (samples.length > MOST_STEPS)
    return { line: samples[MOST_STEPS]!.line, message: `has more than ${MOST_STEPS} steps` };
  const step = second.micros - first.micros;
  if (step <= 0) return { line: second.line, message: "the time does not go on" };
  for (const [index, { micros, line }] of samples.entries()) {
    const since = micros - (first.micros + index * step);
    if (since === 0) continue;
    const message = `the time is ${since / 1e6}s off: steps must all be as long as the first, ${step / 1e6}s`;
    return { line, message, hint: "write steps without requests as 0" };
  }
  if (samples.every(({ value }) => value === 0)) return { line: first.line, message: "nothing ever arrives" };
  return { step, values: samples.map(({ value }) => value) };
}

/** A number from 0 up; undefined for other text. */
function readNumber(text: string): number | undefined {
  return /^\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text.trim()) ? Number(text) : undefined;
}
