// Whether intervals cover the truth as often as they say: experiments with models whose truth is known in closed form.
// Each experiment is what a user would do - replications pooled, or one long run - and asks the result's own estimates.
import {
  type Estimate,
  parseScenario,
  type Scenario,
  type ScenarioInput,
  Simulation,
} from "../../src/core/index.js";
import { thresholdsOf } from "../../src/core/internal.js";
import { pooledResult } from "../../src/core/results/build/pooled.js";
import { erlangB, erlangC } from "./closed-forms.js";
import { batchingSystem, lossSystem } from "./oracle.js";

export interface SolvableModel {
  readonly name: string;
  readonly metric: string;
  readonly aggregation: string;
  readonly truth: number;
  /** With so many requests measured, on average. */
  readonly scenario: (requests: number) => ScenarioInput;
}

export interface Coverage {
  /** Experiments that gave an interval, and how many of those lay around the truth, below it and above it. */
  readonly experiments: number;
  readonly covered: number;
  readonly below: number;
  readonly above: number;
  /** Mean half-width over the truth. */
  readonly precision: number;
}

/** Confidence of all intervals. */
export const NOMINAL = 0.95;
const SERVERS = 10;
const LOAD = 8;

const SHED_RATE: SolvableModel = {
  name: "shed rate: Erlang B, 10 slots at 8 Erlang",
  metric: "overloaded_rate{tier:standard,per:attempt}",
  aggregation: "rate",
  truth: erlangB(SERVERS, LOAD),
  scenario: (requests) =>
    lossSystem({
      slots: SERVERS,
      rates: { standard: LOAD },
      admission: { policy: "tail-drop", maxQueue: 0 },
      duration: `${30 + requests / LOAD}s`,
      warmup: "30s",
    }),
};

const RARE_SHED_RATE: SolvableModel = {
  name: "rare shed rate: Erlang B, 10 slots at 3 Erlang",
  metric: "overloaded_rate{tier:standard,per:attempt}",
  aggregation: "rate",
  truth: erlangB(SERVERS, 3),
  scenario: (requests) =>
    lossSystem({
      slots: SERVERS,
      rates: { standard: 3 },
      admission: { policy: "tail-drop", maxQueue: 0 },
      duration: `${30 + requests / 3}s`,
      warmup: "30s",
    }),
};

/** M/M/c: an arrival waits with Erlang's C, and then for an exponential time (Erlang 1917). */
function waitQuantile(servers: number, load: number, share: number): number {
  return Math.log(erlangC(servers, load).waits / (1 - share)) / (servers - load);
}

const ttft = (slots: number, load: number): SolvableModel => ({
  name: `TTFT p99: Erlang C, ${slots} slot${slots === 1 ? "" : "s"} at ${load} Erlang`,
  metric: "ttft{tier:standard}",
  aggregation: "p(99)",
  truth: waitQuantile(slots, load, 0.99),
  scenario: (requests) =>
    lossSystem({
      slots,
      rates: { standard: load },
      admission: { policy: "none" },
      duration: `${50 + requests / load}s`,
      warmup: "50s",
    }),
});

const RATE = 100;
const BASE = 0.1;
const PROMPT = 1000;
const TOKEN = 4e-6;

/**
 * Answers of two tokens on one batching replica: the second one takes one step, of BASE and the prompts that came
 * during the step before. How many come in a step is a Markov chain: Poisson for BASE, and for each exponential prompt
 * a geometric number. The speed of an answer is one over the step after its own.
 */
function medianSpeed(): number {
  const most = 120;
  const next = arrivalsAfter(most);
  let chain = Array.from({ length: most }, () => 1 / most);
  for (let step = 0; step < 200; step++) chain = through(next, chain);
  // Answers, not steps, are what speeds are of: a step counts as often as requests came for it.
  const mean = chain.reduce((sum, p, count) => sum + p * count, 0);
  const after = through(
    next,
    chain.map((p, count) => (p * count) / mean),
  );
  let [low, high] = [BASE, 100 * BASE];
  for (let halving = 0; halving < 60; halving++) {
    const middle = (low + high) / 2;
    const shorter = after.reduce(
      (sum, p, count) => sum + p * erlangCdf(count, (middle - BASE) / (TOKEN * PROMPT)),
      0,
    );
    if (shorter < 0.5) low = middle;
    else high = middle;
  }
  return 1 / low;
}

