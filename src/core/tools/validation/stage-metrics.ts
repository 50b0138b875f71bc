// Makes a stage of what vLLM's /metrics shows (Prometheus text; vllm/v1/metrics/loggers.py of 0.9 to 0.27): counters
// and histograms since the engine began, or since a snapshot before. Quantiles lie somewhere in a bucket: they are
// interpolated, as Prometheus does. Knows the metrics, not who shows them.
import { SurgefleetError } from "../../base/errors.js";
import { readLines } from "../../text/lines.js";
import type { TextSource } from "./recording-file.js";
import { openCache, type Percentiles, type Stage } from "./stage.js";

export interface MetricsOptions {
  /** What was shown before the stage; left out: the stage began with the engine. */
  readonly since?: TextSource | undefined;
  /** Length of the stage in seconds, which no snapshot tells. */
  readonly seconds?: number | undefined;
}

/** Label sets are summed: engines and models of one server. */
class Snapshot {
  readonly #values = new Map<string, number>();
  /** Upper bounds and what is below them, of a histogram. */
  readonly #buckets = new Map<string, Map<number, number>>();
  /** Tokens of the cache, of all engines. */
  kvTokens = 0;
  kvEngines = 0;

  constructor({ file, chunks }: TextSource) {
    for (const { text } of readLines(chunks(), file)) this.#take(text);
  }

  #take(text: string): void {
    const [, name, labels = "", digits] = SAMPLE.exec(text) ?? [];
    if (name === undefined) return;
    const value = Number(digits);
    if (name === "cache_config_info") this.#takeConfig(labels);
    const le = /(?:^|,)le="([^"]{1,40})"/.exec(labels)?.[1];
    if (le !== undefined && name.endsWith("_bucket")) {
      const key = name.slice(0, -"_bucket".length);
      const bound = le === "+Inf" ? Number.POSITIVE_INFINITY : Number(le);
      const buckets = this.#buckets.get(key) ?? new Map<number, number>();
      buckets.set(bound, (buckets.get(bound) ?? 0) + value);
      this.#buckets.set(key, buckets);
    } else this.#values.set(name, (this.#values.get(name) ?? 0) + value);
  }

  #takeConfig(labels: string): void {
    const blocks = Number(/(?:^|,)num_gpu_blocks="(\d{1,12})"/.exec(labels)?.[1] ?? 0);
    const tokens = Number(/(?:^|,)block_size="(\d{1,12})"/.exec(labels)?.[1] ?? 0);
    this.kvTokens += blocks * tokens;
    this.kvEngines++;
  }

  value(...names: readonly string[]): number | undefined {
    return names.map((name) => this.#values.get(name)).find((value) => value !== undefined);
  }

  buckets(name: string): ReadonlyMap<number, number> {
    return this.#buckets.get(name) ?? new Map();
  }
}

const SAMPLE = /^vllm:([a-z0-9_]{1,80})(?:\{([^}]{0,4000})\})? ([0-9.eE+-]{1,40}|NaN|\+Inf)(?: \d{1,16})?$/;

