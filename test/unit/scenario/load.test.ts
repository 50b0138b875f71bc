import { describe, expect, test } from "vitest";
import { loadScenario } from "../../../src/core/scenario/load.js";
import { load, loaded, problems, SMALL, withLine } from "./scenarios.js";

const FULL = `# yaml-language-server: $schema=scenario.schema.json
schemaVersion: 1
name: every-key
description: Every key once.
extends: [preset:shared-fleet]
seed: 7
duration: 10m
warmup: 1m
drain: true
sampling: { interval: 250ms }
inventory: { gpus: 30 }
pools:
  fast:
    replicas: 3
    gpusPerReplica: 2
    replica:
      profile: { base: 20ms, perSequence: 0.4ms, perContextToken: 0.05us, perPrefillToken: 20us }
      maxBatchedTokens: 1024
      maxPrefillSequences: 4
    discipline: fifo
    concurrency: { limit: fixed, most: 12 }
    admission: { policy: tail-drop, maxQueue: 0, queueTimeout: 1s, displaceLower: false }
    signals: { period: 500ms, age: 1s, loss: 1% }
  shared:
    admission:
      policy: trunk-reservation
      reserve: { standard: 2% }
      signal: kv
      maxQueue: 64
      queueTimeout: 2s
      displaceLower: true
  spare:
    replicas: 1
    replica: { engine: slots, slots: 200, tokensPerSecond: 1000, prefillTokensPerSecond: 20k }
    admission: { policy: none, maxQueue: 5, queueTimeout: 3s }
paths:
  cheap: { model: other, pool: spare, rank: 2, price: { preset: glm-5p1 } }
provider:
  preset: anthropic
  answers: { overloaded: 503, queue_timeout: { status: 504, type: timeout_error, code: timeout_error } }
  unknownTier: default
limits:
  preset: fireworks-start
  requests: { rate: 600/min, burst: 5, scope: model }
  promptTokens: 1.2M/min
  generatedTokens: { rate: 60k/min }
  burst: 30s
  outputAccounting: reserve-expected
  expectedOutput: 256
  chargeShed: true
retryAfter: { overloaded: 2s, rateLimited: estimate, jitter: 50%, shouldRetry: { overloaded: false, rateLimited: true } }
outages: [{ pool: spare, from: 2m, for: 30s }]
faults:
  crashes: { fault: instance-crash, pool: spare, mtbf: 1000h, for: { median: 1m, p90: 5m } }
  incidents: { fault: incident, at: 1m, least: 10% }
traffic:
  agents:
    arrivals: { process: gamma, rate: 60/s, cv: 3 }
    accounts: { count: 200, skew: 1.2 }
    input: { dist: lognormal, median: 800, sigma: 0.8 }
    output:
      dist: mixture
      of: [{ weight: 3, dist: exponential, mean: 256 }, { weight: 1, dist: constant, value: 4k }]
    cached: 60%
    maxInput: 32k
    maxOutput: 4096
    mix: { standard: 80%, priority: 15%, fast+priority: 5% }
    client: { preset: openai-node-6, maxRetries: 5, timeout: 10m }
  replay:
    arrivals: { trace: ./traffic.csv, format: azure-llm, limit: 1000 }
    mix: { cheap: 1 }
    client: openai-node-6
    fallback: [standard, { path: priority, on: [overloaded, timed_out] }]
thresholds:
  "overloaded_rate{tier:priority,per:attempt}": "rate==0"
  "ttft{tier:fast}": ["p(99)<2", { threshold: "p(50)<1", allowNoData: true }]
`;

test("every key is read, with its unit, its preset and its place", () => {
  expect(loaded(FULL)).toMatchSnapshot();
});

