// Which columns a step log may have and by what names: ours, and those that vLLM uses for the same thing. It knows
// headers only, no rows.
import type { Issue } from "../../base/errors.js";
import { nearest } from "../../base/nearest.js";

/** Names by which a column goes, ours first. A name is compared in lower case, with _ for what parts words. */
const COLUMNS = {
  start: ["start_s", "start"],
  gpu: ["gpu_ms", "step_ms_p50", "step_ms", "model_forward_time_milliseconds", "model_forward_time_ms"],
  wall: [
    "duration_ms",
    "iteration_elapsed_time_ms",
    "iteration_elapsed_time",
    "elapsed_ms",
    "model_execute_time_milliseconds",
    "model_execute_time_ms",
  ],
  decoding: ["n_decode", "num_generation_requests", "generation_requests", "num_decodes", "num_running"],
  context: ["sum_context", "sum_seq_lens", "kv_tokens", "kv_tokens_used"],
  kvUsage: ["kv_cache_usage", "kv_cache_usage_perc", "gpu_kv_cache_usage", "gpu_cache_usage_perc"],
  prefillTokens: [
    "prefill_tokens",
    "num_ctx_tokens",
    "context_tokens",
    "num_prefill_tokens",
    "num_prompt_tokens",
  ],
  prefillSequences: ["n_prefill_seqs", "num_ctx_requests", "context_requests", "num_prefills"],
  priorContext: ["prefill_context", "num_computed_tokens", "num_cached_tokens"],
  area: ["prefill_area"],
  rows: ["rows_t", "num_padded_tokens", "num_input_tokens"],
  tokensEach: ["kq"],
  generated: ["num_generation_tokens", "generation_tokens"],
} as const;

export type ColumnId = keyof typeof COLUMNS;

/** Place of each column that the file has. */
export type Places = Readonly<Partial<Record<ColumnId, number>>>;

/** What a column means, and what could stand for it, where a log cannot do without. */
const NEEDED: readonly { readonly any: readonly ColumnId[]; readonly message: string }[] = [
  {
    any: ["gpu", "wall"],
    message:
      'no column has the time of a step: "gpu_ms" or "step_ms_p50" (time on the GPU, milliseconds), ' +
      'or "duration_ms" (wall time), which vLLM calls "iteration elapsed time"',
  },
  {
    any: ["decoding"],
    message:
      'column "n_decode" is missing: sequences that decode in the step; vLLM\'s "num_generation_requests" is the same',
  },
  {
    any: ["prefillTokens"],
    message:
      'column "prefill_tokens" is missing: prompt tokens in the step; vLLM\'s "num_ctx_tokens" is the same',
  },
  {
    any: ["context", "kvUsage"],
    message:
      'column "sum_context" is missing: KV tokens that the decoding sequences read, summed; ' +
      'vLLM\'s "kv_cache_usage" can stand for it, with --kv-tokens for what the cache holds',
  },
];

/** The file's spelling as names are compared: `vllm:KV cache usage` -> `kv_cache_usage`. */
function plain(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/^vllm:/, "")
    .replace(/[\s.-]+/g, "_");
}

/** Finds the columns of a header; columns that nothing needs are passed over. Adds an issue for each fault. */
export function findColumns(header: readonly string[], report: (issue: Omit<Issue, "file">) => void): Places {
  const names = header.map(plain);
  const places: Partial<Record<ColumnId, number>> = {};
  for (const [id, spellings] of Object.entries(COLUMNS)) {
    const found = spellings.find((spelling) => names.includes(spelling));
    if (found === undefined) continue;
    places[id as ColumnId] = names.indexOf(found);
    if (names.indexOf(found) !== names.lastIndexOf(found)) {
      report({ line: 1, column: 1, path: "", message: `column "${found}" stands in the header twice` });
    }
  }
  for (const { any, message } of NEEDED) {
    if (any.some((id) => places[id] !== undefined)) continue;
    const unused = names.filter((_, place) => !Object.values(places).includes(place));
    const meant = any.flatMap((id) => COLUMNS[id].flatMap((name) => nearest(name, unused) ?? []))[0];
    const hint = meant === undefined ? {} : { hint: `is "${meant}" meant?` };
    report({ line: 1, column: 1, path: "", message, ...hint });
  }
  return places;
}
