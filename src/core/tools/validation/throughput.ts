// What a run's engine got through: over the whole run, and over the window in which it was busy, which is what it can
// do. Knows requests, and steps where there is a log of them.
import { binMeans, insideIntervals } from "./occupancy.js";
import type { RunRequest } from "./run-request.js";

export interface Rates {
  /** Length of the time that is counted, in seconds. */
  readonly seconds: number;
  /** Requests that finished. */
  readonly requestsPerSecond: number;
  readonly outputTokensPerSecond: number;
  readonly promptTokensPerSecond: number;
}

export interface Window {
  readonly from: number;
  readonly to: number;
}

/** One step: when it ended, and how many sequences got a further token. */
export interface TokenStep {
  readonly end: number;
  readonly decoding: number;
}

/** From the first arrival to the last finish. */
export function wholeRun(requests: readonly RunRequest[]): Window {
  return {
    from: requests.reduce((first, { arrival }) => Math.min(first, arrival), Number.POSITIVE_INFINITY),
    to: requests.reduce((last, { finish }) => Math.max(last, finish), 0),
  };
}

const BINS = 200;
/** Means of a level that does not move differ by this share at most: which bin comes first must not hang on it. */
const ROUNDING = 1e-9;

/**
 * The window in which the engine is neither filling nor draining. It closes when the last request is scheduled, and
 * opens when as many sequences are inside as are half of the time until then: for a run that comes all at once, when
 * the batch is full, and for arrivals at less than full load, soon.
 */
export function busyWindow(requests: readonly RunRequest[]): Window {
  const { from, to } = wholeRun(requests);
  const closes = requests.reduce((last, { scheduled }) => Math.max(last, scheduled), 0);
  // A run of a few requests has no such window: all of it counts.
  if (closes <= from) return { from, to };
  const inside = binMeans(insideIntervals(requests), from, closes, BINS);
  const median = [...inside].sort((a, b) => a - b)[BINS / 2]!;
  const first = inside.findIndex((level) => level >= median * (1 - ROUNDING));
  return { from: from + ((closes - from) * first) / BINS, to: closes };
}

/**
 * Rates inside a window. A prompt counts evenly from scheduling to the first token. Output tokens count where their
 * steps ended; without steps, evenly from the first token to the last, which is too many where a run first queues and
 * then drains.
 */
export function ratesIn(
  requests: readonly RunRequest[],
  window: Window,
  steps?: readonly TokenStep[],
): Rates {
  const { from, to } = window;
  const holds = (time: number) => time >= from && time <= to;
  const overlap = (start: number, end: number) =>
    end > start
      ? Math.max(0, Math.min(end, to) - Math.max(start, from)) / (end - start)
      : Number(holds(start));
  let finished = 0;
  let prompt = 0;
  let first = 0;
  let further = 0;
  for (const { scheduled, firstToken, finish, promptTokens, outputTokens } of requests) {
    if (holds(finish)) finished++;
    if (holds(firstToken)) first++;
    prompt += promptTokens * overlap(scheduled, firstToken);
    if (steps === undefined) further += (outputTokens - 1) * overlap(firstToken, finish);
  }
  for (const { end, decoding } of steps ?? []) if (holds(end)) further += decoding;
  const seconds = to - from;
  return {
    seconds,
    requestsPerSecond: finished / seconds,
    outputTokensPerSecond: (first + further) / seconds,
    promptTokensPerSecond: prompt / seconds,
  };
}
