// Models whose intervals are tried: short runs of the kinds of traffic that the simulator is for, and a few that are
// solved in closed form. A model says what is measured of it and in which half it is: methods are chosen on one half
// of the models and scored on the other. Runs nothing.
import type { ScenarioInput } from "../../src/core/index.js";
import { openStream } from "../../src/core/random/stream.js";
import { lossSystem } from "../support/oracle.js";

/** As a threshold names a metric and begins its expression. */
export type MeasureName = readonly [metric: string, aggregation: string];

export interface Model {
  readonly name: string;
  readonly half: "chosen" | "scored";
  /** Runs that are made once and drawn from again and again. */
  readonly seeds: number;
  /** Of a run; most models have the same one for all seeds. */
  readonly scenario: (seed: string) => ScenarioInput;
  readonly measures: readonly MeasureName[];
  /** Whether accounts swing, so that seeds may be chosen by strata. */
  readonly swings?: true;
  /** Whose seeds it runs on, if not its own. */
  readonly seedsOf?: string;
  /** Of the first measure, in closed form, where the runs of a pool never hold enough of a heavy tail. */
  readonly exact?: number;
  /** Each experiment is one run by itself, and its intervals are those of its batches. */
  readonly isAlone?: true;
}

const shed = (tier: string): MeasureName => [`overloaded_rate{tier:${tier},per:attempt}`, "rate"];
const limited = (tier: string): MeasureName => [`rate_limited_rate{tier:${tier},per:attempt}`, "rate"];
const failure = (tier: string): MeasureName => [`failure_rate{tier:${tier}}`, "rate"];
const ttft = (tier: string, ...shares: readonly number[]): MeasureName[] =>
  shares.map((share): MeasureName => [`ttft{tier:${tier}}`, `p(${share})`]);
const speed = (tier: string): MeasureName[] => [
  [`tokens_per_second{tier:${tier}}`, "p(50)"],
  [`tokens_per_second{tier:${tier}}`, "p(5)"],
];
const latency = (tier: string): MeasureName => [`latency{tier:${tier}}`, "avg"];
const throughput = (tier: string): MeasureName => [`throughput{tier:${tier}}`, "value"];
const AMPLIFICATION: MeasureName = ["amplification", "value"];
const sessions = (source: string): MeasureName[] => [
  [`session_cost{source:${source}}`, "value"],
  [`session_duration{source:${source}}`, "p(50)"],
  [`session_abandon_rate{source:${source}}`, "rate"],
];

/** The same for every seed. */
const always = (scenario: ScenarioInput) => () => scenario;

const PRICE = { input: 0.6, cached: 0.06, output: 2.5 } as const;

/** Closed loops of agents on slots. */
const agentsOnSlots = (slots: number): ScenarioInput => ({
  schemaVersion: 1,
  duration: "15m",
  warmup: "5m",
  inventory: { gpus: 1 },
  pools: {
    shared: {
      replicas: 1,
      replica: { engine: "slots", slots, tokensPerSecond: 45 },
      admission: { policy: "trunk-reservation", reserve: { standard: "4%" }, maxQueue: 4 },
    },
  },
  paths: {
    standard: { model: "m", pool: "shared", rank: 1, price: PRICE },
    priority: { model: "m", serviceTier: "priority", pool: "shared", rank: 0 },
  },
  traffic: {
    agents: {
      arrivals: { workload: "agentic", rate: 3 },
      accounts: { count: 30, skew: 1 },
      mix: { standard: "80%", priority: "20%" },
      client: "openai-node-6",
    },
  },
});

/** The gallery's agents at work, a tenth of them. */
const AGENTS_ON_REPLICAS: ScenarioInput = {
  schemaVersion: 1,
  duration: "10m",
  warmup: "3m",
  inventory: { gpus: 16 },
  pools: {
    shared: {
      replicas: 2,
      replica: { engine: "batching", profile: "kimi-k2.6-b200x8", maxSequences: 32 },
      placement: "affinity",
      admission: {
        policy: "trunk-reservation",
        reserve: { standard: "4%" },
        maxQueue: 8,
        queueTimeout: "3s",
      },
    },
  },
  paths: {
    standard: { model: "m", pool: "shared", rank: 1, price: PRICE },
    priority: { model: "m", serviceTier: "priority", pool: "shared", rank: 0 },
  },
  limits: { generatedTokens: "60k/min" },
  traffic: {
    agents: {
      arrivals: { workload: "agentic", rate: 4.5 },
      accounts: { count: 40, skew: 1.2 },
      maxInput: "200k",
      agent: { subAgents: { share: "15%" } },
      mix: { standard: "80%", priority: "20%" },
      client: [
        { share: "60%", preset: "openai-node-6" },
        { share: "40%", preset: "claude-code" },
      ],
    },
  },
};