test("a small scenario is filled in with the defaults", () => {
  const scenario = loaded(SMALL);
  expect(scenario).toMatchObject({
    name: "small",
    seed: "1",
    duration: 600e6,
    warmup: 0,
    drain: false,
    sampling: { interval: 1e6 },
    retryAfter: { overloaded: "none", rateLimited: "none", jitter: 0 },
    outages: [],
    thresholds: {},
  });
  expect(scenario.pools["shared"]).toEqual({
    replicas: 4,
    gpusPerReplica: 1,
    coldStart: "none",
    warmPool: 0,
    displaces: [],
    launchAhead: 0,
    replica: { engine: "slots", slots: 8, tokensPerSecond: 50 },
    discipline: { rule: "priority" },
    concurrency: { limit: "none" },
    placement: {
      strategy: "least-loaded",
      countSent: true,
      signals: { period: 0, age: 0, loss: 0 },
    },
    admission: {
      policy: "trunk-reservation",
      signal: "slots",
      maxQueue: 100,
      queueTimeout: 5e6,
      displaceLower: true,
      evictLower: false,
    },
    signals: { period: 0, age: 0, loss: 0 },
  });
  expect(scenario).not.toHaveProperty("limits");
  expect(scenario.paths["priority"]).not.toHaveProperty("price");
  expect(scenario.traffic["agents"]).toEqual({
    kind: "process",
    arrivals: { process: "poisson", rate: 10, repeat: false },
    accounts: { count: 1, skew: 0 },
    input: { dist: "constant", value: 800 },
    output: { dist: "constant", value: 200 },
    cached: 0,
    maxInput: 128_000,
    maxOutput: 32_000,
    mix: [
      { name: "standard", model: "m", share: 0.9 },
      { name: "priority", model: "m", serviceTier: "priority", share: 0.1 },
    ],
    client: [{ share: 1, preset: "none" }],
    fallback: [],
  });
});

test("policy none waits without bound unless told otherwise", () => {
  const scenario = loaded(
    SMALL.replace("    replicas: 4", "    replicas: 4\n    admission: { policy: none }"),
  );
  expect(scenario.pools["shared"]?.admission).toEqual({ policy: "none", maxQueue: "unlimited" });
});

test("without a duration a scenario of traces drains", () => {
  const text = SMALL.replace("duration: 10m\n", "").replace(
    / {4}arrivals.*\n {4}input.*\n {4}output.*\n/,
    "    arrivals: { trace: day.csv }\n",
  );
  const scenario = loaded(text);
  expect(scenario).not.toHaveProperty("duration");
  expect(scenario.drain).toBe(true);
  expect(scenario.traffic["agents"]).toMatchObject({
    kind: "trace",
    arrivals: { trace: "day.csv", format: "auto" },
  });
});

test.each([
  [
    "fireworks-start alone",
    "{ preset: fireworks-start }",
    { requests: { rate: 100, burst: 6000, scope: "account" } },
  ],
  [
    "a burst of at least one",
    "{ requests: 1/h }",
    { requests: { rate: 1 / 3600, burst: 1, scope: "account" } },
  ],
  ["a shorter burst", "{ promptTokens: 60/s, burst: 2s }", { promptTokens: { rate: 60, burst: 120 } }],
  [
    "own keys before the preset's",
    "{ preset: fireworks-start, generatedTokens: 60/s }",
    { generatedTokens: { rate: 60, burst: 3600 }, uncachedPromptTokens: { rate: 15_000, burst: 900_000 } },
  ],
])("limits: %s", (_, written, limits) => {
  expect(loaded(`${SMALL}limits: ${written}\n`).limits).toMatchObject({
    ...limits,
    outputAccounting: "post-charge",
    chargeShed: false,
  });
});

test("limits that some requests can pass are taken, also where they just do", () => {
  const limits = "limits: { generatedTokens: 32k/min, outputAccounting: reserve-max }";
  expect(problems(`${SMALL}${limits}\n`)).toEqual([]);
  expect(problems(`${SMALL}${limits.replace("reserve-max", "post-charge").replace("32k", "1k")}\n`)).toEqual(
    [],
  );
  const expected =
    "limits: { generatedTokens: 1k/min, outputAccounting: reserve-expected, expectedOutput: 1000 }";
  expect(problems(`${SMALL}${expected}\n`)).toEqual([]);
});

test.each([
  ["{ input: 0.2, cached: 0.1, output: 0.2 }", { input: 0.3, cached: 0.15, output: 0.3 }],
  ["{ preset: kimi-k2p6 }", { input: 1.425, cached: 0.24, output: 6 }],
])("a tier without a price costs 1.5 times the plain path at %s", (price, tierPrice) => {
  const text = SMALL.replace("pool: shared, rank: 1", `pool: shared, rank: 1, price: ${price}`);
  expect(loaded(text).paths["priority"]?.price).toEqual(tierPrice);
});

test("a mix may ask for the model of one path with the tier of another", () => {
  const text = SMALL.replace("{ standard: 90%, priority: 10% }", "{ standard+priority: 100% }");
  expect(loaded(text).traffic["agents"]?.mix).toEqual([
    { name: "standard+priority", model: "m", serviceTier: "priority", share: 1 },
  ]);
});

