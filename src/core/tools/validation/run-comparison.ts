// A recorded run beside its replay: rates, waits and speeds, batch and memory over time. Knows requests and steps, not
// how either was come by, nor how it is shown.
import { type Compared, type ComparedDistribution, compared, comparedDistribution } from "./compared.js";
import { binMeans, decodingIntervals, type Interval, levelsAt, pageIntervals } from "./occupancy.js";
import { firstTokenByPrompt, type Group, pairsOf, tokenTimeByBatch } from "./pairs.js";
import type { RecordedSteps } from "./recorded-steps.js";
import type { Replay } from "./replay.js";
import {
  endToEnd,
  occupants,
  type Run,
  type RunRequest,
  timePerToken,
  timeToFirstToken,
} from "./run-request.js";
import type { EngineSettings } from "./settings.js";
import { busyWindow, type Rates, ratesIn, type TokenStep, type Window, wholeRun } from "./throughput.js";

/** Rates per second, and the seconds they were counted in. */
export type ComparedRates = { readonly [Rate in keyof Rates]: Compared };

export interface History {
  /** Mean of each bin; bins are equal parts of the recorded run. */
  readonly recorded: readonly number[];
  readonly simulated: readonly number[];
}

export interface RunComparison {
  /** All that were sent. */
  readonly requests: number;
  readonly settings: EngineSettings;
  /** How many were served, and how many were given up or failed. What follows is of those that were served. */
  readonly outcomes: { readonly served: Compared; readonly lost: Compared };
  /** Over the whole run. */
  readonly throughput: ComparedRates;
  /** While the engine was busy: neither filling nor draining. */
  readonly capacity: ComparedRates;
  /** Distributions over requests, in seconds. */
  readonly ttft: ComparedDistribution;
  readonly tpot: ComparedDistribution;
  readonly e2e: ComparedDistribution;
  readonly longestGap: ComparedDistribution;
  /**
   * Share of the recorded time to first token that was waiting for a place; about 1 in overload. Where the recording
   * does not say when requests were scheduled, all that the simulated ones did not compute: not what these waited, by
   * which a model that is too slow would excuse itself.
   */
  readonly waitShare: number;
  /** Mean time per token in thirds of the requests, by how many sequences decoded beside them. */
  readonly tpotByBatch: readonly Group[];
  /** Mean time to first token in thirds of the requests, by the prompt tokens that had to be computed. */
  readonly ttftByPrompt: readonly Group[];
  readonly binSeconds: number;
  /** Sequences decoding, over steps; recorded is null without the log of steps, simulated with several replicas. */
  readonly batch: ComparedDistribution & { readonly history: History };
  /** Pages of KV reserved, over time. */
  readonly kvPages: {
    readonly pageTokens: number;
    readonly mean: Compared;
    readonly most: Compared;
    readonly history: History;
  };
  /** Recorded is null without the log of steps, simulated with several replicas. */
  readonly steps: { readonly perSecond: Compared; readonly meanMillis: Compared };
}

const BINS = 24;
const PAGE_TOKENS = 64;
const MILLIS = 1000;