/** By how many came for a step: how many come during it. */
function arrivalsAfter(most: number): number[][] {
  const odds = RATE * TOKEN * PROMPT;
  const stop = 1 / (1 + odds);
  let current = Array.from({ length: most }, () => 0);
  current[0] = Math.exp(-RATE * BASE);
  for (let count = 1; count < most; count++) current[count] = (current[count - 1]! * RATE * BASE) / count;
  const rows = [current];
  while (rows.length < most) {
    // One prompt more: the sum with a geometric number, term by term.
    const more: number[] = [];
    for (const [count, p] of current.entries()) more.push(stop * p + (1 - stop) * (more[count - 1] ?? 0));
    current = more;
    rows.push(current);
  }
  return rows;
}

function through(rows: readonly (readonly number[])[], chain: readonly number[]): number[] {
  const result = chain.map(() => 0);
  for (const [from, p] of chain.entries()) {
    for (const [to, q] of rows[from]!.entries()) result[to]! += p * q;
  }
  return result;
}

/** Of a sum of so many exponential times of mean 1. */
function erlangCdf(count: number, x: number): number {
  let [term, missing] = [Math.exp(-x), 0];
  for (let k = 0; k < count; k++) {
    missing += term;
    term *= x / (k + 1);
  }
  return 1 - missing;
}

const SPEED: SolvableModel = {
  name: "tokens per second p50: batch of two-token answers",
  metric: "tokens_per_second{tier:standard}",
  aggregation: "p(50)",
  truth: medianSpeed(),
  scenario: (requests) =>
    batchingSystem(
      {
        profile: {
          base: `${BASE}s`,
          perSequence: 0,
          perContextToken: 0,
          perPrefillToken: `${TOKEN * 1e6}us`,
        },
        maxSequences: 4096,
        maxPrefillSequences: 4096,
        maxBatchedTokens: 10_000_000,
        kvTokens: 1e9,
      },
      {
        arrivals: { process: "poisson", rate: RATE },
        input: { dist: "exponential", mean: PROMPT },
        output: 2,
      },
      { duration: `${5 + requests / RATE}s`, warmup: "5s" },
    ),
};

export const MODELS: Readonly<Record<"shed" | "rare" | "ttft" | "busy" | "speed", SolvableModel>> = {
  shed: SHED_RATE,
  rare: RARE_SHED_RATE,
  ttft: ttft(1, 0.3),
  busy: ttft(10, 7),
  speed: SPEED,
};

export interface Experiments {
  readonly count: number;
  readonly replications: number;
  /** Measured in each replication, on average. */
  readonly requests: number;
  readonly seed: string;
}

/** Runs the experiments. With one replication the interval is that of batches within the run. */
export function coverage(
  model: SolvableModel,
  { count, replications, requests, seed }: Experiments,
): Coverage {
  const scenario = parseScenario(model.scenario(requests));
  const found = { experiments: 0, covered: 0, below: 0, above: 0, precision: 0 };
  for (let experiment = 1; experiment <= count; experiment++) {
    const { low, high } = estimateOf(model, scenario, replications, `${seed}/${experiment}`);
    if (low === null || high === null) continue;
    found.experiments++;
    if (high < model.truth) found.below++;
    else if (low > model.truth) found.above++;
    else found.covered++;
    found.precision += (high - low) / 2 / model.truth;
  }
  return { ...found, precision: found.precision / found.experiments };
}

function estimateOf(model: SolvableModel, scenario: Scenario, replications: number, seed: string): Estimate {
  const runs = Array.from({ length: replications }, (_, index) => {
    const isAlone = replications === 1;
    const options = { seed: isAlone ? seed : `${seed}/${index + 1}`, batches: isAlone, isPooled: true };
    const simulation = new Simulation(scenario, options);
    simulation.run();
    return simulation.result();
  });
  const { estimates } =
    replications === 1
      ? runs[0]!
      : pooledResult(runs, { seed, confidence: NOMINAL, thresholds: thresholdsOf(scenario) });
  const { metric, aggregation } = model;
  const estimate = estimates.find((one) => one.metric === metric && one.aggregation === aggregation);
  if (estimate === undefined) throw new Error(`no estimate of ${metric} ${aggregation}`);
  return estimate;
}