test.each([
  ["scenarios/Black Friday.yaml", "black-friday"],
  ["C:\\work\\quick_start.YML", "quick-start"],
  ["a/b/x.json", "x"],
  ["2024.yaml", "2024"],
  ["--.yaml", "scenario"],
])("without a name, %s is called %s", (file, name) => {
  const result = loadScenario({ file, text: SMALL });
  expect(result.ok && result.scenario.name).toBe(name);
});

test("a result tells the merged document and where each value stands", () => {
  const result = load(`${SMALL}thresholds: { "ttft": ["p(99)<2"] }\n`);
  if (!result.ok) throw new Error("expected a scenario");
  expect(result.document).toMatchObject({ duration: "10m", inventory: { gpus: 4 } });
  expect(result.document).not.toHaveProperty("name");
  expect(result.place(["thresholds", "ttft", 0])).toEqual({ file: "small.yaml", line: 17, column: 24 });
  expect(result.place(["pools", "shared", "discipline"])).toMatchObject({ line: 5, column: 3 });
});

test("JSON is read like YAML", () => {
  const result = load(SMALL);
  const json = JSON.stringify(result.ok && result.document, null, "\t");
  expect(loaded(json)).toEqual(loaded(SMALL));
});

test("thresholds are read once, and each that is none is told at its place", () => {
  const text = `${SMALL}thresholds:\n  ttft: p(50)<1\n  b: [rate<1, { threshold: y<1 }]\n`;
  expect(problems(text).map((problem) => problem.replace(/;.*/, ""))).toEqual([
    'small.yaml:19:7 thresholds.b.0: unknown metric "b"',
    'small.yaml:19:28 thresholds.b.1.threshold: unknown metric "b"',
  ]);
  const { thresholds } = loaded(`${SMALL}thresholds:\n  ttft: [{ threshold: p(50)<1, allowNoData: true }]\n`);
  expect(thresholds["ttft"]).toMatchObject([
    { metric: "ttft", expression: "p(50)<1", allowNoData: true, abortOnFail: false, parsed: { bound: 1 } },
  ]);
});

