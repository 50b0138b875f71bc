// What a stored result must look like before anything is computed from it: a file may have been edited, cut off or
// written by another program. Checks the parts that reports and comparisons read; unknown keys pass.
import { z } from "zod";

const count = z.number();
const measured = z.number().nullable();

const statistics = ["mean", "min", "max", "p1", "p5", "p25", "p50", "p75", "p90", "p95", "p99"] as const;
const summary = z.looseObject({
  count,
  exact: z.boolean(),
  ...(Object.fromEntries(statistics.map((name) => [name, measured])) as Record<
    (typeof statistics)[number],
    typeof measured
  >),
});

const interval = {
  low: measured,
  high: measured,
  n: count,
  method: z.enum(["replications", "batches", "zero-events", "too-few", "none"]),
};

const cost = z.looseObject({ input: count, cached: count, output: count, total: count });

const tier = z.looseObject({
  tier: z.string(),
  attempts: count,
  outcomes: z.record(z.string(), count),
  reasons: z.record(z.string(), count),
  requests: z.looseObject({ offered: count, completed: count, failed: count, givenUp: count, open: count }),
  retries: z.record(z.string(), count),
  hedges: count,
  clientRejected: count,
  wastedPrefillTokens: count,
  wastedDecodeTokens: count,
  overloadedRate: measured,
  rateLimitedRate: measured,
  unavailableRate: measured,
  amplification: measured,
  failureRate: measured,
  giveUpRate: measured,
  ttft: summary,
  tokensPerSecond: summary,
  latency: summary,
  queueWait: summary,
  inputTokens: count,
  cachedTokens: count,
  outputTokens: count,
  throughput: count,
  cost: cost.nullable(),
});

const pool = z.looseObject({
  pool: z.string(),
  profile: z.string().nullable(),
  estimate: z.boolean(),
  replicas: count,
  gpus: count,
  slots: count,
  slotsBusyMean: measured,
  kvUsedMean: measured,
  kvPeak: measured,
  kvTokens: measured,
  queuedMean: measured,
  preemptions: count,
  lostTokens: count,
});

const session = z.looseObject({
  source: z.string(),
  started: count,
  finished: count,
  abandoned: count,
  open: count,
  duration: summary,
  requests: summary,
  costPerFinished: measured,
  abandonRate: measured,
});

const account = z.looseObject({
  account: z.string().nullable(),
  accounts: count,
  attempts: count,
  completed: count,
  rateLimited: count,
  overloaded: count,
  unavailable: count,
  inputTokens: count,
  cachedTokens: count,
  outputTokens: count,
  cost: measured,
});

const distribution = z.looseObject({
  tier: z.string(),
  measure: z.enum(["ttft", "tokensPerSecond", "latency", "inputTokens", "outputTokens"]),
  edges: z.array(count),
  counts: z.array(count),
});

const recovery = z.looseObject({
  trigger: z.looseObject({ from: count, until: count }),
  window: count,
  share: count,
  goodputBefore: measured,
  goodputDuring: measured,
  goodputAfter: measured,
  recoveryTime: measured,
  verdict: z.enum(["recovered", "stuck", "unknown"]),
});

const bins = z.array(count);

const seriesShape = z.looseObject({
  interval: count,
  tiers: z.array(
    z.looseObject({
      tier: z.string(),
      attempts: bins,
      completed: bins,
      rateLimited: bins,
      overloaded: bins,
      unavailable: bins,
      outputTokens: bins,
    }),
  ),
  pools: z.array(
    z.looseObject({ pool: z.string(), replicas: bins, queued: bins, slotsBusy: bins, kvUsed: bins }),
  ),
});

/** All but the history, which may lie in a file of its own. */
export const resultShape = z.looseObject({
  scenario: z.string(),
  description: z.string(),
  seed: z.string(),
  partial: z.boolean(),
  time: z.looseObject({ simulated: count, warmup: count, measured: count, offeredRate: measured }),
  tiers: z.array(tier),
  all: tier,
  pools: z.array(pool),
  sessions: z.array(session),
  distributions: z.array(distribution),
  accounts: z.array(account),
  recovery: recovery.nullable(),
  series: seriesShape.optional(),
  thresholds: z.array(
    z.looseObject({
      metric: z.string(),
      expression: z.string(),
      verdict: z.enum(["pass", "fail", "inconclusive", "no-data"]),
      observed: measured,
      ...interval,
    }),
  ),
  confidence: count,
  judgedAt: count,
  estimates: z.array(
    z.looseObject({
      metric: z.string(),
      aggregation: z.string(),
      unit: z.enum(["share", "seconds", "tokens_per_second", "count", "dollars", "ratio"]),
      better: z.enum(["lower", "higher", "none"]),
      value: measured,
      ...interval,
    }),
  ),
  replications: z.array(
    z.looseObject({ seed: z.string(), values: z.array(measured), weights: z.array(count) }),
  ),
  work: z.looseObject({ events: count, steps: count, epochs: count }),
});
