// Records of benchmark tools and of other simulators, and conversations: every value of a sample, when it says something
// else, changes the rows or what is told of them, is refused, or is told as ignored with a reason; every field that a
// format ignores is told by its path where a file has it. Fails where a reader takes a value and makes nothing of it, and
// where it passes over one untold: try it by asking for all spellings of a length in JsonRecord.said.
import { describe, expect, test } from "vitest";
import type { TraceFormat } from "../../../../src/core/demand/trace/format.js";
import { formatNamed } from "../../../../src/core/demand/trace/formats/formats.js";
import { type Json, read, toldIn, untold } from "./changed-parts.js";
import type { IN_PARTS } from "./sampled-formats.js";

const tokens = (value: number) => ({ value, unit: "tokens" });
const millis = (value: number) => ({ value, unit: "ms" });
const AIPERF = [
  {
    metadata: {
      request_start_ns: 1e12,
      request_end_ns: 2e12,
      x_correlation_id: "s",
      benchmark_phase: "profiling",
      was_cancelled: false,
      worker_id: "w",
    },
    metrics: {
      input_sequence_length: tokens(9),
      output_sequence_length: tokens(5),
      output_token_count: tokens(5),
      time_to_first_token: millis(100),
      request_latency: millis(900),
      usage_prompt_cache_read_tokens: tokens(3),
      error_isl: tokens(9),
    },
    error: null,
  },
  {
    metadata: { request_start_ns: 3e12, request_end_ns: 4e12, benchmark_phase: "profiling" },
    metrics: { error_isl: tokens(9), output_token_count: tokens(5) },
    error: { code: 499, type: "E", message: "timed out", cause: "c" },
  },
  {
    metadata: { request_start_ns: 5e12, request_end_ns: 6e12 },
    metrics: { error_isl: tokens(9), output_token_count: tokens(5) },
    error: { type: "Timeout", message: "e" },
  },
];

const timings = {
  targeted_start: 1,
  resolve_start: 2,
  request_start: 3,
  first_token_iteration: 4,
  request_end: 6,
};
const GUIDELLM = {
  type_: "generative_benchmarks_report",
  metadata: { version: 1 },
  benchmarks: [
    {
      type_: "generative_benchmark",
      config: { strategy: 1 },
      requests: {
        successful: [
          {
            request_id: "a",
            info: {
              status: "completed",
              conversation_id: "c",
              agent_id: "a",
              timings: { ...timings, resolve_end: 7, first_iteration: 5, token_iterations: 9 },
            },
            input_metrics: { text_tokens: 128, cached_tokens: 64, total_tokens: 128 },
            output_metrics: { text_tokens: 12, total_tokens: 12 },
            prompt_tokens: 128,
            output_tokens: 12,
            request_start_time: 3,
            request_end_time: 6,
          },
          { prompt_tokens: 10, output_tokens: 4, start_time: 10, first_token_time: 11, end_time: 12 },
        ],
        errored: [
          {
            info: { error: "Timeout", timings: { resolve_start: 3, resolve_end: 6 } },
            prompt_tokens: 5,
            output_tokens: 1,
          },
          {
            error: "Timeout",
            request_start_time: 3,
            prompt_tokens: 5,
            output_tokens: 1,
            request_end_time: 9,
          },
        ],
        incomplete: [
          {
            info: { timings: { request_start: 3, first_iteration: 4, token_iterations: 5 } },
            prompt_tokens: 5,
          },
          { request_start_time: 4, input_metrics: { text_tokens: 5 }, output_metrics: { text_tokens: 6 } },
        ],
      },
    },
  ],
};

const INFERENCE_PERF = [
  {
    start_time: 1,
    end_time: 9,
    session_id: "s",
    request: "hello",
    info: {
      input_tokens: 9,
      output_tokens: 5,
      output_token_times: [2, 8],
      request_metrics: { text: { input_tokens: 9 } },
      response_metrics: {
        output_tokens: 5,
        output_token_times: [2, 8],
        server_usage: { prompt_tokens: 9, prompt_tokens_details: { cached_tokens: 3 } },
      },
      lora_adapter: "a",
    },
    computed_metrics: { input_tokens: 9, output_tokens: 5, time_to_first_token: 1 },
    error: null,
  },
  {
    start_time: 2,
    end_time: 9,
    info: { input_tokens: 9, output_tokens: 5, output_token_times: [3] },
    error: { error_type: "Timeout", error_msg: "e" },
  },
  {
    start_time: 3,
    end_time: 9,
    computed_metrics: { time_to_first_token: 1, input_tokens: 9, output_tokens: 2 },
    error: { error_type: "E", error_msg: "timed out" },
  },
];

