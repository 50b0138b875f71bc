// guidellm's benchmarks.json: one JSON document with a benchmark for each load that was tried, and in each its requests
// by how they ended. Times are seconds since 1970.
import { shown } from "../../../text/shown.js";
import { defineFormat, type ReadContext, type RecordReader, type RowDraft } from "../format.js";
import type { RowOutcome } from "../row.js";
import { BENCHMARK, forOneReason } from "./bench-lists.js";
import { parseObject } from "./json-line.js";
import { isObject, type JsonObject, JsonRecord } from "./json-record.js";
import { fillRecorded, outcomeOf, type RecordedRequest, toMicros } from "./recorded-request.js";

/** By how they ended; of those that were cut off by the end of their benchmark it is not known. */
const LISTS = ["successful", "errored", "incomplete"] as const;
const START = [
  "info.timings.request_start",
  "request_start_time",
  "info.timings.resolve_start",
  "start_time",
];
const END = ["info.timings.request_end", "request_end_time", "info.timings.resolve_end", "end_time"];
const FIRST_TOKEN = [
  "info.timings.first_token_iteration",
  "info.timings.first_iteration",
  "first_token_time",
];
const INPUT = ["input_metrics.total_tokens", "input_metrics.text_tokens", "prompt_tokens"];
const OUTPUT = ["output_metrics.total_tokens", "output_metrics.text_tokens", "output_tokens"];

export const guidellm = defineFormat({
  name: "guidellm",
  summary:
    "guidellm's benchmarks, all of a file one after the other, with first tokens, ends and errors of requests",
  recognisedBy: "a JSON object with `benchmarks` that have `requests`",
  schema:
    "guidellm main (31c74ea2): `GenerativeRequestStats` of src/guidellm/schemas; 0.2 and 0.3 by their field names",
  firstLine:
    '{"metadata": {...}, "benchmarks": [{"requests": {"successful": [...], "errored": [...], "incomplete": [...]}}]}',
  replay: "open-loop",
  ownClocks: false,
  options: BENCHMARK,
  inversions: "sort",
  zeroOutput: "drop",
  ignored: {
    ...forOneReason("about the run, not about a request", "type_ metadata args benchmarks[].*"),
    "benchmarks[].requests.*": "the lists of how requests ended hold them all",
    "requests[].*": "a name, a text, or what follows from the times and lengths that are read",
    ...forOneReason(
      "a part of the tokens that are read, or no tokens",
      "requests[].input_metrics.* requests[].output_metrics.*",
    ),
    "requests[].info.*":
      "how the tool handled it, or its place in a conversation: times are those at which it was sent and answered",
  },
  matches: ({ object }) => benchmarksOf(object).some((benchmark) => isObject(benchmark["requests"])),
  create: (options, context) => new GuidellmReader(context, options),
});

function benchmarksOf(document: JsonObject | undefined): readonly JsonObject[] {
  const list = document?.["benchmarks"];
  return Array.isArray(list) ? list.filter(isObject) : [];
}

class GuidellmReader implements RecordReader {
  readonly firstLineIsRow = true;
  readonly timeField = "request_start";
  readonly #context: ReadContext;
  readonly #record: JsonRecord;
  /** The benchmark to be read, 0 for all. */
  readonly #wanted: number;
  #requests: readonly RecordedRequest[] = [];
  #next = 0;

  constructor(context: ReadContext, { benchmark = 0 }: { readonly benchmark?: number }) {
    this.#context = context;
    this.#record = new JsonRecord(context.complain);
    this.#wanted = benchmark;
  }

  read(text: string, draft: RowDraft): boolean {
    const document = parseObject(text);
    this.#record.open(document ?? {}, text);
    const benchmarks = benchmarksOf(document);
    if (document === undefined) this.#record.reject("", `${shown(text)} is not a JSON object`);
    else if (benchmarks.length === 0)
      this.#record.reject("benchmarks", "must be a list of benchmarks with requests");
    else if (this.#wanted > benchmarks.length) {
      this.#record.reject(
        "benchmarks",
        `has ${benchmarks.length} entries: there is no benchmark ${this.#wanted}`,
      );
    }
    if (!this.#record.good) return false;
    this.#record.value("benchmarks");
    this.#record.tellUnread(this.#context.ignored);
    if (benchmarks.length > 1 && this.#wanted === 0) {
      const what = `the file holds ${benchmarks.length} benchmarks`;
      this.#context.warn(`${what}, which are read one after the other: benchmark chooses one`);
    }
    const read = benchmarks.map((benchmark, index) =>
      this.#wanted === 0 || this.#wanted === index + 1 ? this.#benchmark(benchmark, index, text) : [],
    );
    this.#requests = read.flat().sort((one, other) => one.micros - other.micros);
    this.#next = 0;
    return this.more(draft);
  }

  more(draft: RowDraft): boolean {
    const request = this.#requests[this.#next++];
    if (request === undefined) return false;
    draft.clock = "a date with offset";
    fillRecorded(draft, request, this.#context);
    return true;
  }

  timeColumn(): number {
    return 1;
  }

  #benchmark(benchmark: JsonObject, place: number, text: string): RecordedRequest[] {
    this.#record.open(benchmark, text);
    const lists = LISTS.map((list) => this.#record.value(`requests.${list}`));
    this.#record.tellUnread(this.#context.ignored, "benchmarks[].");
    return LISTS.flatMap((list, at) => {
      const requests = lists[at];
      if (!Array.isArray(requests)) return [];
      return requests.flatMap((request, index) => {
        const within = `benchmarks[${place}].requests.${list}[${index}]`;
        this.#record.open(isObject(request) ? request : {}, text, `${within}.`);
        const read = this.#request(list, place);
        return this.#record.good && read !== undefined ? [read] : [];
      });
    });
  }

  /** Undefined for a request that was never sent. */
  #request(list: (typeof LISTS)[number], place: number): RecordedRequest | undefined {
    const record = this.#record;
    if (record.said(...START) === undefined) {
      if (list === "successful") record.reject(START[0]!, "is missing");
      else this.#context.note("requests that were not sent, left out");
      return undefined;
    }
    const output = record.countOf(...OUTPUT);
    const request = {
      micros: toMicros(record.amountOf(...START)),
      inputTokens: Math.max(0, record.countOf(...INPUT)),
      outputTokens: Math.max(0, output >= 0 ? output : record.countOf("info.timings.token_iterations")),
      cachedTokens: record.countOf("input_metrics.cached_tokens"),
      firstTokenMicros: toMicros(record.amountOf(...FIRST_TOKEN)),
      endedMicros: toMicros(record.amountOf(...END)),
      outcome: this.#outcome(list),
      session: this.#session(place),
    };
    if (record.good) record.tellUnread(this.#context.ignored, "requests[].");
    return request;
  }

  /** Conversations of a benchmark are sessions, and each agent within one has a context of its own. */
  #session(place: number): string {
    const conversation = this.#record.name("info.conversation_id");
    if (conversation === "") return "";
    const agent = this.#record.name("info.agent_id");
    const session = agent === "" ? conversation : `${conversation} ${agent}`;
    return place === 0 ? session : `${session}#${place + 1}`;
  }

  #outcome(list: (typeof LISTS)[number]): RowOutcome {
    if (list === "successful") return "completed";
    if (list === "errored")
      return outcomeOf(this.#record.name("info.error") || this.#record.name("error") || "failed");
    this.#context.note("requests under way when their benchmark ended, kept with the output so far");
    return "";
  }
}
