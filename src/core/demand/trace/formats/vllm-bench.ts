// Results of `vllm bench serve --save-result --save-detailed`: one JSON object for each run, appended runs one a line.
import { defineFormat, type FirstRecord } from "../format.js";
import {
  BENCHMARK,
  BenchRuns,
  forOneReason,
  OF_THE_RUN,
  SAID_BETTER,
  SUMMED_UP,
  summaries,
} from "./bench-lists.js";

export const vllmBench = defineFormat({
  name: "vllm-bench",
  summary:
    "results of vLLM's serving benchmark in detail: lengths, first tokens, ends of requests; without `start_times` " +
    "their times follow from `request_rate`, `burstiness` and `max_concurrency`",
  recognisedBy: "keys `input_lens`, `output_lens` without `dataset_name`",
  schema:
    "vLLM main of 2026-11 (commit 009e6d4a): the result of `vllm/benchmarks/serve.py`; older versions have fewer lists",
  firstLine:
    '{"date": D, "backend": B, "request_rate": R, ..., "input_lens": [N], "output_lens": [N], "ttfts": [S]}',
  replay: "open-loop",
  ownClocks: false,
  options: BENCHMARK,
  inversions: "sort",
  zeroOutput: "drop",
  ignored: {
    ...forOneReason(
      "about the run, not about a request",
      "date endpoint_type backend label model_id tokenizer_id num_prompts",
    ),
    ...forOneReason(OF_THE_RUN, `${SUMMED_UP} ${summaries(["ttft", "tpot", "itl", "e2el"], ["p99"])}`),
    ...forOneReason(
      OF_THE_RUN,
      "failed request_goodput rtfx rps_change_events spec_decode_acceptance_rate spec_decode_acceptance_length " +
        "spec_decode_num_drafts spec_decode_draft_tokens spec_decode_accepted_tokens " +
        "spec_decode_per_position_acceptance_rates",
    ),
    ...SAID_BETTER,
    queue_times: "for how long the tool held a request back: times are those at which it was sent",
    generated_texts: "text, of which the lengths are said",
  },
  matches: ({ object }) => hasLists(object) && !("dataset_name" in object),
  create: (options, context) => new BenchRuns(context, options),
});

/** Whether an object is a run of a benchmark with what was measured of each request. */
export function hasLists(object: FirstRecord["object"]): object is NonNullable<FirstRecord["object"]> {
  return object !== undefined && Array.isArray(object["input_lens"]) && Array.isArray(object["output_lens"]);
}