/** Single requests of programs, most of which send on and off. */
const ON_OFF: ScenarioInput = {
  schemaVersion: 1,
  duration: "11m",
  warmup: "1m",
  inventory: { gpus: 1 },
  pools: {
    shared: {
      replicas: 1,
      replica: { engine: "slots", slots: 12, tokensPerSecond: 20 },
      admission: { policy: "tail-drop", maxQueue: 6, queueTimeout: "5s" },
    },
  },
  paths: { standard: { model: "m", pool: "shared", rank: 0 } },
  traffic: {
    programs: {
      arrivals: { workload: "agentic", rate: 5, onOff: { on: "25s", off: "55s", share: "90%" }, swings: [] },
      archetypes: { agent: 0, api: "100%", chat: 0 },
      accounts: { count: 12, skew: 0.5 },
      mix: { standard: "100%" },
      client: "openai-node-6",
    },
  },
};

/** People in chats: sessions that begin and end within a run. */
const CHATS: ScenarioInput = {
  schemaVersion: 1,
  duration: "17m",
  warmup: "2m",
  inventory: { gpus: 1 },
  pools: {
    shared: {
      replicas: 1,
      replica: { engine: "slots", slots: 11, tokensPerSecond: 60 },
      admission: { policy: "tail-drop", maxQueue: 4, queueTimeout: "2s" },
    },
  },
  paths: { standard: { model: "m", pool: "shared", rank: 0, price: PRICE } },
  traffic: {
    people: {
      arrivals: {
        workload: "agentic",
        rate: 1.5,
        swings: [{ sigma: 0.5, tau: "10m" }],
        shape: { daily: "flat" },
      },
      archetypes: { agent: 0, api: 0, chat: "100%" },
      accounts: { count: 40, skew: 0.8 },
      chat: { gap: { mu: 3.4, sigma: 1, most: 600 } },
      mix: { standard: "100%" },
      client: { preset: "openai-node-6", maxRetries: 1 },
    },
  },
};

/** The quickstart's fleet and traffic, a quarter of them. */
const QUICKSTART: ScenarioInput = {
  schemaVersion: 1,
  duration: "130s",
  warmup: "30s",
  inventory: { gpus: 1 },
  pools: {
    shared: {
      replicas: 1,
      replica: { engine: "batching", profile: "llama-3.1-8b-h100", maxSequences: 128, kvTokens: "400k" },
      admission: {
        policy: "trunk-reservation",
        reserve: { standard: "4%" },
        maxQueue: 12,
        queueTimeout: "2s",
      },
    },
  },
  paths: {
    standard: { model: "m", pool: "shared", rank: 1 },
    priority: { model: "m", serviceTier: "priority", pool: "shared", rank: 0 },
  },
  traffic: {
    agents: {
      arrivals: { process: "gamma", rate: 8, cv: 6 },
      accounts: { count: 50, skew: 1 },
      input: { dist: "lognormal", median: 800, sigma: 0.8 },
      output: { dist: "lognormal", median: 180, sigma: 0.8 },
      mix: { standard: "88%", priority: "12%" },
      client: "openai-node-6",
    },
  },
};

type Arrivals = ScenarioInput["traffic"][string]["arrivals"];

/** Servers that take a second, for arrivals of any kind. */
function servers(
  slots: number,
  arrivals: Arrivals,
  duration: string,
  more: Partial<Parameters<typeof lossSystem>[0]> = {},
): ScenarioInput {
  const admission = { policy: "tail-drop", maxQueue: 0 } as const;
  const system = lossSystem({ slots, rates: { standard: 1 }, admission, duration, warmup: "20s", ...more });
  return { ...system, traffic: { callers: { ...system.traffic["callers"]!, arrivals } } };
}

const poisson = (rate: number): Arrivals => ({ process: "poisson", rate });

