// Tiny scenarios for the tests of this folder: one server that makes one token a second, and requests at stated times,
// so that everything that happens can be worked out by hand.
import type { Followed } from "../../../src/core/engine/measured-window.js";
import {
  type AttemptRow,
  parseScenario,
  type RunResult,
  type Scenario,
  type ScenarioInput,
  Simulation,
} from "../../../src/core/index.js";

/** One request. It takes as many seconds as it has output tokens once it has started. */
export interface Call {
  /** Seconds after the first call. */
  readonly at: number;
  readonly output: number;
  readonly input?: number;
  readonly tier?: string;
  readonly model?: string;
  readonly account?: string;
}

type Pool = ScenarioInput["pools"][string];
type Source = ScenarioInput["traffic"][string];

export interface TinyChanges {
  readonly pool?: Partial<Pool>;
  readonly traffic?: Partial<Source>;
  readonly more?: Partial<ScenarioInput>;
  readonly followed?: Followed;
}

const LOSS = { policy: "tail-drop", maxQueue: 0 } as const;

export function tinyScenario({ pool, traffic, more }: TinyChanges = {}): ScenarioInput {
  return {
    schemaVersion: 1,
    inventory: { gpus: 10 },
    pools: {
      shared: {
        replicas: 1,
        replica: { engine: "slots", slots: 1, tokensPerSecond: 1 },
        admission: LOSS,
        ...pool,
      },
      fast: { replicas: 1, replica: { engine: "slots", slots: 1, tokensPerSecond: 2 }, admission: LOSS },
    },
    paths: {
      standard: { model: "kimi", pool: "shared", rank: 1 },
      priority: { model: "kimi", serviceTier: "priority", pool: "shared", rank: 0 },
      fast: { model: "kimi-fast", pool: "fast", rank: 0 },
    },
    traffic: { calls: { arrivals: { trace: "calls.csv" }, mix: { standard: 1 }, ...traffic } as Source },
    ...more,
  };
}

export const waiting = (maxQueue: number, queueTimeout = "100s") =>
  ({ policy: "tail-drop", maxQueue, queueTimeout }) as const;

export function traceOf(calls: readonly Call[]): string {
  const lines = calls.map(({ at, input = 10, output, account = "", model = "", tier = "" }) =>
    [at, input, output, account, model, tier].join(),
  );
  return ["timestamp,input_tokens,output_tokens,account,model,tier", ...lines, ""].join("\n");
}

export interface TinyRun {
  readonly result: RunResult;
  readonly attempts: readonly AttemptRow[];
}

/** Runs to the end, or only so many events. */
export function play(calls: readonly Call[], changes: TinyChanges = {}, events?: number): TinyRun {
  const scenario: Scenario = parseScenario(tinyScenario(changes));
  const attempts: AttemptRow[] = [];
  const simulation = new Simulation(scenario, {
    readTrace: () => [traceOf(calls)],
    onAttempt: (row) => attempts.push({ ...row }),
    followed: changes.followed,
  });
  simulation.run(events);
  return { result: simulation.result({ partial: events !== undefined }), attempts };
}

/** "2: overloaded displaced, 1 to 3": request, outcome, reason, and seconds of arrival and end. */
export function lives({ attempts }: TinyRun): string[] {
  return [...attempts]
    .sort((a, b) => a.request - b.request || a.attempt - b.attempt)
    .map(({ request, outcome, reason, arrived, started, ended }) => {
      const why = reason === "none" ? outcome : `${outcome} ${reason}`;
      const start = started === null ? "" : ` (${started})`;
      return `${request}: ${why}, ${arrived}${start} to ${ended ?? "?"}`;
    });
}