/** Whether a text begins like what /metrics shows. */
export function isMetricsText(firstLine: string): boolean {
  return /^(?:# (?:HELP|TYPE) \S|vllm:)/.test(firstLine);
}

/** Throws INVALID_TRACE where vLLM's metrics are not in it, and USAGE where the length of the stage is not given. */
export function readMetricsStage(source: TextSource, { since, seconds }: MetricsOptions): Stage {
  if (seconds === undefined) {
    const message = `${source.file} shows counts since a moment that it does not tell: give --over TIME, such as 10m`;
    throw new SurgefleetError("USAGE", `${message}, and --since FILE for what was shown before`);
  }
  const [now, before] = [new Snapshot(source), since && new Snapshot(since)];
  const grown = (...names: readonly string[]) => {
    const value = now.value(...names);
    return value === undefined ? undefined : value - (before?.value(...names) ?? 0);
  };
  const completed = grown("e2e_request_latency_seconds_count");
  const prompt = meanOf(grown, "request_prompt_tokens");
  const output = meanOf(grown, "request_generation_tokens");
  if (completed === undefined || prompt === undefined || output === undefined || !(completed > 0)) {
    const message =
      "no request has ended in it: vllm:e2e_request_latency_seconds, vllm:request_prompt_tokens and " +
      "vllm:request_generation_tokens are needed";
    const issue = { file: source.file, line: 1, column: 1, path: "", message };
    throw new SurgefleetError("INVALID_TRACE", `${source.file} is not a snapshot of vLLM's metrics`, [issue]);
  }
  const promptTokens = Math.max(1, Math.round(prompt));
  const hits = grown("prefix_cache_hits_total", "gpu_prefix_cache_hits_total");
  const asked = grown("prefix_cache_queries_total", "gpu_prefix_cache_queries_total");
  const share = hits === undefined || asked === undefined ? undefined : asked > 0 ? hits / asked : 0;
  const percentiles = (...names: readonly string[]): Percentiles => {
    const name = names.find((one) => now.buckets(one).size > 0) ?? names[0]!;
    return percentilesOf(meanOf(grown, name), difference(now.buckets(name), before?.buckets(name)));
  };
  const { kvTokens, kvEngines } = now;
  return {
    name: source.file.split(/[/\\]/).at(-1)!,
    model: "",
    arrivals: { kind: "poisson", rate: completed / seconds },
    seconds,
    promptTokens,
    outputTokens: Math.max(1, Math.round(output)),
    cached:
      share === undefined
        ? openCache(promptTokens)
        : [{ label: "as counted", tokens: Math.round(share * promptTokens), applications: undefined }],
    settings: kvTokens > 0 ? { kvTokens: Math.round(kvTokens / kvEngines), replicas: kvEngines } : {},
    recorded: {
      sent: null,
      succeeded: null,
      failed: null,
      ttft: percentiles("time_to_first_token_seconds"),
      tpot: percentiles(
        "request_time_per_output_token_seconds",
        "time_per_output_token_seconds",
        "inter_token_latency_seconds",
      ),
      e2e: percentiles("e2e_request_latency_seconds"),
      outputTokensPerSecond: (grown("generation_tokens_total") ?? 0) / seconds || null,
    },
    notes: [
      `${completed} requests in ${seconds} s: taken as Poisson arrivals of the mean lengths`,
      "quantiles are interpolated within the buckets of vLLM's histograms",
    ],
  };
}

function meanOf(
  grown: (...names: readonly string[]) => number | undefined,
  name: string,
): number | undefined {
  const [sum, count] = [grown(`${name}_sum`), grown(`${name}_count`)];
  return sum === undefined || count === undefined || !(count > 0) ? undefined : sum / count;
}

function difference(
  now: ReadonlyMap<number, number>,
  before: ReadonlyMap<number, number> = new Map(),
): [bound: number, below: number][] {
  return [...now]
    .map(([bound, count]): [number, number] => [bound, count - (before.get(bound) ?? 0)])
    .sort(([a], [b]) => a - b);
}

function percentilesOf(
  mean: number | undefined,
  buckets: readonly (readonly [number, number])[],
): Percentiles {
  const total = buckets.at(-1)?.[1] ?? 0;
  const at = (share: number): number | null => {
    const wanted = share * total;
    const index = buckets.findIndex(([, below]) => below >= wanted);
    if (total <= 0 || index < 0) return null;
    const [to, upTo] = buckets[index]!;
    const [from, upFrom] = buckets[index - 1] ?? [0, 0];
    // Beyond the last bound nothing is known but that it is beyond.
    if (!Number.isFinite(to)) return null;
    return upTo === upFrom ? to : from + ((wanted - upFrom) / (upTo - upFrom)) * (to - from);
  };
  return { mean: mean ?? null, p50: at(0.5), p90: at(0.9), p99: at(0.99) };
}
