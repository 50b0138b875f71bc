// Results of SGLang's serving benchmark with --output-details: one JSON object for each run, one a line. It does not
// say when requests were sent.
import { defineFormat } from "../format.js";
import {
  BENCHMARK,
  BenchRuns,
  forOneReason,
  OF_THE_RUN,
  SAID_BETTER,
  SUMMED_UP,
  summaries,
} from "./bench-lists.js";
import { hasLists } from "./vllm-bench.js";

export const sglangBench = defineFormat({
  name: "sglang-bench",
  summary:
    "results of SGLang's serving benchmark in detail; times of sending follow from `request_rate` and " +
    "`max_concurrency`, since it does not say them",
  recognisedBy: "keys `input_lens`, `output_lens`, `dataset_name`",
  schema:
    "SGLang main of 2026-11 (00f9ec47): `python/sglang/benchmark/serving.py`; before, `bench_serving.py` (0033168f)",
  firstLine:
    '{"backend": B, "dataset_name": D, "request_rate": R, ..., "input_lens": [N], "output_lens": [N]}',
  replay: "open-loop",
  ownClocks: false,
  options: BENCHMARK,
  inversions: "sort",
  zeroOutput: "drop",
  ignored: {
    ...forOneReason(
      "about the run, not about a request",
      "tag backend dataset_name sharegpt_output_len random_input_len random_output_len random_range_ratio server_info",
    ),
    ...forOneReason(
      OF_THE_RUN,
      `${SUMMED_UP} ${summaries(["ttft", "tpot", "itl", "e2e_latency"], ["p90", "p95", "p99"])}`,
    ),
    ...forOneReason(
      OF_THE_RUN,
      "total_input_text_tokens total_input_vision_tokens total_output_tokens_retokenized input_throughput " +
        "total_throughput max_itl_ms concurrency accept_length cache_report",
    ),
    ...SAID_BETTER,
    cached_tokens_details: "where the cached part lay: its length is said beside",
    generated_texts: "text, of which the lengths are said",
  },
  matches: ({ object }) => hasLists(object) && "dataset_name" in object,
  create: (options, context) => new BenchRuns(context, options),
});
