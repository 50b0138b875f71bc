// Runs of the serving benchmarks of vLLM and SGLang: one JSON object for each run, with a list for each thing that was
// measured and an entry in it for each request. Where it does not say when requests were sent, that is worked out from
// how it was told to send them. It does not know the two tools' names.

import type * as z from "zod";
import { MICROS_PER_SECOND } from "../../../base/units.js";
import { count } from "../../../document/units.js";
import { openStream } from "../../../random/stream.js";
import { shown } from "../../../text/shown.js";
import { type ReadContext, type RecordReader, type RowDraft, UNSAID } from "../format.js";
import { parseObject } from "./json-line.js";
import { isCount, JsonRecord, told } from "./json-record.js";
import { fillRecorded, outcomeOf, type RecordedRequest, toMicros } from "./recorded-request.js";
import { sendTimes } from "./send-times.js";

/** The option of formats of which a file may hold several runs. */
export const BENCHMARK = {
  benchmark: count(1, 1_000_000)
    .exactOptional()
    .describe("Which of the runs in the file to read, from 1; default: all, one after the other."),
} satisfies z.ZodRawShape;

export const OF_THE_RUN = "what the run came to as a whole, which rows say one by one";
/** What both tools say of a run as a whole, as names with blanks between them. */
export const SUMMED_UP =
  "duration total_input_tokens total_output_tokens request_throughput output_throughput total_token_throughput " +
  "max_output_tokens_per_s max_concurrent_requests";

/** Fields with blanks between them that nothing is made of for the same reason. */
export function forOneReason(reason: string, fields: string): Record<string, string> {
  return Object.fromEntries(fields.split(" ").map((field) => [field, reason]));
}

/** Names of the tools' summaries of what was measured of each request. */
export function summaries(measures: readonly string[], percentiles: readonly string[]): string {
  const kinds = ["mean", "median", "std", ...percentiles];
  return measures.flatMap((measure) => kinds.map((kind) => `${kind}_${measure}_ms`)).join(" ");
}

const HOW_SENT = "how the tool was told to send requests: start_times say when it did";
/** What is read of both tools only where they do not say the like of it of each request. */
export const SAID_BETTER = {
  ...forOneReason(
    HOW_SENT,
    "request_rate burstiness max_concurrency ramp_up_strategy ramp_up_start_rps ramp_up_end_rps",
  ),
  itls: "read where latencies do not say how long a request took",
};

const TIME_FIELD = "start_times";
const LISTS = ["output_lens", "ttfts", "itls", "latencies", TIME_FIELD, "errors", "cached_tokens"] as const;

type Lists = Readonly<Partial<Record<(typeof LISTS)[number], readonly unknown[]>>>;

/** Requests of one run but for when they were sent, with how long they took in seconds: UNSAID where it is not said. */
interface Measured {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedTokens: number;
  readonly firstToken: number;
  readonly seconds: number;
  readonly error: string;
}

export class BenchRuns implements RecordReader {
  readonly firstLineIsRow = true;
  readonly timeField = TIME_FIELD;
  readonly #context: ReadContext;
  readonly #record: JsonRecord;
  /** The run to be read, 0 for all. */
  readonly #wanted: number;
  #runs = 0;
  /** Whether how long a request of the run took was added up from its gaps between tokens. */
  #usesGaps = false;
  #requests: readonly RecordedRequest[] = [];
  #next = 0;
  /** Where the next run begins, behind the end of the one before. */
  #base = 0;

  constructor(context: ReadContext, { benchmark = 0 }: { readonly benchmark?: number }) {
    this.#context = context;
    this.#record = new JsonRecord(context.complain);
    this.#wanted = benchmark;
  }

  get settledUntil(): number {
    return this.#base;
  }

