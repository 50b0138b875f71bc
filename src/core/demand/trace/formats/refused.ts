// Files that people have beside traces of requests and that cannot be read as such, with what to do instead. It
// reads none of them.
import type { FirstRecord } from "../format.js";
import { isObject, valueAt } from "./json-record.js";

export interface Refusal {
  readonly message: string;
  readonly hint: string;
}

const GENERIC_COLUMNS = "timestamp,input_tokens,output_tokens";

const SERVEGEN: Refusal = {
  message: "this is a ServeGen client pool: rates and lengths of clients in windows of time, not requests",
  hint: "it describes a generator; read it with readClientWindows, or generate a trace from it first",
};

const PARQUET: Refusal = {
  message: "this is a Parquet file, which is not text",
  hint: "the command line reads it from a file; elsewhere convert it to CSV with the columns of a format",
};

const BASETEN: Refusal = {
  message: "this is the Baseten trace under its own column names, which is not read",
  hint:
    `rename the columns: timestamp_start_unix_ms / 1000 AS timestamp, input_tokens, output_tokens, ` +
    `provided_session_id AS session gives the generic format (${GENERIC_COLUMNS}[,session])`,
};

const MEASURED = "recorded runs are read from files with a row for each request (docs/traces.md)";

/** Files that are known by a word in their first line or by keys of their JSON, and what they are. */
const KNOWN: readonly (Refusal & { readonly is: (first: FirstRecord) => boolean })[] = [
  {
    is: ({ text }) => /^# (HELP|TYPE) \S/.test(text),
    message: "this is a snapshot of metrics in Prometheus's text form: counters of a server, not requests",
    hint:
      "give requests from a gateway's log or from a benchmark; a Prometheus range query of a request count is a rate " +
      "(arrivals.counts)",
  },
  {
    is: ({ object }) => isObject(object?.["data"]) && "resultType" in object["data"],
    message: "this is the answer to a Prometheus query: values over time, not requests",
    hint: "as the rate of a source: arrivals: { process: poisson, counts: FILE }",
  },
  {
    is: ({ columns }) => isCountHeader(columns),
    message: "these are counts of requests in steps of time, not requests",
    hint: "as the rate of a source: arrivals: { process: poisson, counts: FILE }",
  },
  {
    is: ({ object }) =>
      "root_group" in (object ?? {}) || isObject(valueAt(object ?? {}, "metrics.http_req_duration")),
    message: "this is k6's summary of a test: percentiles of all requests together, not requests",
    hint: `k6 run --out csv=FILE writes requests, but no tokens; ${MEASURED}`,
  },
  {
    is: ({ object }) => Array.isArray(valueAt(object ?? {}, "log.entries")),
    message: "this is a browser's HTTP archive (HAR): it holds requests, but not their tokens",
    hint: `write timestamp, input_tokens and output_tokens of its entries to a CSV (${GENERIC_COLUMNS})`,
  },
  {
    is: ({ object }) => isObject(object?.["load_summary"]) && "successes" in object,
    message: "this is inference-perf's summary of a stage or a run: percentiles, not requests",
    hint:
      "hold it against a scenario with validate-profile --stages, or run inference-perf again with " +
      "report.request_lifecycle.per_request: true and give per_request_lifecycle_metrics.json",
  },
  {
    is: ({ object }) =>
      object !== undefined &&
      "completed" in object &&
      "request_throughput" in object &&
      !("input_lens" in object),
    message: "this is a summary of vLLM's or SGLang's serving benchmark: percentiles, not requests",
    hint:
      "run it again with --save-detailed (vLLM) or --output-details (SGLang), or hold it against a scenario with " +
      "validate-profile --stages",
  },
  {
    is: ({ object }) => isObject(object?.["time_to_first_token"]) && isObject(object["request_latency"]),
    message: "this is AIPerf's summary of a run: percentiles, not requests",
    hint: "give profile_export.jsonl of the same folder, which has a record for each request",
  },
  {
    is: ({ object }) => {
      const data = object?.["data"];
      return Array.isArray(data) && isObject(data[0]) && "payloads" in data[0];
    },
    message: "these are the inputs of an AIPerf run: texts, without times and answers",
    hint: "give profile_export.jsonl of the same folder, which has a record for each request",
  },
  {
    is: ({ object }) =>
      Array.isArray(object?.["benchmarks"]) &&
      object["benchmarks"].every((one) => !isObject(one?.["requests"])),
    message: "these are guidellm's benchmarks without their requests",
    hint: "run it again with requests in its output (benchmarks.json holds them unless it is told not to)",
  },
  {
    is: ({ object }) =>
      object !== undefined && "img_ids" in object && "input_length" in object && !("output_length" in object),
    message: "this is an offline workload of ServeGen: prompts and their blocks, without times and answers",
    hint: "give a workload with timestamp and output_tokens, as ServeGen's save_requests_to_csv writes it",
  },
  {
    is: ({ columns }) =>
      columns?.includes("num_prefill_tokens") === true &&
      columns.includes("num_decode_tokens") &&
      !columns.includes("arrived_at"),
    message:
      "this is a Vidur trace of lengths: it has no column arrived_at, so that nothing tells when requests come",
    hint: "add arrived_at in seconds",
  },
  {
    is: ({ columns }) => columns?.includes("Request Count") === true && columns.includes("Failure Count"),
    message: "this is Locust's statistics of a test: sums over requests, not requests",
    hint: MEASURED,
  },
  {
    is: ({ text }) => /\bAvg prompt throughput: |\bIteration\(\d+\)/.test(text),
    message: "this is the log of an engine: its steps, not requests",
    hint: "a profile is made of it with surgefleet calibrate",
  },
  {
    is: (first) => isApart(first, ";"),
    message: "its values stand between semicolons, those of a CSV between commas",
    hint: "write it with commas between values, and with points in numbers",
  },
  {
    is: (first) => isApart(first, "\t"),
    message: "its values stand between tabs, those of a CSV between commas",
    hint: "write it with commas between values",
  },
];

