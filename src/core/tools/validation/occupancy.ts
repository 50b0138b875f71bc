// How full a run's engine was over time, from the requests alone: sequences decoding, sequences inside, pages of KV
// reserved. A recorded run and a simulated one are measured by the same rule. Knows no steps.
import type { RunRequest } from "./run-request.js";

/** Adds `weight` from one time to another, in seconds. */
export interface Interval {
  readonly from: number;
  readonly to: number;
  readonly weight: number;
}

/** Sequences that decode: from the first token to the last. */
export function decodingIntervals(requests: readonly RunRequest[]): Interval[] {
  return requests.map(({ firstToken, finish }) => ({ from: firstToken, to: finish, weight: 1 }));
}

/** Sequences inside, prefilling or decoding. */
export function insideIntervals(requests: readonly RunRequest[]): Interval[] {
  return requests.map(({ scheduled, finish }) => ({ from: scheduled, to: finish, weight: 1 }));
}

/** Pages of KV, each of `pageTokens`, reserved for prompt and whole output while a sequence is inside. */
export function pageIntervals(requests: readonly RunRequest[], pageTokens: number): Interval[] {
  return requests.map(({ scheduled, finish, promptTokens, outputTokens }) => ({
    from: scheduled,
    to: finish,
    weight: Math.ceil((promptTokens + outputTokens) / pageTokens),
  }));
}

/** The mean over each of `count` equal bins of the time from `from` to `to`. */
export function binMeans(intervals: readonly Interval[], from: number, to: number, count: number): number[] {
  const width = (to - from) / count;
  const areas = new Array<number>(count).fill(0);
  for (const interval of intervals) {
    const first = Math.max(0, Math.floor((interval.from - from) / width));
    const last = Math.min(count - 1, Math.floor((interval.to - from) / width));
    for (let bin = first; bin <= last; bin++) {
      const start = Math.max(interval.from, from + bin * width);
      const end = Math.min(interval.to, from + (bin + 1) * width);
      areas[bin]! += Math.max(0, end - start) * interval.weight;
    }
  }
  return areas.map((area) => area / width);
}

/** The sum of all weights at each of some rising times. An interval counts at its start and no longer at its end. */
export function levelsAt(intervals: readonly Interval[], times: readonly number[]): number[] {
  const changes = intervals.flatMap(({ from, to, weight }) => [
    { at: from, by: weight },
    { at: to, by: -weight },
  ]);
  changes.sort((a, b) => a.at - b.at);
  let level = 0;
  let next = 0;
  return times.map((time) => {
    for (; next < changes.length && changes[next]!.at <= time; next++) level += changes[next]!.by;
    return level;
  });
}
