// What limits take for cached before a prompt starts, and what the start makes of it, in whole runs of a trace.
import { describe, expect, it } from "vitest";
import { parseScenario, type ScenarioInput, Simulation } from "../../../../src/core/index.js";

/** 80 new tokens every 5 s behind a prompt of 800, then a minute's rest; of one session, or with what is cached. */
const PROMPTS = [800, 880, 960, 1040, 1120, 1200];
const TIMES = [0, 5, 10, 15, 20, 80];

function trace(column: string, value: (index: number) => string | number): string {
  const rows = PROMPTS.map((tokens, index) => [TIMES[index], tokens, 20, "a", value(index)].join(","));
  return [`timestamp,input_tokens,output_tokens,account,${column}`, ...rows, ""].join("\n");
}

const OF_A_SESSION = trace("session", () => "s");
const STATED = trace("cached_tokens", (index) => PROMPTS[index - 1] ?? 0);

function outcomes(text: string, more: Partial<ScenarioInput> = {}, replica: object = {}): readonly string[] {
  const found: string[] = [];
  const scenario = parseScenario({
    schemaVersion: 1,
    drain: true,
    inventory: { gpus: 1 },
    pools: {
      p: {
        replicas: 1,
        replica: {
          engine: "batching",
          profile: "llama-3.1-8b-h100",
          maxSequences: 32,
          kvTokens: "200k",
          ...replica,
        },
        admission: { policy: "none" },
      },
    },
    paths: { std: { model: "m", pool: "p", rank: 0 } },
    limits: { uncachedPromptTokens: { rate: "1000/min", burst: 1000 } },
    traffic: { t: { arrivals: { trace: "t.csv" }, mix: { std: "100%" } } },
    ...more,
  } as ScenarioInput);
  const simulation = new Simulation(scenario, {
    readTrace: () => [text],
    onAttempt: ({ outcome }) => found.push(outcome),
  });
  simulation.run();
  return found;
}

const ALL_PASS = PROMPTS.map(() => "completed");

describe("limits of uncached prompt tokens", () => {
  it("let the prompts of a session pass whose new tokens they hold, as where the trace states what is cached", () => {
    expect(outcomes(STATED)).toEqual(ALL_PASS);
    expect(outcomes(OF_A_SESSION)).toEqual(ALL_PASS);
  });

  it("check whole prompts where nothing is taken to be cached, or nothing stays", () => {
    const limited = PROMPTS.map((_, index) => (index === 0 ? "completed" : "rate_limited"));
    expect(outcomes(OF_A_SESSION, { cacheEstimator: "stated" })).toEqual(limited);
    expect(outcomes(OF_A_SESSION, { cacheEstimator: "none" })).toEqual(limited);
    expect(outcomes(OF_A_SESSION, {}, { prefixCache: false })).toEqual(limited);
    expect(outcomes(STATED, { cacheEstimator: "none" })).toEqual(limited);
  });

  it("know a session by what has started of it alone: what was refused is not cached", () => {
    const again = "0,800,20,a,s\n5,1900,20,a,s\n6,1900,20,a,s\n";
    const text = `timestamp,input_tokens,output_tokens,account,session\n${again}`;
    expect(outcomes(text)).toEqual(["completed", "rate_limited", "rate_limited"]);
  });

  it("are owed what was taken for cached and was not", () => {
    // The memory holds one prompt: that of another session drives out what the first one had.
    const rows = "0,800,20,a,s\n50,800,20,b,t\n100,880,20,a,s\n110,900,20,a,s\n";
    const text = `timestamp,input_tokens,output_tokens,account,session\n${rows}`;
    // A second brings one token: of the 1000 there are 300 after 100 s, less 80, less the 800 that were not cached.
    const limits = { uncachedPromptTokens: { rate: "60/min", burst: 1000 } };
    const three = ["completed", "completed", "completed"];
    expect(outcomes(text, { limits }, { kvTokens: 1000 })).toEqual([...three, "rate_limited"]);
    expect(outcomes(text, { limits })).toEqual([...three, "completed"]);
  });
});
