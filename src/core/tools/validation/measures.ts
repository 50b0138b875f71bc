// The measures of a compared run in the order in which reports list them, with their words. Knows neither text nor
// pages.
import * as format from "../../report/text/format.js";
import type { Compared, ComparedDistribution } from "./compared.js";
import type { RunComparison } from "./run-comparison.js";

export interface Measure {
  /** Dotted path in the document, by which bounds name it. */
  readonly path: string;
  readonly label: string;
  readonly value: Compared;
  readonly show: (value: number) => string;
}

const rate = (value: number) => format.number(value, 4);
const seconds = (value: number) => format.time(value);

export function measuresOf(run: RunComparison): Measure[] {
  const { outcomes, throughput, capacity, ttft, tpot, e2e, longestGap, batch, steps, kvPages } = run;
  const measure = (path: string, label: string, value: Compared, show: Measure["show"] = rate): Measure => ({
    path,
    label,
    value,
    show,
  });
  return [
    ...(isLossy(run)
      ? [
          measure("outcomes.served", "requests served", outcomes.served, format.count),
          // Of a few that are lost, an error is no share of anything.
          measure("outcomes.lost", "requests lost", { ...outcomes.lost, error: null }, format.count),
        ]
      : []),
    measure("throughput.outputTokensPerSecond", "output tokens/s", throughput.outputTokensPerSecond),
    measure("throughput.promptTokensPerSecond", "prompt tokens/s", throughput.promptTokensPerSecond),
    measure("throughput.requestsPerSecond", "requests/s", throughput.requestsPerSecond),
    measure("capacity.outputTokensPerSecond", "busy: output tokens/s", capacity.outputTokensPerSecond),
    measure("capacity.promptTokensPerSecond", "busy: prompt tokens/s", capacity.promptTokensPerSecond),
    measure("capacity.requestsPerSecond", "busy: requests/s", capacity.requestsPerSecond),
    ...percentiles("ttft", "time to first token", ttft, seconds),
    ...percentiles("tpot", "time per token", tpot, seconds),
    ...percentiles("e2e", "end to end", e2e, seconds),
    ...percentiles("longestGap", "longest gap", longestGap, seconds),
    measure("batch.mean", "batch mean", batch.mean),
    ...percentiles("batch", "batch", batch, rate),
    measure("steps.perSecond", "steps/s", steps.perSecond),
    measure("steps.meanMillis", "mean step", steps.meanMillis, (value) => format.time(value / 1000)),
    measure("kvPages.mean", "KV pages, mean", kvPages.mean),
    measure("kvPages.most", "KV pages, most", kvPages.most),
  ];
}

/** Of a distribution, those that are compared. */
export function percentiles(
  path: string,
  label: string,
  distribution: ComparedDistribution,
  show: Measure["show"],
): Measure[] {
  return (["p50", "p90", "p99"] as const).map((key) => ({
    path: `${path}.${key}`,
    label: `${label} ${key}`,
    value: distribution[key],
    show,
  }));
}

/** Whether either side has requests that were not served. */
function isLossy({ outcomes: { lost } }: RunComparison): boolean {
  return (lost.recorded ?? 0) + (lost.simulated ?? 0) > 0;
}

/** How the replica was set. */
export function settingsText({ settings }: Pick<RunComparison, "settings">): string {
  const { replicas, maxSequences, maxBatchedTokens, maxPrefillSequences, kvTokens } = settings;
  const several = replicas === 1 ? "" : `${replicas} replicas of `;
  return (
    `${several}at most ${maxSequences} sequences and ${format.count(maxBatchedTokens)} tokens a step, ` +
    `${maxPrefillSequences} prefilling, KV of ${format.count(kvTokens)} tokens`
  );
}

/** Of a group of requests or tokens: one number where all have the same. */
export function rangeText({ from, to }: { readonly from: number; readonly to: number }): string {
  return from === to ? format.count(from) : `${format.count(from)} to ${format.count(to)}`;
}