/** Rates that step up and down, the highest above what the servers can do. */
const PHASES = servers(
  12,
  {
    process: "poisson",
    repeat: true,
    phases: [
      { duration: "60s", arrivalRate: 3 },
      { duration: "60s", arrivalRate: 9 },
      { duration: "30s", arrivalRate: 14 },
    ],
  },
  "320s",
  { admission: { policy: "tail-drop", maxQueue: 10 } },
);

/** A few accounts that rush their limit of requests now and then. */
const LIMITED: ScenarioInput = {
  ...servers(200, { process: "gamma", rate: 12, cv: 4 }, "180s", { client: "openai-node-6" }),
  limits: { requests: "150/min" },
};
const LIMITED_ACCOUNTS: ScenarioInput = {
  ...LIMITED,
  traffic: { callers: { ...LIMITED.traffic["callers"]!, accounts: { count: 12, skew: 0.8 } } },
};

/** So many clumps in a run that most runs have none. */
const CLUMPS = 0.25;
const CLUMP_LENGTH = 0.2;

/** Light traffic on thirty servers, and now and then a clump of fifty requests at once, twenty of which are refused. */
function clumps(seed: string): ScenarioInput {
  const stream = openStream(seed, "clumps");
  const phases: { duration: string; arrivalRate: number }[] = [];
  const [from, until] = [20, 220];
  let at = 0;
  // Clumps are a Poisson process over the measured window.
  for (let next = from; ; at = next + CLUMP_LENGTH) {
    next += (-Math.log(1 - stream.uniform()) * (until - from)) / CLUMPS;
    if (next + CLUMP_LENGTH >= until) break;
    phases.push({ duration: `${(next - at).toFixed(6)}s`, arrivalRate: 5 });
    phases.push({ duration: `${CLUMP_LENGTH}s`, arrivalRate: 50 / CLUMP_LENGTH });
  }
  phases.push({ duration: `${until}s`, arrivalRate: 5 });
  return servers(30, { process: "poisson", phases }, `${until}s`);
}

/** One run in ten sheds a quarter of its attempts, all others nothing: 2.5 % in all. */
const [QUIET, OVERLOADED] = [servers(100, poisson(10), "60s"), servers(9, poisson(10), "60s")];
const oneInTen = (seed: string) => (openStream(seed, "one in ten").uniform() < 0.1 ? OVERLOADED : QUIET);

/** One server whose services of a second on average are lognormal with sigma 1.5, and never cut short. */
function heavyTailed(load: number, requests: number): ScenarioInput {
  const service = { dist: "lognormal", mean: 1e4, sigma: 1.5 } as const;
  const admission = { policy: "none" } as const;
  const duration = `${200 + requests / load}s`;
  const system = servers(1, poisson(load), duration, { admission, service, warmup: "200s" });
  const replica = { engine: "slots", slots: 1, tokensPerSecond: 1e4 } as const;
  return { ...system, pools: { shared: { ...system.pools["shared"]!, replica } } };
}

const waiting = (slots: number, load: number, seconds: number, warmup: string) =>
  lossSystem({
    slots,
    rates: { standard: load },
    admission: { policy: "none" },
    duration: `${seconds}s`,
    warmup,
  });

