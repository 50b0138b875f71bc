// inference-perf's report of requests, `per_request_lifecycle_metrics.json`: a JSON array of objects with times in
// seconds on a clock of the tool. What stands in them depends on the fields that were asked for.
import { shown } from "../../../text/shown.js";
import { defineFormat, type RecordReader, type RowDraft, UNSAID } from "../format.js";
import { IDLE_CAP, PauseClock, type PauseContext, withPauses } from "../pause-clock.js";
import { forOneReason } from "./bench-lists.js";
import { keyColumn, parseObject } from "./json-line.js";
import { isObject, JsonRecord } from "./json-record.js";
import { fillRecorded, outcomeOf, toMicros } from "./recorded-request.js";

const TIME_FIELD = "start_time";
const INPUT = [
  "info.request_metrics.text.input_tokens",
  "computed_metrics.input_tokens",
  "info.input_tokens",
];
const OUTPUT = [
  "info.response_metrics.output_tokens",
  "computed_metrics.output_tokens",
  "info.output_tokens",
];
const TOKEN_TIMES = ["info.response_metrics.output_token_times", "info.output_token_times"];
const CACHED = "info.response_metrics.server_usage.prompt_tokens_details.cached_tokens";

export const inferencePerf = defineFormat({
  name: "inference-perf",
  summary: "inference-perf's report of requests, with first token, end and error",
  recognisedBy:
    "a JSON array of objects with `start_time`, `end_time`, `error` and `info` or `computed_metrics`",
  schema:
    "inference-perf main (010d12fb): `build_per_request_lifecycle_entry` of inference_perf/reportgen/base.py",
  firstLine:
    '[{"start_time": S, "end_time": S, "info": {"request_metrics": {...}, "response_metrics": {...}}, "error": null}',
  replay: "think-time",
  ownClocks: false,
  options: IDLE_CAP,
  inversions: "sort",
  zeroOutput: "drop",
  ignored: {
    ...forOneReason(
      "text, of which the lengths are said",
      "request response info.response_metrics.response_chunks",
    ),
    ...forOneReason(
      "beside what is read, which says the same",
      "info.input_tokens info.output_tokens info.output_token_times computed_metrics.input_tokens " +
        "computed_metrics.output_tokens computed_metrics.time_to_first_token",
    ),
    "info.response_metrics.chunk_times": "chunks hold any number of tokens, whose times are read",
    ...forOneReason(
      "what the server counted, beside the lengths that are read",
      "info.response_metrics.server_usage.prompt_tokens info.response_metrics.server_usage.completion_tokens " +
        "info.response_metrics.server_usage.total_tokens info.response_metrics.server_usage.completion_tokens_details",
    ),
    ...forOneReason(
      "what else a prompt held: the length that the tool gives it is read",
      "info.request_metrics.image info.request_metrics.video info.request_metrics.audio",
    ),
    ...forOneReason("a text for people", "info.extra_info info.labels"),
    ...forOneReason(
      "follows from the times and lengths that are read",
      "computed_metrics.request_latency computed_metrics.normalized_time_per_output_token " +
        "computed_metrics.time_per_output_token computed_metrics.inter_token_latency " +
        "computed_metrics.inter_token_latencies",
    ),
    ...forOneReason(
      "an objective of the tool",
      "computed_metrics.ttft_slo_sec computed_metrics.tpot_slo_sec",
    ),
    "info.lora_adapter": "adapters are not modelled",
  },
  matches: ({ object }) =>
    object !== undefined &&
    ["start_time", "end_time", "error"].every((key) => key in object) &&
    ("info" in object || "computed_metrics" in object),
  create: (options, context) => new LifecycleRows(withPauses(context, options)),
});

class LifecycleRows implements RecordReader {
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
    const micros = toMicros(record.amount(TIME_FIELD));
    const firstToken = this.#firstToken(micros);
    if (record.said(...INPUT) === undefined) {
      record.reject(
        "info.request_metrics",
        "is missing: the length of the prompt is not said",
        "report.request_lifecycle.per_request_fields.info must be on",
      );
    }
    draft.clock = "seconds";
    const request = {
      micros,
      inputTokens: record.countOf(...INPUT),
      outputTokens: Math.max(0, record.countOf(...OUTPUT)),
      cachedTokens: record.countOf(CACHED),
      firstTokenMicros: firstToken,
      endedMicros: toMicros(record.amount("end_time")),
      outcome: outcomeOf(this.#error()),
      session: record.name("session_id"),
    };
    fillRecorded(draft, request, this.#context);
    draft.thinkMicros = this.#pauses.pauseBefore(draft.session, draft.micros);
    this.#pauses.ended(draft.session, draft.endedMicros);
    if (record.good) record.tellUnread(this.#context.ignored);
    return record.good;
  }

  timeColumn(text: string): number {
    return keyColumn(text, TIME_FIELD);
  }

  #firstToken(micros: number): number {
    const record = this.#record;
    for (const path of TOKEN_TIMES) {
      const times = record.value(path);
      const first: unknown = Array.isArray(times) ? times[0] : undefined;
      if (typeof first === "number" && first >= 0) return toMicros(first);
    }
    const took = record.amountOf("computed_metrics.time_to_first_token");
    return took < 0 ? UNSAID : micros + toMicros(took);
  }

  #error(): string {
    const error = this.#record.value("error") ?? undefined;
    if (error === undefined) return "";
    if (!isObject(error)) return "failed";
    return `${this.#record.name("error.error_type")} ${this.#record.name("error.error_msg")}`;
  }
}