/** `log` is that of the recorded run's steps, if there is one. */
export function compareRun(
  recording: Run,
  replay: Omit<Replay, "notes" | "engine">,
  settings: EngineSettings,
  log: RecordedSteps | undefined,
): RunComparison {
  const recorded = recording.served;
  const simulated = replay.served;
  // A log of steps has those in it, too, that were lost; without one nothing is known of them.
  const inside = log ? occupants(replay) : simulated;
  const distribution = (measure: (request: RunRequest) => number | undefined) =>
    comparedDistribution(defined(recorded.map(measure)), defined(simulated.map(measure)));
  const batch = levelsAt(
    decodingIntervals(occupants(replay)),
    replay.steps.map(({ start }) => start),
  );
  const tokens = replay.steps.map(({ end }, step) => ({ end, decoding: batch[step]! }));
  const rates = (window: (run: readonly RunRequest[]) => Window): ComparedRates =>
    comparedRates(
      ratesIn(recorded, window(recorded), log && tokenSteps(log)),
      ratesIn(simulated, window(simulated), log && tokens),
    );
  const pairs = pairsOf(recorded, simulated);
  const length = (run: readonly RunRequest[]) => wholeRun(run).to - wholeRun(run).from;
  return {
    requests: recorded.length + recording.lost.length,
    settings,
    outcomes: {
      served: compared(recorded.length, simulated.length),
      lost: compared(recording.lost.length, replay.lost.length),
    },
    throughput: rates(wholeRun),
    capacity: rates(busyWindow),
    ttft: distribution(timeToFirstToken),
    tpot: distribution(timePerToken),
    e2e: distribution(endToEnd),
    longestGap: distribution((request) => request.longestGap),
    waitShare: waitShare(recorded, simulated),
    tpotByBatch: tokenTimeByBatch(pairs),
    ttftByPrompt: firstTokenByPrompt(pairs),
    binSeconds: length(recorded) / BINS,
    batch: {
      ...comparedDistribution(log ? [...log.decoding] : [], batch),
      history: batchHistory(recorded, inside, log),
    },
    kvPages: comparePages(recorded, inside, log),
    steps: {
      perSecond: compared(
        log ? log.start.length / length(recorded) : null,
        replay.steps.length === 0 ? null : replay.steps.length / length(simulated),
      ),
      meanMillis: compared(
        log ? mean([...log.duration]) : null,
        MILLIS * mean(replay.steps.map(({ start, end }) => end - start)),
      ),
    },
  };
}

function waitShare(recorded: readonly RunRequest[], simulated: readonly RunRequest[]): number {
  const isTold = recorded.some(({ arrival, scheduled }) => scheduled > arrival);
  const computing = (isTold ? recorded : simulated).map(
    ({ scheduled, firstToken }) => firstToken - scheduled,
  );
  return Math.max(0, 1 - mean(computing) / mean(recorded.map(timeToFirstToken)));
}

function comparedRates(recorded: Rates, simulated: Rates): ComparedRates {
  const of = (name: keyof Rates) => compared(recorded[name], simulated[name]);
  return {
    seconds: of("seconds"),
    requestsPerSecond: of("requestsPerSecond"),
    outputTokensPerSecond: of("outputTokensPerSecond"),
    promptTokensPerSecond: of("promptTokensPerSecond"),
  };
}

function batchHistory(
  recorded: readonly RunRequest[],
  simulated: readonly RunRequest[],
  log: RecordedSteps | undefined,
): History {
  const { from, to } = wholeRun(recorded);
  const measured = log ? stepIntervals(log, log.decoding) : decodingIntervals(recorded);
  return {
    recorded: binMeans(measured, from, to, BINS),
    simulated: binMeans(decodingIntervals(simulated), from, to, BINS),
  };
}

function comparePages(
  recorded: readonly RunRequest[],
  simulated: readonly RunRequest[],
  log: RecordedSteps | undefined,
): RunComparison["kvPages"] {
  const { from, to } = wholeRun(recorded);
  const reserved = pageIntervals(recorded, PAGE_TOKENS);
  const modelled = pageIntervals(simulated, PAGE_TOKENS);
  const history = {
    recorded: binMeans(log?.pages ? stepIntervals(log, log.pages) : reserved, from, to, BINS),
    simulated: binMeans(modelled, from, to, BINS),
  };
  return {
    pageTokens: PAGE_TOKENS,
    mean: compared(mean(history.recorded), mean(history.simulated)),
    most: compared(log?.pages ? most(log.pages) : mostAtOnce(reserved), mostAtOnce(modelled)),
    history,
  };
}

/** Each step holds its value for as long as it took. */
function stepIntervals({ start, duration }: RecordedSteps, values: Float64Array): Interval[] {
  return [...start].map((from, step) => ({
    from,
    to: from + duration[step]! / MILLIS,
    weight: values[step]!,
  }));
}

function tokenSteps({ start, duration, decoding }: RecordedSteps): TokenStep[] {
  return [...start].map((from, step) => ({
    end: from + duration[step]! / MILLIS,
    decoding: decoding[step]!,
  }));
}

function mostAtOnce(intervals: readonly Interval[]): number {
  const starts = intervals.map(({ from }) => from).sort((a, b) => a - b);
  return most(levelsAt(intervals, starts));
}

function most(values: Iterable<number>): number {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, value);
  return largest;
}

function defined(values: readonly (number | undefined)[]): number[] {
  return values.filter((value) => value !== undefined);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}
