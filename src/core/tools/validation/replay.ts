// Runs the requests of a recorded run again, on simulated replicas behind an open door: the same arrivals, lengths and
// cached parts of prompts, nothing refused, and those given up that were given up. Goes through Simulation like every
// other run, so that what is validated is what people use.
import { SurgefleetError } from "../../base/errors.js";
import type { Override } from "../../document/overrides.js";
import type { Seams } from "../../engine/world/seams.js";
import type { ProfileFile } from "../../server/profile/kinds.js";
import { firstAtLeast } from "../../server/profile/rows.js";
import { type DrivenRequest, drive } from "./driven-run.js";
import { type ReplayedEngine, replayedEngine } from "./replayed-engine.js";
import { type Load, loadOf } from "./replayed-load.js";
import { type LostRequest, occupants, type Recording, type Run, type RunRequest } from "./run-request.js";
import { assertFits, assertStepHolds, type EngineSettings, engineScenario } from "./settings.js";

/** One step, in seconds on the clock of the run. */
export interface StepSpan {
  readonly start: number;
  readonly end: number;
}

export interface Replay extends Run {
  /** Of the replica; none where there are several, whose steps overlap. */
  readonly steps: readonly StepSpan[];
  /** What was assumed of the load, a sentence each. */
  readonly notes: readonly string[];
  /** What it was replayed on. */
  readonly engine: ReplayedEngine | undefined;
}

export interface ReplayOptions {
  /** Seconds after which a caller gives up; left out: as those of the recording did that gave up. */
  readonly timeout?: number | undefined;
  /** Laid over the scenario that is replayed, as `--set` does. */
  readonly overrides?: readonly Override[] | undefined;
  /** Where the recording is from, in messages. */
  readonly file?: string | undefined;
  /** For tests that plant a fault. */
  readonly seams?: Seams | undefined;
}

const TRACE = "recorded.csv";

/**
 * Replays a recording. Throws INVALID_PARAMETER where none of it was served, or a request does not fit into the replica
 * at all.
 */
export function replay(
  recording: Omit<Recording, "notes">,
  profile: ProfileFile,
  settings: EngineSettings,
  options: ReplayOptions = {},
): Replay {
  const { requests, notes } = loadOf(recording, options.timeout);
  assertStepHolds(profile, settings);
  assertFits(
    requests.reduce((most, one) => Math.max(most, one.promptTokens + one.outputTokens), 0),
    settings,
    options.file,
  );
  const scenario = engineScenario(profile, settings, { arrivals: { trace: TRACE } }, options.overrides);
  const origin = requests[0]!.arrival;
  const served: RunRequest[] = [];
  const lost: LostRequest[] = [];
  const stepEnds: number[] = [];
  const isAlone = settings.replicas === 1;
  drive(scenario, {
    stepByStep: isAlone,
    readTrace: () => traceOf(requests),
    giveUpAfter: (index) => requests[index]!.giveUpAfter,
    onEnd: (end) => {
      if (end.completed) served[end.index] = servedRequest(end, origin);
      else lost[end.index] = lostRequest(end, origin, requests[end.index]!);
    },
    ...(isAlone && { onStep: (end: number) => stepEnds.push(origin + end) }),
    ...(options.seams && { seams: options.seams }),
  });
  if (served.length === 0) {
    throw new SurgefleetError(
      "INVALID_PARAMETER",
      "every simulated request was given up before it was served",
    );
  }
  // Without the places of the others.
  const run = { served: served.filter(() => true), lost: lost.filter(() => true) };
  return { ...withSteps(run, stepEnds), notes, engine: replayedEngine(scenario.pools["engine"]!) };
}

function servedRequest(end: DrivenRequest, origin: number): RunRequest {
  return {
    arrival: origin + end.arrived,
    promptTokens: end.promptTokens,
    cachedTokens: end.cachedTokens,
    outputTokens: end.generated,
    scheduled: origin + end.started!,
    firstToken: origin + end.firstToken!,
    finish: origin + end.ended,
    inEngine: { firstToken: origin + end.inEngine.firstToken!, finish: origin + end.inEngine.ended },
    longestGap: undefined,
  };
}

function lostRequest(end: DrivenRequest, origin: number, asked: Load): LostRequest {
  const at = (time: number | undefined) => (time === undefined ? undefined : origin + time);
  return {
    arrival: origin + end.arrived,
    promptTokens: end.promptTokens,
    cachedTokens: end.cachedTokens,
    outputTokens: asked.outputTokens,
    outcome: "timed_out",
    scheduled: at(end.started),
    firstToken: at(end.firstToken),
    ended: origin + end.ended,
    inEngine: { firstToken: at(end.inEngine.firstToken), finish: origin + end.inEngine.ended },
  };
}

function* traceOf(requests: readonly Load[]): Generator<string, void, undefined> {
  const hasCached = requests.some(({ cachedTokens }) => cachedTokens > 0);
  yield `timestamp,input_tokens,output_tokens${hasCached ? ",cached_tokens" : ""}\n`;
  for (const { arrival, promptTokens, outputTokens, cachedTokens } of requests) {
    const cached = hasCached ? `,${cachedTokens}` : "";
    yield `${arrival.toFixed(6)},${promptTokens},${outputTokens}${cached}\n`;
  }
}

/**
 * A step starts where the last one ended, or if it was empty then, where the next request is let in; one that was
 * scheduled ahead and that nobody is left for starts where the last one ended, too. A request is scheduled where its
 * first step starts, and waits for a token no longer than the longest step between its first token and its last. All by
 * the engine's own times: what callers are told comes when steps are long over.
 */
function withSteps(run: Run, ends: readonly number[]): Omit<Replay, "notes" | "engine"> {
  const inside = occupants(run);
  const starts = inside.map((request) => request.scheduled).sort((a, b) => a - b);
  const finishes = inside.map((request) => request.finish).sort((a, b) => a - b);
  let started = 0;
  let finished = 0;
  const steps = ends.map((end, index): StepSpan => {
    const last = ends[index - 1] ?? Number.NEGATIVE_INFINITY;
    while (started < starts.length && starts[started]! <= last) started++;
    while (finished < finishes.length && finishes[finished]! <= last) finished++;
    const next = starts[started] ?? end;
    return { start: started > finished || next >= end ? last : next, end };
  });
  const stepStarts = steps.map(({ start }) => start);
  const served = run.served.map((request): RunRequest => {
    const first = firstAtLeast(stepStarts, request.scheduled);
    const { firstToken, finish } = request.inEngine ?? request;
    let longestGap: number | undefined;
    for (let step = firstAtLeast(stepStarts, firstToken); step < steps.length; step++) {
      const { start, end } = steps[step]!;
      if (end > finish) break;
      longestGap = Math.max(longestGap ?? 0, end - start);
    }
    return { ...request, scheduled: steps[first]?.start ?? request.scheduled, longestGap };
  });
  return { served, lost: run.lost, steps };
}