export const MODELS: readonly Model[] = [
  {
    name: "agents",
    half: "chosen",
    seeds: 800,
    scenario: always(agentsOnSlots(32)),
    swings: true,
    measures: [
      shed("standard"),
      failure("standard"),
      AMPLIFICATION,
      ...ttft("standard", 50, 95, 99),
      throughput("standard"),
      latency("standard"),
      ...sessions("agents"),
    ],
  },
  {
    name: "agents-batching",
    half: "scored",
    seeds: 500,
    scenario: always(AGENTS_ON_REPLICAS),
    swings: true,
    measures: [
      shed("standard"),
      limited("standard"),
      failure("standard"),
      AMPLIFICATION,
      ...ttft("standard", 50, 95, 99),
      ...speed("standard"),
      throughput("standard"),
      latency("standard"),
      ...sessions("agents"),
    ],
  },
  {
    name: "chats",
    half: "chosen",
    seeds: 500,
    scenario: always(CHATS),
    swings: true,
    measures: [
      shed("standard"),
      AMPLIFICATION,
      ...ttft("standard", 50, 95),
      latency("standard"),
      ...sessions("people"),
    ],
  },
  {
    name: "on-off",
    half: "scored",
    seeds: 600,
    scenario: always(ON_OFF),
    measures: [shed("standard"), failure("standard"), AMPLIFICATION, ...ttft("standard", 50, 95, 99)],
  },
  {
    name: "clumped",
    half: "chosen",
    seeds: 800,
    scenario: always(
      servers(20, { process: "gamma", rate: 10, cv: 6 }, "120s", {
        admission: { policy: "tail-drop", maxQueue: 20 },
      }),
    ),
    measures: [
      shed("standard"),
      ...ttft("standard", 75, 95, 99),
      throughput("standard"),
      latency("standard"),
    ],
  },
  {
    name: "heavy-tail",
    half: "scored",
    seeds: 2000,
    scenario: always(heavyTailed(0.5, 500)),
    measures: [["queue_wait{tier:standard}", "avg"], ...ttft("standard", 75, 95), latency("standard")],
    // Pollaczek and Khinchine: the arrival rate times the mean square of services, over twice what is idle.
    exact: (0.5 * Math.exp(1.5 ** 2)) / 2 / (1 - 0.5),
  },
  {
    name: "phases",
    half: "chosen",
    seeds: 600,
    scenario: always(PHASES),
    measures: [
      shed("standard"),
      ...ttft("standard", 50, 95, 99),
      throughput("standard"),
      latency("standard"),
    ],
  },
  {
    name: "tiny",
    half: "scored",
    seeds: 1000,
    scenario: always(waiting(10, 7, 60, "20s")),
    measures: [...ttft("standard", 50, 95, 99), latency("standard")],
  },
  {
    name: "erlang-b",
    half: "chosen",
    seeds: 600,
    scenario: always(servers(10, poisson(8), "145s", { client: "none" })),
    measures: [shed("standard"), failure("standard"), latency("standard")],
  },
  {
    name: "erlang-b-rare",
    half: "scored",
    seeds: 800,
    scenario: always(servers(10, poisson(3), "350s", { client: "none" })),
    measures: [shed("standard"), failure("standard")],
  },
  {
    name: "erlang-c",
    half: "scored",
    seeds: 600,
    scenario: always(waiting(10, 7, 350, "50s")),
    measures: [["queue_wait{tier:standard}", "avg"], ...ttft("standard", 95, 99), latency("standard")],
  },
  {
    name: "retries",
    half: "chosen",
    seeds: 500,
    scenario: always(servers(10, poisson(6), "180s", { client: "openai-node-6" })),
    measures: [shed("standard"), failure("standard"), AMPLIFICATION, latency("standard")],
  },
  {
    name: "quickstart",
    half: "scored",
    seeds: 600,
    scenario: always(QUICKSTART),
    measures: [
      shed("standard"),
      failure("standard"),
      AMPLIFICATION,
      ...ttft("standard", 50, 95, 99),
      ...speed("standard"),
      throughput("standard"),
      latency("standard"),
    ],
  },
  {
    name: "rate-limits",
    half: "chosen",
    seeds: 600,
    scenario: always(LIMITED_ACCOUNTS),
    measures: [limited("standard"), failure("standard"), AMPLIFICATION],
  },
  {
    name: "clumps",
    half: "scored",
    seeds: 800,
    scenario: clumps,
    measures: [shed("standard")],
  },
  {
    name: "one-in-ten",
    half: "chosen",
    seeds: 800,
    scenario: oneInTen,
    measures: [shed("standard")],
  },
  {
    name: "agents-one-run",
    half: "chosen",
    seeds: 25,
    isAlone: true,
    scenario: always({ ...agentsOnSlots(32), duration: "125m" }),
    measures: [shed("standard"), ...ttft("standard", 50, 99), latency("standard")],
  },
];

export interface Cut {
  readonly name: string;
  readonly before: Model;
  /** The same on the same seeds with a tenth of the capacity gone. */
  readonly after: Model;
}

function cut(name: string, seeds: number, scenario: (slots: number) => ScenarioInput, slots: number): Cut {
  const measures = [shed("standard"), failure("standard"), ...ttft("standard", 95)];
  const model = (left: number): Model => {
    const named = { name: `${name}-${left}`, seedsOf: name, half: "scored", seeds } as const;
    return { ...named, scenario: always(scenario(left)), measures };
  };
  return { name, before: model(slots), after: model(Math.round(0.9 * slots)) };
}

export const CUTS: readonly Cut[] = [
  cut("open loop", 250, (slots) => servers(slots, poisson(17), "140s"), 20),
  cut("agents", 250, agentsOnSlots, 32),
];
