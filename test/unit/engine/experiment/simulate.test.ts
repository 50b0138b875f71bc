import { describe, expect, it } from "vitest";
import {
  parseScenario,
  type RunResult,
  replicate,
  type ScenarioInput,
  SurgefleetError,
  simulate,
} from "../../../../src/core/index.js";

const BUSY: ScenarioInput = {
  schemaVersion: 1,
  duration: "2m",
  inventory: { gpus: 1 },
  pools: {
    shared: {
      replicas: 1,
      replica: { engine: "slots", slots: 4, tokensPerSecond: 50 },
      admission: { policy: "tail-drop", maxQueue: 2, queueTimeout: "1s" },
    },
  },
  paths: { standard: { model: "m", pool: "shared", rank: 0 } },
  traffic: {
    agents: {
      arrivals: { process: "poisson", rate: 10 },
      input: 100,
      output: { dist: "exponential", mean: 20 },
      mix: { standard: 1 },
      client: "openai-node-6",
    },
  },
};

/** What a call throws, as issues. */
function issuesOf(call: () => unknown): readonly string[] {
  try {
    call();
  } catch (error) {
    if (error instanceof SurgefleetError) return [error.code, ...error.issues.map(({ path }) => path)];
    throw error;
  }
  return [];
}

describe("simulate", () => {
  it("LAW-4: gives the same result for the same seed, and another one for another", () => {
    const first = JSON.stringify(simulate(BUSY));
    expect(JSON.stringify(simulate(BUSY))).toBe(first);
    expect(JSON.stringify(simulate(BUSY, { seed: "1" }))).toBe(first);
    expect(simulate(BUSY, { seed: "2" }).all).not.toEqual(simulate(BUSY).all);
  });

  it("takes a scenario as text as well", () => {
    expect(simulate(parseScenario(JSON.stringify(BUSY)))).toEqual(simulate(BUSY));
    expect(simulate(parseScenario(BUSY))).toEqual(simulate(BUSY));
  });

  it("conserves what comes in: every attempt has one outcome, every request one end", () => {
    const { all } = simulate(BUSY);
    const { offered, completed, failed, open } = all.requests;
    expect(Object.values(all.outcomes).reduce((sum, count) => sum + count, 0)).toBe(all.attempts);
    expect([offered, all.attempts > offered]).toEqual([completed + failed + open, true]);
  });

  it("LAW-13: the demand does not depend on the policy", () => {
    const arrivalsUnder = (admission: NonNullable<ScenarioInput["pools"][string]["admission"]>) => {
      const firsts: unknown[] = [];
      const scenario = { ...BUSY, drain: true, pools: { shared: { ...BUSY.pools["shared"]!, admission } } };
      simulate(scenario, {
        onAttempt: ({ request, attempt, arrived, inputTokens }) =>
          attempt === 1 && firsts.push([request, arrived, inputTokens]),
      });
      return firsts.map((row) => JSON.stringify(row)).sort();
    };
    expect(arrivalsUnder({ policy: "none" })).toEqual(arrivalsUnder({ policy: "tail-drop", maxQueue: 0 }));
  });

  it("judges the thresholds of the scenario", () => {
    const overloaded = ["rate==0", "rate!=0", "rate<99%"];
    const thresholds = { "overloaded_rate{per:attempt}": overloaded, "ttft{tier:standard}": "max<1us" };
    const found = simulate({ ...BUSY, thresholds }).thresholds;
    // Of one seed what was observed is all that can be judged.
    expect(found.map(({ verdict }) => verdict)).toEqual(["fail", "pass", "undecided", "fail"]);
  });
});

describe("parseScenario", () => {
  it("tells every problem at once", () => {
    const wrong = { ...BUSY, duration: "soon", warmup: -1 } as never;
    expect(issuesOf(() => parseScenario(wrong))).toEqual(["INVALID_SCENARIO", "duration", "warmup"]);
    expect(issuesOf(() => parseScenario("schemaVersion: 1\nnonsense: true\n"))[0]).toBe("INVALID_SCENARIO");
  });

  it("refuses numbers that are none, by name: JSON would drop them without a word", () => {
    const { agents } = BUSY.traffic;
    const traffic = { agents: { ...agents!, input: Number.NaN, output: Number.POSITIVE_INFINITY } };
    expect(issuesOf(() => parseScenario({ ...BUSY, traffic }))).toEqual([
      "INVALID_SCENARIO",
      "traffic.agents.input",
      "traffic.agents.output",
    ]);
  });

  it("refuses a seed that is a number, which untyped callers write", () => {
    expect(issuesOf(() => simulate(BUSY, { seed: 7 as never }))).toEqual(["USAGE"]);
  });

  it.each([undefined, null, 7, true])("refuses %s, which is neither a map nor text", (scenario) => {
    expect(issuesOf(() => parseScenario(scenario as never))).toEqual(["USAGE"]);
  });

  it("refuses thresholds that cannot be judged", () => {
    const thresholds = { "overloaded_rate{per:attempt}": "p(50)<1" };
    expect(issuesOf(() => parseScenario({ ...BUSY, thresholds }))).toEqual([
      "INVALID_SCENARIO",
      "thresholds.overloaded_rate{per:attempt}",
    ]);
  });
});

describe("replicate", () => {
  const options = { replications: 3, confidence: 0.95 };
  const overloaded = (result: ReturnType<typeof simulate>) => result.all.overloadedRate;

  it("takes the mean of runs on seeds of their own", () => {
    const rates = ["1/1", "1/2", "1/3"].map((seed) => overloaded(simulate(BUSY, { seed }))!);
    const { overloadedRate } = replicate(BUSY, { overloadedRate: overloaded }, options);
    expect(new Set(rates).size).toBe(3);
    expect(overloadedRate.mean).toBeCloseTo(rates.reduce((sum, rate) => sum + rate, 0) / 3, 12);
    expect(overloadedRate.n).toBe(3);
  });

  it("measures several things on the same runs", () => {
    const both = replicate(BUSY, { overloaded, served: (result) => 1 - result.all.overloadedRate! }, options);
    expect(both.overloaded.mean + both.served.mean).toBeCloseTo(1, 12);
  });

  it("leaves out the runs in which a measure has no data, for that measure alone", () => {
    const seeds: string[] = [];
    const measures = {
      events: (result: RunResult) => result.work.events,
      twice: (result: RunResult) => {
        seeds.push(result.seed);
        return result.seed === "1/2" ? null : result.work.events;
      },
      never: () => null,
      meaningless: () => Number.NaN,
    };
    const { events, twice, never, meaningless } = replicate({ ...BUSY, duration: "5s" }, measures, options);
    expect([seeds, events.n, twice.n, meaningless.n, never]).toEqual([
      ["1/1", "1/2", "1/3"],
      3,
      2,
      0,
      { mean: Number.NaN, low: Number.NaN, high: Number.NaN, halfWidth: Number.NaN, n: 0 },
    ]);
    expect(Number.isFinite(twice.mean + twice.halfWidth)).toBe(true);
  });

  it.each([1, 0, -3, 2.5, Number.NaN, Number.POSITIVE_INFINITY])(
    "refuses %d replications",
    (replications) => {
      expect(issuesOf(() => replicate(BUSY, { overloaded }, { ...options, replications }))).toEqual([
        "USAGE",
      ]);
    },
  );
});
