// The texts of inputs that are no fixtures of other tests.

/** One source, one path, one pool: no order of keys says anything. */
export const RUN = `schemaVersion: 1
name: small
duration: 2s
inventory: { gpus: 2 }
pools:
  shared:
    replicas: 1
    replica: { engine: slots, slots: 4, tokensPerSecond: 100 }
    admission: { policy: tail-drop, maxQueue: 3, queueTimeout: 1s }
paths:
  standard: { model: m, pool: shared, rank: 0, price: { input: 0.2, cached: 0.1, output: 0.2 } }
limits:
  requests: 600/min
traffic:
  calls:
    arrivals: { process: poisson, rate: 5/s }
    input: { dist: lognormal, median: 10, sigma: 0.5 }
    output: 20
    mix: { standard: 100% }
    client: openai-node-6
thresholds:
  "overloaded_rate{tier:standard,per:attempt}": ["rate<99%"]
`;

/** FILE stands for the trace and what is said of it. */
export const REPLAY = RUN.replace("duration: 2s\n", "")
  .replace(/ {4}arrivals:.*\n.*\n.*\n/, "    arrivals: { trace: FILE }\n")
  .replace("paths:\n", "paths:\n  priority: { model: m, serviceTier: priority, pool: shared, rank: 0 }\n")
  .replace("rank: 0, price", "rank: 1, price")
  .replace(/thresholds:\n.*\n/, "");

const step = (index: number, context: number, decoding: number, millis: string) =>
  `(EngineCore_DP0 pid=7) INFO 11-30 13:00:0${index} [loggers.py:182] Engine 000: Iteration(${index}): ` +
  `1 context requests, ${context} context tokens, ${decoding} generation requests, ${decoding} generation tokens, ` +
  `iteration elapsed time: ${millis} ms, GPU KV cache usage: ${index}.5%\n`;
export const STEP_LOG = [
  "(APIServer pid=1) INFO 11-30 12:59:00 [api_server.py:1] vLLM API server version 0.27.1\n",
  "(EngineCore_DP0 pid=7) INFO 11-30 12:59:30 [kv_cache_utils.py:1319] GPU KV cache size: 458,128 tokens\n",
  step(0, 512, 0, "21.75"),
  step(1, 0, 4, "9.25"),
  step(2, 256, 8, "14.50"),
].join("");

export const STAGES =
  "model,load,rate_per_s,duration_s,output_tokens,prompt_tokens_mean,cached_tokens_mean,max_num_seqs,sent,succeeded," +
  "failed,ttft_mean_s,ttft_p50_s,e2e_p50_s,tpot_mean_s\n" +
  "m,chat,2,5,20,100,50,16,10,10,0,0.02,0.02,0.16,0.007\nm,chat,3,5,20,100,50,16,15,15,0,0.02,0.02,0.16,0.007\n";

const LABELS = 'engine="0",model_name="m"';
const histogram = (name: string, buckets: readonly (readonly [string, number])[], sum: number) =>
  [
    `# TYPE vllm:${name} histogram`,
    ...buckets.map(([le, count]) => `vllm:${name}_bucket{${LABELS},le="${le}"} ${count}.0`),
    `vllm:${name}_count{${LABELS}} 40.0`,
    `vllm:${name}_sum{${LABELS}} ${sum}`,
    "",
  ].join("\n");
/** After vllm/v1/metrics/loggers.py. */
export const METRICS = [
  `vllm:num_requests_running{${LABELS}} 3.0\n`,
  `vllm:cache_config_info{block_size="16",engine="0",num_gpu_blocks="27500"} 1.0\n`,
  `vllm:prefix_cache_queries_total{${LABELS}} 12000.0\nvllm:prefix_cache_hits_total{${LABELS}} 3000.0\n`,
  `vllm:generation_tokens_total{${LABELS}} 2000.0\n`,
  histogram("request_prompt_tokens", [["+Inf", 40]], 12_000),
  histogram("request_generation_tokens", [["+Inf", 40]], 2000),
  ...[
    histogram(
      "e2e_request_latency_seconds",
      [
        ["0.5", 20],
        ["1.0", 40],
        ["+Inf", 40],
      ],
      20,
    ),
    histogram(
      "time_to_first_token_seconds",
      [
        ["0.02", 0],
        ["0.04", 40],
        ["+Inf", 40],
      ],
      1.2,
    ),
    histogram(
      "request_time_per_output_token_seconds",
      [
        ["0.01", 40],
        ["+Inf", 40],
      ],
      0.32,
    ),
  ],
].join("");

/** The same server when all of that has come once more. */
export const METRICS_LATER = METRICS.replace(
  /^(vllm:(?!num_requests|cache_config)\S+) ([\d.]+)$/gm,
  (_, name, value) => `${name} ${2 * Number(value)}`,
);
/** What `vllm bench serve` writes without details. */
export const SUMMARY = JSON.stringify({
  backend: "vllm",
  model_id: "m",
  num_prompts: 20,
  request_rate: 5,
  burstiness: 1,
  max_concurrency: null,
  duration: 4.5,
  completed: 20,
  failed: 0,
  total_input_tokens: 2000,
  total_output_tokens: 400,
  request_throughput: 4.4,
  output_throughput: 88.9,
  mean_ttft_ms: 20,
  median_ttft_ms: 19,
  p99_ttft_ms: 40,
  mean_tpot_ms: 7,
  median_tpot_ms: 7,
  p99_tpot_ms: 9,
});

const VALUES = [
  [1_700_000_000, "3"],
  [1_700_000_060, "4"],
  [1_700_000_120, "2"],
];
export const PROMETHEUS = JSON.stringify({
  status: "success",
  data: { resultType: "matrix", result: [{ metric: { job: "vllm" }, values: VALUES }] },
});

export const ROOFLINE = {
  schemaVersion: 1,
  name: "own",
  kind: "roofline",
  estimate: true,
  source: "a datasheet",
  gpu: "h100",
  gpus: 1,
  host: { step: 0.2, prefill: 0.15, perSequence: 0.001 },
  rows: { decode: [1, 2, 4, 8, 16, 32], mixed: [1, 2, 4, 8, 16, 32] },
  node: { maxSequences: 128, maxBatchedTokens: 2048 },
  model: {
    source: "a public config.json",
    layers: 32,
    hidden: 4096,
    vocabulary: 32_000,
    intermediate: 11_008,
    attention: { kind: "gqa", heads: 32, kvHeads: 32, headSize: 128 },
    bytes: { weight: 2, cache: 2 },
    precision: "bf16",
  },
};