/** Whether a line without commas, or one whose commas are in numbers, has three values or more between those marks. */
function isApart({ columns, text }: FirstRecord, mark: string): boolean {
  if (columns === undefined) return false;
  return text.split(mark).length >= 3 && text.replaceAll(/\d,\d/g, "").split(",").length === 1;
}

/** Whether columns are a time and a count, under the names that exports of monitoring give them. */
function isCountHeader(columns: FirstRecord["columns"]): boolean {
  if (columns?.length !== 2) return false;
  const [time = "", count = ""] = columns.map((column) => column.trim().toLowerCase());
  return (
    ["timestamp", "time", "minute", "ts"].includes(time) && ["count", "requests", "value"].includes(count)
  );
}

/** What a first record gives away as no trace of requests; undefined for everything else. */
export function refusalOf(first: FirstRecord): Refusal | undefined {
  const { text, columns, object } = first;
  if (text.startsWith("PAR1")) return PARQUET;
  const names = object === undefined ? (columns ?? []) : Object.keys(object);
  if (names.includes("timestamp_start_unix_ms")) return BASETEN;
  return isServeGen(names) ? SERVEGEN : KNOWN.find(({ is }) => is(first));
}

function isServeGen(columns: readonly string[]): boolean {
  if (columns.includes("window_start_s") && columns.includes("client")) return true;
  if (columns.includes("client") && columns.includes("field") && columns.includes("p50")) return true;
  const [start = "", rate = "", , pattern = ""] = columns;
  const isNumber = (value: string) => value.trim() !== "" && Number.isFinite(Number(value));
  return (
    columns.length === 6 && isNumber(start) && isNumber(rate) && /^(Gamma|Weibull|)$/.test(pattern.trim())
  );
}
