// Holds the simulator to a closed form: twenty runs through the public API, and a Student interval of their mean of 99.9 %
// that must cover the golden value, and be so narrow that a simulator 3 % off would be noticed.
import { expect } from "vitest";
import {
  type AttemptRow,
  type MeanInterval,
  parseScenario,
  type RunResult,
  type ScenarioInput,
  simulate,
} from "../../src/core/index.js";
import { criticalT } from "../../src/core/stats/student.js";
import { STEP_BY_STEP } from "./mode.js";

type BatchingInput = Extract<ScenarioInput["pools"][string]["replica"], { engine: "batching" }>;

export interface LossSystem {
  readonly slots: number;
  /** Arrivals per second on each path, by name; paths are ranked in this order. Service takes a second on average. */
  readonly rates: Readonly<Record<string, number>>;
  readonly admission: NonNullable<ScenarioInput["pools"][string]["admission"]>;
  readonly discipline?: ScenarioInput["pools"][string]["discipline"];
  /** Service time in millionths of a second. */
  readonly service?: ScenarioInput["traffic"][string]["output"];
  readonly duration: string;
  readonly warmup: string;
  readonly more?: Partial<ScenarioInput>;
  readonly client?: ScenarioInput["traffic"][string]["client"];
}

/** So many servers in one replica: an output token takes a microsecond. */
export const servers = (slots: number) =>
  ({ replicas: 1, replica: { engine: "slots", slots, tokensPerSecond: 1e6 } }) as const;

/** A pool of independent servers: output tokens are microseconds of service, so lengths are service times. */
export function lossSystem(system: LossSystem): ScenarioInput {
  const {
    slots,
    rates,
    admission,
    discipline = "priority",
    service = { dist: "exponential", mean: 1e6 },
    duration,
    warmup,
    more,
    client,
  } = system;
  const names = Object.keys(rates);
  const total = names.reduce((sum, name) => sum + rates[name]!, 0);
  return {
    schemaVersion: 1,
    duration,
    warmup,
    inventory: { gpus: 1 },
    pools: { shared: { ...servers(slots), admission, discipline } },
    paths: Object.fromEntries(
      names.map((name, rank) => [
        name,
        { model: "m", pool: "shared", rank, ...(rank > 0 && { serviceTier: name }) },
      ]),
    ),
    traffic: {
      callers: {
        arrivals: { process: "poisson", rate: total },
        input: 1,
        output: service,
        maxOutput: 100_000_000,
        mix: Object.fromEntries(names.map((name) => [name, rates[name]! / total])),
        ...(client !== undefined && { client }),
      },
    },
    ...more,
  };
}

/** One model on one pool of batching replicas that admits every request. */
export function batchingSystem(
  replica: Omit<BatchingInput, "engine">,
  source: Omit<ScenarioInput["traffic"][string], "mix">,
  more: Partial<ScenarioInput> & { readonly pool?: Partial<ScenarioInput["pools"][string]> } = {},
): ScenarioInput {
  const { pool, ...rest } = more;
  return {
    schemaVersion: 1,
    inventory: { gpus: 10_000 },
    pools: {
      engine: {
        replicas: 1,
        replica: { engine: "batching", ...replica },
        admission: { policy: "none" },
        ...pool,
      },
    },
    paths: { standard: { model: "m", pool: "engine", rank: 0 } },
    traffic: { callers: { ...source, mix: { standard: 1 } } },
    ...rest,
  };
}

/** Reads a number of one run; the second argument is empty unless the runs were asked for their attempts. */
export type Measure = (result: RunResult, attempts: readonly AttemptRow[]) => number | null;

interface Runs {
  readonly replications?: number;
  /** Whether measures see each attempt, warm-up and all: what a run keeps only sums of. */
  readonly withAttempts?: boolean;
}

