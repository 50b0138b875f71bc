// Block lists fit the lengths of their prompts, else it is told.
import { expect, test } from "vitest";
import { seconds } from "../../../../src/core/base/units.js";
import { type ReadTraceOptions, readTrace } from "../../../../src/core/demand/trace/read-trace.js";
import { newTraceReport } from "../../../../src/core/demand/trace/report.js";
import { fittingBlocks, fittingCached } from "../../../../src/core/demand/trace/row-checks.js";
import { told } from "./told.js";

test.each([
  [1024, 2, 2, undefined],
  [1025, 2, 2, undefined],
  [1025, 3, 3, undefined],
  [1024, 3, 2, "repaired"],
  [1536, 2, 2, "assumed"],
  [5, 0, 0, undefined],
])("%d tokens with %d blocks of 512 keep %d", (tokens, given, kept, kind) => {
  const kinds: (string | undefined)[] = [];
  const note = (_: string, __?: number, what = "repaired") => kinds.push(what);
  const blocks = Array.from({ length: given }, (_, index) => index);
  expect(fittingBlocks(blocks, tokens, 512, { note })).toEqual(blocks.slice(0, kept));
  expect(kinds).toEqual(kind === undefined ? [] : [kind]);
});

test.each([
  ["mooncake", '{"timestamp":0,"input_length":5,"output_length":1,"hash_ids":[1,2]}'],
  [
    "bailian",
    '{"chat_id":1,"parent_chat_id":-1,"timestamp":0,"input_length":5,"output_length":1,"hash_ids":[1,2]}',
  ],
  ["weka", '{"id":"a","block_size":8,"requests":[{"t":0,"in":5,"out":1,"hash_ids":[1,2]}]}'],
])("%s counts what it cuts", (_, text) => {
  const report = newTraceReport();
  const [row] = [...readTrace([text], { file: "t" }, report)];
  expect(row?.blocks).toHaveLength(1);
  expect(told(report, "repaired")).toEqual({
    "repaired: block ids beyond the end of their prompt, left out": 1,
  });
});

test("cached tokens are cut to their prompt, which is counted; what is not said stays so", () => {
  const notes: string[] = [];
  const note = (what: string) => notes.push(what);
  expect([-1, 0, 7, 8, 9].map((cached) => fittingCached(cached, 8, { note }))).toEqual([-1, 0, 7, 8, 8]);
  expect(notes).toEqual(["cached tokens above the prompt's length, cut to it"]);
});

type Format = Exclude<ReadTraceOptions["format"], undefined>;

const CACHED = "repaired: cached tokens above the prompt's length, cut to it";
const EARLY_END = "repaired: ends before their request's start, left out";
const EARLY_TOKEN = "repaired: first tokens before their request's start, left out";
const OVERLAP = "repaired: requests that their session sent before the response to the one before ended";

test.each<[format: Format, text: string, found: Record<string, number>, options?: object]>([
  [
    "vllm-bench",
    '{"input_lens":[5,5],"output_lens":[1,1],"cached_tokens":[6,5],"start_times":[0,1]}',
    { [CACHED]: 1 },
  ],
  [
    "guidellm",
    '{"benchmarks":[{"requests":{"successful":[{"request_start_time":1,"prompt_tokens":5,"output_tokens":1,' +
      '"input_metrics":{"cached_tokens":6}}]}}]}',
    { [CACHED]: 1 },
  ],
  [
    "aiperf-records",
    '{"metadata":{"request_start_ns":1e9},"metrics":{"input_sequence_length":{"value":5},' +
      '"output_sequence_length":{"value":1},"usage_prompt_cache_read_tokens":{"value":6}}}',
    { [CACHED]: 1 },
  ],
  [
    "inference-perf",
    '[{"start_time":1,"end_time":2,"error":null,"info":{"input_tokens":5,"output_tokens":1,' +
      '"response_metrics":{"server_usage":{"prompt_tokens_details":{"cached_tokens":6}}}}}]',
    { [CACHED]: 1 },
  ],
  ["chutes", "started_at,it,ot,ct,completed_at\n5000000,5,1,6,6000000", { [CACHED]: 1 }],
  ["chutes", "started_at,it,ot,completed_at\n5000000,5,1,4000000\n6000000,5,1,6000000", { [EARLY_END]: 1 }],
  [
    "guidellm",
    '{"benchmarks":[{"requests":{"successful":[{"request_start_time":9,"prompt_tokens":5,"output_tokens":1,' +
      '"first_token_time":8,"request_end_time":7}]}}]}',
    { [EARLY_END]: 1, [EARLY_TOKEN]: 1 },
  ],
  [
    "inference-perf",
    '[{"start_time":9,"end_time":7,"error":null,"info":{"input_tokens":5,"output_tokens":1,"output_token_times":[8]}}]',
    { [EARLY_END]: 1, [EARLY_TOKEN]: 1 },
  ],
  [
    "aiperf-records",
    '{"metadata":{"request_start_ns":9e9,"request_end_ns":7e9},"metrics":{"input_sequence_length":{"value":5},' +
      '"output_sequence_length":{"value":1}}}',
    { [EARLY_END]: 1 },
  ],
  [
    "vidur-metrics",
    "Request Id,request_inter_arrival_delay,request_num_prefill_tokens,request_num_decode_tokens\n" +
      "0,,5,1\n1,,5,1\n2,1,5,1",
    { "assumed: gaps that are left empty, taken for none": 1 },
  ],
  [
    "weka",
    '{"id":"a","block_size":8,"requests":[{"t":0,"in":5,"out":1,"api_time":9},{"t":1,"in":5,"out":1}]}',
    { [OVERLAP]: 1 },
  ],
  [
    "weka",
    '{"id":"a","block_size":8,"requests":[{"t":0,"in":5,"out":1},{"t":1,"in":5,"out":1,"think_time":99}]}',
    { "repaired: requests that cut pauses move before their session's start, moved to it": 1 },
    { idleCap: seconds(5) },
  ],
])("what %s cuts or puts in place of nothing is counted: %s", (format, text, found, options = {}) => {
  const report = newTraceReport();
  expect([...readTrace([text], { file: "t", format, ...options }, report)].length).toBeGreaterThan(0);
  expect(told(report, "repaired", "assumed")).toMatchObject(found);
});
