// Reads the program's own requests.csv as a recorded run: one attempt a row. What was refused before it reached an
// engine is no load on one, and is left out with a count. Strict: whatever cannot be is told with its place.
import { Complaints } from "../../text/complaints.js";
import { csvColumn, csvValues } from "../../text/csv.js";
import { readLines } from "../../text/lines.js";
import { shown } from "../../text/shown.js";
import type { LostRequest, Recording, RunRequest } from "./run-request.js";

const NEEDED = [
  "outcome",
  "arrived_s",
  "started_s",
  "first_token_s",
  "ended_s",
  "input_tokens",
  "cached_tokens",
  "output_tokens",
] as const;
type Column = (typeof NEEDED)[number];

/** Ends of attempts that an engine has worked on, or that waited for one, and what they were to their callers. */
const LOST: Readonly<Record<string, LostRequest["outcome"]>> = {
  timed_out: "timed_out",
  cancelled: "failed",
  evicted: "failed",
  unavailable: "failed",
  in_flight: "failed",
};
/** The gateway's answers: no engine has seen the attempt. */
const REFUSED: readonly string[] = ["rate_limited", "overloaded", "invalid"];

const NUMBER = /^(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const MOST_ISSUES = 20;

/** Throws INVALID_TRACE with file, line, column and field of each problem. */
export function readAttempts(chunks: Iterable<string>, file: string): Recording {
  const complaints = new Complaints(file, MOST_ISSUES);
  const served: RunRequest[] = [];
  const lost: LostRequest[] = [];
  const pools = new Set<string>();
  let refused = 0;
  let header: readonly string[] = [];
  for (const { text, number } of readLines(chunks, file)) {
    if (number === 1) {
      header = (csvValues(text) ?? []).map((column) => column.trim());
      for (const name of NEEDED) {
        if (!header.includes(name)) complaints.add(1, 1, "", `column "${name}" is missing`);
      }
      if (!complaints.none) break;
      continue;
    }
    if (text.trim() === "") continue;
    const row = rowOf(text, number, header, complaints);
    if (complaints.overflowed) break;
    if (row === undefined) continue;
    const pool = row.values[header.indexOf("served_pool")];
    if (pool !== undefined && pool !== "") pools.add(pool);
    if (REFUSED.includes(row.outcome) && row.started === undefined) refused++;
    else if (row.outcome === "completed") served.push(servedOf(row));
    else lost.push(lostOf(row));
  }
  if (complaints.none && served.length + lost.length === 0) {
    complaints.add(1, 1, "", "the file has no attempt that reached an engine");
  }
  if (!complaints.none) throw complaints.error();
  const notes: string[] = [];
  if (refused > 0) notes.push(`${refused} attempts were refused before they reached an engine: left out`);
  if (pools.size > 1) {
    notes.push(`the run was served by pools ${[...pools].join(", ")}: all of it is replayed on one`);
  }
  return { served: served.sort(byArrival), lost: lost.sort(byArrival), notes };
}

const byArrival = (a: { readonly arrival: number }, b: { readonly arrival: number }) => a.arrival - b.arrival;

interface Row {
  readonly values: readonly string[];
  readonly outcome: string;
  readonly arrived: number;
  readonly started: number | undefined;
  readonly firstToken: number | undefined;
  readonly ended: number | undefined;
  readonly input: number;
  readonly cached: number;
  readonly output: number;
}

function rowOf(
  text: string,
  line: number,
  header: readonly string[],
  complaints: Complaints,
): Row | undefined {
  const values = csvValues(text);
  if (values?.length !== header.length) {
    const count =
      values === undefined ? "a quote is out of place" : `${values.length} fields, not ${header.length}`;
    complaints.add(line, 1, "", `the row does not match the header: ${count}`);
    return undefined;
  }
  let isGood = true;
  const complain = (name: Column, message: string) => {
    isGood = false;
    complaints.add(line, csvColumn(text, header.indexOf(name)), name, message);
  };
  const read = (name: Column): number | undefined => {
    const value = values[header.indexOf(name)]!.trim();
    if (value === "") return undefined;
    if (NUMBER.test(value)) return Number(value);
    complain(name, `is ${shown(value)}, but must be a number`);
    return undefined;
  };
  const need = (name: Column): number => {
    if (values[header.indexOf(name)]!.trim() === "") complain(name, "is empty, but must be a number");
    return read(name) ?? 0;
  };
  const outcome = values[header.indexOf("outcome")]!;
  if (outcome !== "completed" && !(outcome in LOST) && !REFUSED.includes(outcome)) {
    complain("outcome", `${shown(outcome)} is no outcome`);
  }
  const isServed = outcome === "completed";
  const row: Row = {
    values,
    outcome,
    arrived: need("arrived_s"),
    started: isServed ? need("started_s") : read("started_s"),
    firstToken: isServed ? need("first_token_s") : read("first_token_s"),
    ended: isServed ? need("ended_s") : read("ended_s"),
    input: need("input_tokens"),
    cached: read("cached_tokens") ?? 0,
    output: need("output_tokens"),
  };
  if (isGood) for (const [name, message] of disorder(row)) complain(name, message);
  return isGood ? row : undefined;
}

/** Times that are not in the order in which such things happen. */
function* disorder({
  arrived,
  started = arrived,
  firstToken,
  ended,
  input,
  cached,
  output,
  outcome,
}: Row): Generator<[Column, string], void, undefined> {
  if (started < arrived) yield ["started_s", `${started} is before the arrival at ${arrived}`];
  if (firstToken !== undefined && firstToken <= started)
    yield ["first_token_s", `${firstToken} is not after ${started}, when it started`];
  if (ended !== undefined && ended < (firstToken ?? started))
    yield ["ended_s", `${ended} is before ${firstToken ?? started}, when it was under way`];
  if (input < 1) yield ["input_tokens", "a prompt has at least one token"];
  if (cached > input) yield ["cached_tokens", `${cached} are more than the prompt of ${input}`];
  if (outcome === "completed" && output < 1)
    yield ["output_tokens", "a completed attempt has at least one token"];
}

function servedOf(row: Row): RunRequest {
  return {
    arrival: row.arrived,
    promptTokens: row.input,
    cachedTokens: row.cached,
    outputTokens: row.output,
    scheduled: row.started!,
    firstToken: row.firstToken!,
    finish: row.ended!,
    longestGap: undefined,
  };
}

/** What it had asked for is not in the file, only what it had got. */
function lostOf(row: Row): LostRequest {
  return {
    arrival: row.arrived,
    promptTokens: row.input,
    cachedTokens: row.cached,
    outputTokens: undefined,
    outcome: LOST[row.outcome] ?? "failed",
    scheduled: row.started,
    firstToken: row.firstToken,
    ended: row.ended,
  };
}