describe("traffic", () => {
  const source = (arrivals: string, more = "") => {
    const isWorkload = arrivals.includes("workload");
    const text = withLine(13, `    arrivals: ${arrivals}${more && `\n    ${more}`}`);
    return loaded(isWorkload ? text.replace("    input: 800\n    output: 200\n", "") : text).traffic[
      "agents"
    ]!;
  };

  test("phases are rates per second; a pause is one of nothing", () => {
    const phases = "[{ duration: 1m, arrivalRate: 5, rampTo: 60/min, name: up }, { pause: 30s, name: rest }]";
    expect(source(`{ process: gamma, cv: 2, phases: ${phases}, repeat: true }`).arrivals).toEqual({
      process: "gamma",
      cv: 2,
      phases: [
        { duration: 60e6, arrivalRate: 5, rampTo: 1, name: "up" },
        { duration: 30e6, arrivalRate: 0 },
      ],
      repeat: true,
    });
  });

  test("a shape is of a flat day and begins at Monday's midnight, unless it says otherwise", () => {
    const shapeOf = (shape: string) => source(`{ process: poisson, rate: 1, shape: ${shape} }`).arrivals;
    expect(shapeOf("{}")).toMatchObject({ shape: { daily: "flat", startHour: 0 } });
    const weekly = [1, 1, 1, 1, 1, 0.5, 0];
    expect(shapeOf(`{ daily: office, weekly: [${weekly}], startHour: 32 }`)).toMatchObject({
      shape: { daily: "office", weekly, startHour: 32 },
    });
  });

  test("a workload brings everything but its rate", () => {
    expect(source("{ workload: agentic, rate: 600/min }")).toEqual({
      kind: "population",
      arrivals: { workload: "agentic", rate: 10 },
      cached: 0,
      maxInput: undefined,
      maxOutput: 32_000,
      mix: expect.anything(),
      overrides: { archetypes: undefined, agent: undefined, chat: undefined, api: undefined },
      mixBy: "session",
      client: [{ share: 1, preset: "none" }],
      fallback: [],
    });
  });

  test("what a workload brings can be said instead", () => {
    const arrivals =
      "{ workload: conv, rate: 1, cv: 2, swings: [{ sigma: 0.5, tau: 10m }], " +
      "onOff: { on: 1s, off: 2s, share: 30% }, flash: {}, shape: { daily: alibaba } }";
    const more = [
      "archetypes: { agent: 70%, chat: 30% }",
      "agent: { abandon: 10%, bust: { share: 1% }, subAgents: { counts: [50%, 50%] } }",
      "chat: { turns: { mean: 4 } }",
      "api: { output: [{ weight: 1, mu: 3, sigma: 1 }] }",
      "mixBy: request",
      "maxInput: 64k",
      "subAgentMix: { priority: 1 }",
    ];
    expect(source(arrivals, more.join("\n    "))).toMatchObject({
      arrivals: {
        cv: 2,
        swings: [{ sigma: 0.5, tau: 600e6 }],
        onOff: { on: 1e6, off: 2e6, share: 0.3 },
        flash: { every: 21_600e6, from: 4, to: 10, median: 300e6, sigma: 0.8 },
        shape: { daily: "alibaba", startHour: 0 },
      },
      overrides: {
        archetypes: { agent: 0.7, api: 0, chat: 0.3 },
        agent: { abandon: 0.1, bust: { share: 0.01 }, subAgents: { counts: [0.5, 0.5] } },
        chat: { turns: { mean: 4 } },
        api: { output: [{ weight: 1, mu: 3, sigma: 1 }] },
      },
      mixBy: "request",
      maxInput: 64_000,
      subAgentMix: [{ name: "priority", model: "m", serviceTier: "priority", share: 1 }],
    });
  });

  test("clients are a list of shares, however they are written", () => {
    const clients = (text: string) => source("{ process: poisson, rate: 1 }", `client: ${text}`).client;
    expect(clients("naive")).toEqual([{ share: 1, preset: "naive" }]);
    expect(clients("{ stack: [openai-node-6, litellm-router], maxRetries: 1 }")).toEqual([
      { share: 1, stack: ["openai-node-6", "litellm-router"], maxRetries: 1 },
    ]);
    // Options of one layer or another.
    expect(clients("{ stack: [portkey, litellm-router], deployments: 3, heedsRetryAfter: true }")).toEqual([
      { share: 1, stack: ["portkey", "litellm-router"], deployments: 3, heedsRetryAfter: true },
    ]);
    const options =
      "timeout: 5s, onTimeout: abandon, hedgeAfter: 2s, delay: 250ms, cap: 1m, " +
      "budget: { ratio: 0.1, least: 5, window: 1m }, " +
      "breaker: { failures: 60%, least: 9, window: 20s, open: 1s }, throttle: { k: 1.5, window: 1m }";
    expect(
      clients(`[{ share: 25%, preset: naive }, { share: 75%, preset: full-jitter, ${options} }]`),
    ).toEqual([
      { share: 0.25, preset: "naive" },
      {
        share: 0.75,
        preset: "full-jitter",
        timeout: 5e6,
        onTimeout: "abandon",
        hedgeAfter: 2e6,
        delay: 0.25e6,
        cap: 60e6,
        budget: { ratio: 0.1, least: 5, window: 60e6 },
        breaker: { failures: 0.6, least: 9, window: 20e6, open: 1e6 },
        throttle: { k: 1.5, window: 60e6 },
      },
    ]);
  });

  test("fallbacks are paths, one after another", () => {
    const { fallback } = source("{ process: poisson, rate: 1 }", "fallback: [priority, standard]");
    expect(fallback).toEqual([{ path: "priority" }, { path: "standard" }]);
  });
});

describe("what an override brings in", () => {
  const set = (path: string, value = "2") =>
    problems(SMALL, { overrides: [{ path, value, origin: "--set" }] });

  test("under a new name is told beside what is there, where that lacks something", () => {
    expect(set("pools.extra.replicas")).toContain(
      '--set pools.extra.replica: missing key "replica" ("extra" is new in "pools", which has shared)',
    );
    expect(set("pools.sharedd.replicas")).toEqual([
      '--set pools.sharedd.replicas: there is no "sharedd" in "pools" (did you mean "shared"?)',
    ]);
  });

  test("as a value where a map stands says what that is made of, and a version what others cover", () => {
    const batching = "{ engine: batching, profile: llama-3.1-8b-h100, KEY: VALUE }";
    const withKey = (key: string, value: string) =>
      set("pools.shared.replica", batching.replace("KEY", key).replace("VALUE", value)).join();
    expect(withKey("kvOffload", "200k")).toMatch(/expected a map of \w+(, \w+)+, got "200k"/);
    const version = withKey("engineVersion", "vllm-0.14");
    expect(version).toContain("vllm-0.15 (vLLM from 0.14 on)");
    expect(version).not.toContain("did you mean");
  });
});