  read(text: string, draft: RowDraft): boolean {
    const run = parseObject(text);
    this.#requests = [];
    this.#next = 0;
    this.#record.open(run ?? {}, text);
    if (run === undefined) this.#record.reject("", `${shown(text)} is not a JSON object`);
    this.#runs++;
    if (run === undefined || (this.#wanted > 0 && this.#runs !== this.#wanted)) return false;
    const measured = this.#measured();
    const starts = this.#record.good ? this.#starts(measured) : [];
    if (!this.#record.good) return false;
    this.#tellUnread();
    if (this.#runs === 2 && this.#wanted === 0) {
      this.#context.warn(
        "the file holds several runs, which are read one after the other: benchmark chooses one",
      );
    }
    this.#place(measured, starts);
    return this.more(draft);
  }

  more(draft: RowDraft): boolean {
    const request = this.#requests[this.#next++];
    if (request === undefined) return false;
    draft.clock = "seconds";
    fillRecorded(draft, request, this.#context);
    return true;
  }

  timeColumn(): number {
    return 1;
  }

  #tellUnread(): void {
    this.#record.tellUnread(this.#context.ignored);
    const gaps = this.#record.value("itls") ?? undefined;
    if (gaps !== undefined && !this.#usesGaps) this.#context.ignored("itls");
  }

  #measured(): Measured[] {
    this.#usesGaps = false;
    const inputs = this.#list("input_lens", undefined);
    if (inputs === undefined) this.#record.reject("input_lens", "is missing: a run in detail has it");
    const entries = LISTS.map((name) => [name, this.#list(name, inputs?.length)]);
    const lists = Object.fromEntries(entries) as Lists;
    if (inputs !== undefined && lists.output_lens === undefined) {
      this.#record.reject("output_lens", "is missing: how much was generated is not said");
    }
    if (!this.#record.good || inputs === undefined) return [];
    const measured = inputs.map((input, index) => ({
      inputTokens: this.#count("input_lens", index, input),
      outputTokens: this.#count("output_lens", index, lists.output_lens?.[index]),
      cachedTokens:
        lists.cached_tokens === undefined
          ? UNSAID
          : this.#count("cached_tokens", index, lists.cached_tokens[index]),
      firstToken: this.#seconds("ttfts", index, lists.ttfts?.[index]),
      seconds: this.#length(lists, index),
      error: typeof lists.errors?.[index] === "string" ? (lists.errors[index] as string) : "",
    }));
    const answered = measured.filter(isAnswered).length;
    const completed = this.#record.value("completed");
    if (typeof completed === "number" && completed !== answered) {
      this.#context.warn(`the file says ${completed} completed requests, but lists ${answered}`);
    }
    return measured;
  }

  /** How long a request took: as it is said, else to its first token and from token to token. */
  #length(lists: Lists, index: number): number {
    const said = this.#seconds("latencies", index, lists.latencies?.[index]);
    if (said > 0) return said;
    const first = this.#seconds("ttfts", index, lists.ttfts?.[index]);
    const gaps = lists.itls?.[index];
    if (first <= 0 || gaps === undefined || gaps === null) return UNSAID;
    if (!Array.isArray(gaps)) return this.#record.reject(`itls[${index}]`, "must be a list of seconds");
    this.#usesGaps = true;
    return gaps.reduce((sum: number, gap) => sum + Math.max(0, this.#seconds("itls", index, gap)), first);
  }

  #starts(measured: readonly Measured[]): number[] {
    const said = this.#record.value(TIME_FIELD);
    if (Array.isArray(said)) {
      const starts = said.map((start, index) => this.#seconds(TIME_FIELD, index, start));
      if (starts.includes(UNSAID) && this.#record.good)
        this.#record.reject(TIME_FIELD, "must be a list of seconds");
      const first = starts.reduce((least, start) => Math.min(least, start), Number.POSITIVE_INFINITY);
      return starts.map((start) => start - first);
    }
    return this.#workedOut(measured);
  }

  /** Times of sending that the file does not say. */
  #workedOut(measured: readonly Measured[]): number[] {
    const rate = this.#rate();
    const concurrency = this.#positive("max_concurrency", Number.POSITIVE_INFINITY);
    const drawn = rate !== Number.POSITIVE_INFINITY;
    const burstiness = drawn ? this.#positive("burstiness", 1) : 1;
    if (!this.#record.good) return [];
    if (drawn && measured.length > 1) {
      const how = burstiness === 1 ? "" : ` and burstiness ${burstiness}`;
      this.#context.warn(
        `start_times is not in the file: times of sending are drawn anew at its request_rate of ${rate}/s${how}`,
      );
    }
    if (concurrency !== Number.POSITIVE_INFINITY) {
      this.#context.warn(
        "start_times is not in the file: times of sending are worked out so that " +
          `${concurrency} requests at most were under way`,
      );
    } else if (!drawn) this.#context.warn("request_rate is inf: all requests were sent at once");
    // Where nothing gives chance the times are those of seed 1, so that whoever only reads the file can.
    const stream = this.#context.stream ?? openStream("1", "trace/send-times");
    return sendTimes(
      { rate, burstiness, concurrency },
      measured.map(({ seconds }) => seconds),
      stream,
    );
  }

  #rate(): number {
    const rate = this.#record.value("request_rate");
    const hint = "run the benchmark with a version that writes start_times, or replay the trace that it sent";
    if (this.#record.said("ramp_up_strategy") !== undefined) {
      this.#record.reject("ramp_up_strategy", "the rate was ramped and start_times is not in the file", hint);
    } else if (rate === "inf" || rate === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
    else if (typeof rate === "number" && rate > 0) return rate;
    else if (rate === "trace") {
      this.#record.reject(
        "request_rate",
        "requests were sent at the times of a trace, which are not in this file",
        hint,
      );
    } else {
      this.#record.reject(
        "request_rate",
        `${told(rate)}, and start_times is missing: nothing tells when requests were sent`,
        hint,
      );
    }
    return UNSAID;
  }

  /** A number above 0, or what stands for one that is not given. */
  #positive(key: string, unsaid: number): number {
    const value = this.#record.value(key) ?? unsaid;
    if (typeof value === "number" && value > 0) return value;
    return this.#record.reject(key, `${told(value)}, but must be a number above 0`);
  }

  #place(measured: readonly Measured[], starts: readonly number[]): void {
    const base = this.#base;
    let end = base;
    const requests = measured.map((request, index): RecordedRequest => {
      const micros = base + Math.round(starts[index]! * MICROS_PER_SECOND);
      const { inputTokens, outputTokens, cachedTokens, firstToken, seconds, error } = request;
      const endedMicros = seconds < 0 ? UNSAID : micros + toMicros(seconds);
      end = Math.max(end, micros, endedMicros);
      return {
        ...{ micros, inputTokens, outputTokens, cachedTokens, endedMicros, session: "" },
        firstTokenMicros: firstToken <= 0 ? UNSAID : micros + toMicros(firstToken),
        outcome: error === "" && !isAnswered(request) ? "failed" : outcomeOf(error),
      };
    });
    this.#requests = requests.sort((one, other) => one.micros - other.micros);
    this.#base = end;
  }

  #list(name: string, length: number | undefined): readonly unknown[] | undefined {
    const list = this.#record.value(name) ?? undefined;
    if (list === undefined) return undefined;
    if (!Array.isArray(list)) this.#record.reject(name, "must be a list with an entry for each request");
    else if (list.length === (length ?? list.length)) return list;
    else this.#record.reject(name, `has ${list.length} entries, but input_lens has ${length}`);
    return undefined;
  }

  #count(name: string, index: number, value: unknown): number {
    if (isCount(value)) return value;
    return this.#record.reject(`${name}[${index}]`, `${told(value)}, but must be a whole number of tokens`);
  }

  /** UNSAID, silently, for what is absent or null. */
  #seconds(name: string, index: number, value: unknown): number {
    if (value === undefined || value === null) return UNSAID;
    if (typeof value === "number" && value >= 0 && Number.isFinite(value)) return value;
    return this.#record.reject(`${name}[${index}]`, `${told(value)}, but must be seconds from 0 up`);
  }
}

function isAnswered({ error, outputTokens }: Measured): boolean {
  return error === "" && outputTokens > 0;
}