/** By measure, what each replication gave: the same seeds in the same order, whatever the scenario. */
export function samplesOf<Name extends string>(
  scenario: ScenarioInput,
  measures: Readonly<Record<Name, Measure>>,
  { replications = 20, withAttempts = false }: Runs = {},
): Record<Name, readonly number[]> {
  const parsed = parseScenario(scenario);
  const names = Object.keys(measures) as Name[];
  const samples = Array.from({ length: replications }, (_, index) => {
    const attempts: AttemptRow[] = [];
    const result = simulate(parsed, {
      seed: `${parsed.seed}/${index + 1}`,
      stepByStep: STEP_BY_STEP,
      ...(withAttempts && { onAttempt: (row) => attempts.push({ ...row }) }),
    });
    return names.map((name) => measures[name](result, attempts) ?? Number.NaN);
  });
  const columns = names.map((name, measure) => [name, samples.map((sample) => sample[measure]!)]);
  return Object.fromEntries(columns) as Record<Name, readonly number[]>;
}

/**
 * Student intervals of the measures over the replications. What is held to a closed form is a mean of thousands of events
 * in each, which is normal, so that its error has all n - 1 degrees of freedom; the tool cannot know this, and says less.
 */
export function measured<Name extends string>(
  scenario: ScenarioInput,
  measures: Readonly<Record<Name, Measure>>,
  { confidence = 0.999, ...runs }: Runs & { readonly confidence?: number } = {},
): Record<Name, MeanInterval> {
  const samples = Object.entries<readonly number[]>(samplesOf(scenario, measures, runs));
  const intervals = samples.map(([name, values]) => [name, studentInterval(values, confidence)]);
  return Object.fromEntries(intervals) as Record<Name, MeanInterval>;
}

export function studentInterval(values: readonly number[], confidence: number): MeanInterval {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const halfWidth = criticalT(confidence, n - 1) * Math.sqrt(squares / (n * (n - 1)));
  return { mean, low: mean - halfWidth, high: mean + halfWidth, halfWidth, n };
}

/** Measures of one tier. */
export const tierOf = (tier: string) => ({
  lost: (run: RunResult) => rowOf(run, tier).overloadedRate,
  wait: (run: RunResult) => rowOf(run, tier).queueWait.mean,
  /** Demoted or spilled. */
  handedOver: (run: RunResult) => rowOf(run, tier).demotedRate! + rowOf(run, tier).spilledRate!,
});
const rowOf = (run: RunResult, tier: string) => run.tiers.find((row) => row.tier === tier)!;

/** The same scenario on the same seeds gives the same result (LAW-4): tests that ask for the same runs share them. */
export function once<Value extends object>(run: () => Value): () => Value {
  let found: Value | undefined;
  return () => {
    found ??= run();
    return found;
  };
}

/** The fault that has to be seen: servers that take so many times as long, or anything else that is off by as much. */
export const SLOW = 1.03;
/**
 * Half-width of an interval, as a share of what the fault shifts: the fault then shifts the mean by 1.67 half-widths of
 * 3.9 standard errors each, and an interval around it misses the golden value in more than 99 tries of 100.
 */
const SHARP = 0.6;

/**
 * Whether the interval covers the golden value, and would not if the simulator were 3 % off: `faulty` is what the
 * closed form says of servers so much slower, by default 3 % more of the golden value itself. `excess` is by how much
 * the truth may lie above the golden value, where steps come in whole tokens and the closed form does not.
 */
export function expectCovers(
  interval: MeanInterval,
  golden: number,
  faulty: number = golden * SLOW,
  excess = 0,
): void {
  expect(interval.halfWidth, `narrow enough to tell ${golden} from ${faulty}`).toBeLessThan(
    SHARP * Math.abs(faulty - golden),
  );
  expect(interval.low, `${golden} is below [${interval.low}, ${interval.high}]`).toBeLessThanOrEqual(
    golden + excess,
  );
  expect(interval.high, `${golden} is above [${interval.low}, ${interval.high}]`).toBeGreaterThanOrEqual(
    golden,
  );
}

/** That the closed form does not cover what a planted fault makes of it: the golden value is on that side of it. */
export function expectMisses(interval: MeanInterval, golden: number, side: "below" | "above"): void {
  expect(() => expectCovers(interval, golden, Number.POSITIVE_INFINITY)).toThrow(`${golden} is ${side}`);
}