const CHAT = [
  {
    id: "x",
    model: "m",
    conversation: [{ role: "user", content: "c" }],
    conversations: [
      { from: "human", value: "hi", role: "user", content: "hi" },
      { from: "gpt", value: "hello", role: "assistant" },
    ],
  },
  {
    conversation: [
      { role: "user", content: "hi", from: null },
      { role: "assistant", content: "hello" },
    ],
  },
  {
    conversation: [
      { from: "user", value: "hi", role: "x", content: "y" },
      { from: "gpt", value: "hello" },
    ],
  },
];

const LISTS = {
  input_lens: [10, 20],
  output_lens: [5, 6],
  ttfts: [0.5, 0.25],
  itls: [[0.5], [0.25]],
  errors: ["", "Timeout"],
  cached_tokens: [1, 2],
};
const SENT = {
  ...LISTS,
  completed: 1,
  start_times: [1, 5],
  latencies: [3, 3],
  request_rate: 2,
  backend: "b",
};
const DRAWN = { ...LISTS, request_rate: 2, burstiness: 0.5, max_concurrency: 1 };
const AT_ONCE = { ...LISTS, request_rate: "inf", burstiness: 0.5, max_concurrency: 1 };

/** Files of each format, each of one record or more. */
const SAMPLES: Readonly<Record<(typeof IN_PARTS.recorded)[number], readonly (readonly Json[])[]>> = {
  "aiperf-records": [AIPERF],
  "chat-text": CHAT.map((one) => [one]),
  guidellm: [[GUIDELLM]],
  "inference-perf": [INFERENCE_PERF],
  "sglang-bench": [SENT, DRAWN].map((run) => [{ ...run, dataset_name: "d" }]),
  "vllm-bench": [[SENT], [DRAWN]],
};
const OPTIONS = { zeroOutput: "keep", sessionStarts: { rate: 1 } } as const;
const optionsOf = (name: string) => (name === "chat-text" ? OPTIONS : { zeroOutput: "keep" as const });

/** The objects of a document into which a field of that path belongs, made where they are missing. */
function placesOf(document: Json, path: string): { [key: string]: Json }[] {
  const keys = path.split(".").slice(0, -1);
  if (keys[0] === "requests[]") keys.splice(0, 1, "benchmarks[]", "requests", "successful[]");
  let parts = [document];
  for (const key of keys) {
    const name = key.replace("[]", "");
    parts = parts.flatMap((part): Json[] => {
      if (typeof part !== "object" || part === null || Array.isArray(part)) return [];
      if (key.endsWith("[]")) return Array.isArray(part[name]) ? part[name] : [];
      part[name] ??= {};
      return [part[name]];
    });
  }
  return parts.filter((part) => typeof part === "object" && part !== null && !Array.isArray(part)) as never;
}

/** The documents with a field in each object where it belongs, but for those that have it. */
function withField(documents: readonly Json[], path: string): Json[] {
  const copy = structuredClone(documents) as Json[];
  const key = path.split(".").at(-1)!;
  for (const part of copy.flatMap((document) => placesOf(document, path))) part[key] ??= 7;
  return copy;
}

describe.each(Object.entries(SAMPLES))("%s", (name, files) => {
  const format = formatNamed(name) as TraceFormat;
  const options = optionsOf(name);

  test("is what the samples are", () => {
    for (const documents of files) expect(read(documents, options).report.format).toBe(name);
  });

  test("has no value that may be any without a word", () => {
    expect(files.map((documents) => untold(documents, options))).toEqual(files.map(() => []));
  });

  test.each(Object.keys(format.ignored))("tells %s, with its reason", (field) => {
    const path = field.replace("*", "any");
    const whys = files.flatMap((file) => [
      ...file.map((document) => toldIn(withField([document], path), options)[path]),
    ]);
    expect(whys).toContain(format.ignored[field]);
  });

  test("tells what is no field of it", () => {
    for (const documents of files) {
      expect(toldIn(withField(documents, "xtra_0"), options)["xtra_0"]).toBe("no field of the format");
    }
  });
});

test("a burstiness without a rate to draw at is told", () => {
  expect(toldIn([AT_ONCE], { zeroOutput: "keep" })).toHaveProperty("burstiness");
});

test("gaps between tokens are told where nothing is made of them, and only there", () => {
  expect(toldIn([SENT], { zeroOutput: "keep" })).toHaveProperty("itls");
  expect(toldIn([DRAWN], { zeroOutput: "keep" })).not.toHaveProperty("itls");
});
