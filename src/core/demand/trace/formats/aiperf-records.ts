// AIPerf's records of requests, `profile_export.jsonl`: one JSON object for each, written when it ended, with times in
// nanoseconds since 1970 and what was measured with a unit beside each value.
import { MICROS_PER_SECOND } from "../../../base/units.js";
import { shown } from "../../../text/shown.js";
import { defineFormat, type RecordReader, type RowDraft, UNSAID } from "../format.js";
import { IDLE_CAP, PauseClock, type PauseContext, withPauses } from "../pause-clock.js";
import { keyColumn, parseObject } from "./json-line.js";
import { isObject, JsonRecord, told } from "./json-record.js";
import { fillRecorded, outcomeOf, type RecordedRequest } from "./recorded-request.js";

const TIME_FIELD = "metadata.request_start_ns";
const PER_SECOND: Readonly<Record<string, number>> = { sec: 1, s: 1, ms: 1e3, us: 1e6, ns: 1e9 };

export const aiperfRecords = defineFormat({
  name: "aiperf-records",
  summary:
    "AIPerf's records of requests with first token, end and error; a session is a conversation of its client",
  recognisedBy: "a JSON object with `metadata.request_start_ns` and `metrics`",
  schema: "AIPerf main (13992dbd): `MetricRecordInfo`, docs/tutorials/working-with-profile-exports.md",
  firstLine:
    '{"metadata": {"request_start_ns": NS, "request_end_ns": NS, ...}, "metrics": {...}, "error": null}',
  replay: "think-time",
  ownClocks: false,
  options: IDLE_CAP,
  inversions: "sort",
  zeroOutput: "drop",
  ignored: {
    "metadata.*": "names, and how the tool handled it: sessions and times are those that are read",
    "metadata.request_end_ns": "read where request_latency does not say when the last token came",
    "error.*": "its type and message tell how it ended",
    trace_data: "times within the connection; of the request they are read",
    "metrics.*": "follows from the times and lengths that are read, or says them once more",
  },
  matches: ({ object }) => isObject(object?.["metadata"]) && "request_start_ns" in object["metadata"],
  create: (options, context) => new AiperfRows(withPauses(context, options)),
});

class AiperfRows implements RecordReader {
  readonly firstLineIsRow = true;
  readonly timeField = TIME_FIELD;
  readonly #context: PauseContext;
  readonly #record: JsonRecord;
  readonly #pauses: PauseClock;

  constructor(context: PauseContext) {
    this.#context = context;
    this.#record = new JsonRecord(context.complain);
    this.#pauses = new PauseClock(context);
  }

  read(text: string, draft: RowDraft): boolean {
    const object = parseObject(text);
    const record = this.#record;
    record.open(object ?? {}, text);
    if (object === undefined) record.reject("", `${shown(text)} is not a JSON object`);
    if (!record.good) return false;
    const request = this.#request();
    if (!record.good) return false;
    draft.clock = "a date with offset";
    fillRecorded(draft, request, this.#context);
    const phase = record.name("metadata.benchmark_phase");
    if (phase !== "" && phase !== "profiling") {
      draft.dropped = "outside the measurement: its benchmark_phase is another than profiling";
    }
    draft.thinkMicros = this.#pauses.pauseBefore(draft.session, draft.micros);
    this.#pauses.ended(draft.session, draft.endedMicros);
    if (record.good) record.tellUnread(this.#context.ignored);
    return record.good;
  }

  timeColumn(text: string): number {
    return keyColumn(text, "request_start_ns");
  }

  #request(): RecordedRequest {
    const record = this.#record;
    const micros = Math.round(record.amount(TIME_FIELD) / 1000);
    const firstToken = this.#seconds("time_to_first_token");
    const latency = this.#seconds("request_latency");
    // To the last token, where it is said: the end on the clock is when the connection was done.
    const ended = latency >= 0 ? UNSAID : record.amountOf("metadata.request_end_ns");
    const error = this.#error();
    const output = record.countOf("metrics.output_sequence_length.value", "metrics.output_token_count.value");
    return {
      micros,
      inputTokens: Math.max(
        0,
        record.countOf("metrics.input_sequence_length.value", "metrics.error_isl.value"),
      ),
      outputTokens: Math.max(0, output),
      cachedTokens: record.countOf("metrics.usage_prompt_cache_read_tokens.value"),
      firstTokenMicros: firstToken < 0 ? UNSAID : micros + Math.round(firstToken * MICROS_PER_SECOND),
      endedMicros: latency >= 0 ? micros + Math.round(latency * MICROS_PER_SECOND) : microsOf(ended),
      outcome: outcomeOf(error),
      session: record.name("metadata.x_correlation_id"),
    };
  }

  /** Text of the error, "" for none. */
  #error(): string {
    const error = this.#record.value("error") ?? undefined;
    const cancelled = this.#record.value("metadata.was_cancelled") === true;
    if (cancelled) this.#context.note("requests that the tool cancelled");
    if (error === undefined) return cancelled ? "cancelled" : "";
    return `${this.#record.name("error.type")} ${this.#record.name("error.message")}`;
  }

  /** What was measured, in seconds whatever its unit; UNSAID where it is not there. */
  #seconds(metric: string): number {
    const record = this.#record;
    const value = record.amountOf(`metrics.${metric}.value`);
    if (value < 0) return UNSAID;
    const unit = record.value(`metrics.${metric}.unit`) ?? "ms";
    const perSecond = typeof unit === "string" ? PER_SECOND[unit] : undefined;
    if (perSecond !== undefined) return value / perSecond;
    return record.reject(
      `metrics.${metric}.unit`,
      `${told(unit)}, but must be one of ${Object.keys(PER_SECOND).join(", ")}`,
    );
  }
}

function microsOf(nanos: number): number {
  return nanos < 0 ? UNSAID : Math.round(nanos / 1000);
}
