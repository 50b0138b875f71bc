// Runs the requests of a recorded run again, on one simulated replica behind an open door: the same arrivals and
// lengths, nothing refused. Goes through Simulation like every other run, so that what is validated is what people use.
import { assert } from "../../base/assert.js";
import { SurgefleetError } from "../../base/errors.js";
import { toSeconds } from "../../base/units.js";
import { checkedScenario } from "../../engine/experiment/simulate.js";
import { Simulation } from "../../engine/experiment/simulation.js";
import type { ScenarioInput } from "../../scenario/schema.js";
import type { ProfileFile } from "../../server/profile/kinds.js";
import { firstAtLeast } from "../../server/profile/rows.js";
import type { RunRequest } from "./run-request.js";

/** How the engine was set. */
export interface EngineSettings {
  readonly maxSequences: number;
  /** Tokens of a step. */
  readonly maxBatchedTokens: number;
  readonly maxPrefillSequences: number;
  readonly kvTokens: number;
}

/** One step, in seconds on the clock of the run. */
export interface StepSpan {
  readonly start: number;
  readonly end: number;
}

export interface Replay {
  /** In the order of the requests given. */
  readonly requests: readonly RunRequest[];
  readonly steps: readonly StepSpan[];
}

const TRACE = "recorded.csv";
const LONGEST = 100_000_000;

/**
 * Replays requests that are sorted by arrival.
 *
 * Throws INVALID_PARAMETER where a request does not fit into the replica at all.
 */
export function replay(
  recorded: readonly RunRequest[],
  profile: ProfileFile,
  settings: EngineSettings,
): Replay {
  assertFits(recorded, settings);
  const origin = recorded[0]!.arrival;
  const requests: (RunRequest | undefined)[] = Array.from({ length: recorded.length });
  const stepEnds: number[] = [];
  const simulation = new Simulation(checkedScenario(scenarioOf(profile, settings)), {
    stepByStep: true,
    readTrace: () => traceOf(recorded),
    onAttempt: (row) => {
      const { request, firstToken, ended, started } = row;
      assert(
        firstToken !== null && ended !== null && started !== null,
        "a replayed request is served to its end",
      );
      requests[request - 1] = {
        arrival: origin + row.arrived,
        promptTokens: row.inputTokens,
        outputTokens: row.outputTokens,
        scheduled: origin + started,
        firstToken: origin + firstToken,
        finish: origin + ended,
        longestGap: undefined,
      };
    },
  });
  for (let steps = 0, over = false; !over; steps = simulation.work.steps) {
    over = simulation.run(1);
    if (simulation.work.steps > steps) stepEnds.push(origin + toSeconds(simulation.now));
  }
  simulation.result();
  return withSteps(requests as RunRequest[], stepEnds);
}

function assertFits(
  recorded: readonly RunRequest[],
  { kvTokens, maxSequences, maxBatchedTokens }: EngineSettings,
) {
  if (maxBatchedTokens < maxSequences) {
    throw new SurgefleetError(
      "INVALID_PARAMETER",
      `a budget of ${maxBatchedTokens} tokens is too small: a step gives each of ${maxSequences} sequences a token`,
    );
  }
  const largest = recorded.reduce((most, one) => Math.max(most, one.promptTokens + one.outputTokens), 0);
  if (largest <= kvTokens) return;
  throw new SurgefleetError(
    "INVALID_PARAMETER",
    `a request of the run needs ${largest} tokens of KV, and the replica has ${kvTokens}`,
  );
}

/** One replica that refuses no request, as a scenario. */
function scenarioOf(profile: ProfileFile, settings: EngineSettings): ScenarioInput {
  return {
    schemaVersion: 1,
    inventory: { gpus: 1 },
    pools: {
      engine: {
        replicas: 1,
        replica: { engine: "batching", profile, ...settings },
        admission: { policy: "none" },
      },
    },
    paths: { standard: { model: "recorded", pool: "engine", rank: 0 } },
    traffic: {
      recorded: { arrivals: { trace: TRACE }, mix: { standard: 1 }, maxInput: LONGEST, maxOutput: LONGEST },
    },
  };
}

function* traceOf(recorded: readonly RunRequest[]): Generator<string, void, undefined> {
  yield "timestamp,input_tokens,output_tokens\n";
  for (const { arrival, promptTokens, outputTokens } of recorded) {
    yield `${arrival.toFixed(6)},${promptTokens},${outputTokens}\n`;
  }
}

/**
 * A step starts where the last one ended, or if it was empty then, where the next request is let in. A request is
 * scheduled where its first step starts, and waits for a token no longer than the longest step between its first token
 * and its last.
 */
function withSteps(requests: readonly RunRequest[], ends: readonly number[]): Replay {
  const starts = requests.map((request) => request.scheduled).sort((a, b) => a - b);
  const finishes = requests.map((request) => request.finish).sort((a, b) => a - b);
  let started = 0;
  let finished = 0;
  const steps = ends.map((end, index): StepSpan => {
    const last = ends[index - 1] ?? Number.NEGATIVE_INFINITY;
    while (started < starts.length && starts[started]! <= last) started++;
    while (finished < finishes.length && finishes[finished]! <= last) finished++;
    return { start: started > finished ? last : starts[started]!, end };
  });
  const stepStarts = steps.map(({ start }) => start);
  const replayed = requests.map((request): RunRequest => {
    const first = firstAtLeast(stepStarts, request.scheduled);
    let longestGap: number | undefined;
    for (let step = firstAtLeast(stepStarts, request.firstToken); step < steps.length; step++) {
      const { start, end } = steps[step]!;
      if (end > request.finish) break;
      longestGap = Math.max(longestGap ?? 0, end - start);
    }
    return { ...request, scheduled: steps[first]?.start ?? request.scheduled, longestGap };
  });
  return { requests: replayed, steps };
}
