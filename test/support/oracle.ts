// Holds the simulator to a closed form: twenty replications through the public API, and a Student interval of 99.9 %
// that must cover the golden value. The interval must also be narrow enough to mean something.
import { expect } from "vitest";
import { type MeanInterval, type RunResult, replicate, type ScenarioInput } from "../../src/core/index.js";
import { STEP_BY_STEP } from "./mode.js";

const REPLICATIONS = STEP_BY_STEP ? 12 : 20;
const CONFIDENCE = 0.999;

type BatchingInput = Extract<ScenarioInput["pools"][string]["replica"], { engine: "batching" }>;

export interface LossSystem {
  readonly slots: number;
  /** Arrivals per second on each path, by name; paths are ranked in this order. Service takes a second on average. */
  readonly rates: Readonly<Record<string, number>>;
  readonly admission: NonNullable<ScenarioInput["pools"][string]["admission"]>;
  /** Service time in millionths of a second. */
  readonly service?: ScenarioInput["traffic"][string]["output"];
  readonly duration: string;
  readonly warmup: string;
  readonly more?: Partial<ScenarioInput>;
  readonly client?: ScenarioInput["traffic"][string]["client"];
}

/** A pool of independent servers: output tokens are microseconds of service, so lengths are service times. */
export function lossSystem(system: LossSystem): ScenarioInput {
  const {
    slots,
    rates,
    admission,
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
    pools: { shared: { replicas: 1, replica: { engine: "slots", slots, tokensPerSecond: 1e6 }, admission } },
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

/** Student intervals of the measures over the replications: step by step fewer of them, so that they are wider. */
export function measured<Name extends string>(
  scenario: ScenarioInput,
  measures: Readonly<Record<Name, (result: RunResult) => number>>,
): Record<Name, MeanInterval> {
  return replicate(scenario, measures, {
    replications: REPLICATIONS,
    confidence: CONFIDENCE,
    stepByStep: STEP_BY_STEP,
  });
}

/**
 * Whether the interval covers the golden value and is no wider than `precision` of it to either side. `excess` is by
 * how much the truth may lie above the golden value, where steps come in whole tokens and the closed form does not.
 */
export function expectCovers(interval: MeanInterval, golden: number, precision: number, excess = 0): void {
  expect(interval.halfWidth / golden, "the interval is narrow enough to notice a mistake").toBeLessThan(
    precision,
  );
  expect(interval.low, `${golden} is below [${interval.low}, ${interval.high}]`).toBeLessThanOrEqual(
    golden + excess,
  );
  expect(interval.high, `${golden} is above [${interval.low}, ${interval.high}]`).toBeGreaterThanOrEqual(
    golden,
  );
}
