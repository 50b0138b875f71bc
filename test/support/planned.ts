// Ten small fleets to be planned, and the two ways to do it: the search, and one long run of every value.
import {
  loadScenario,
  type RunResult,
  type Scenario,
  type ScenarioInput,
  Simulation,
} from "../../src/core/index.js";
import {
  axisOf,
  type Candidate,
  candidateOverrides,
  makePlan,
  probeOf,
  readRange,
  study,
  type TrialSettings,
  thresholdsOf,
} from "../../src/core/internal.js";
import type { PlanResult } from "../../src/core/tools/planning/plan-result.js";

export interface Planned {
  readonly name: string;
  readonly scenario: ScenarioInput;
  /** As `--find` takes it. */
  readonly range: string;
}

const CONFIDENCE = 0.95;
const MOST = 16;

function load(text: string, overrides: readonly string[] = []): Scenario {
  const loaded = loadScenario(
    { file: "planned.yaml", text },
    {
      overrides: overrides.map((one) => {
        const at = one.indexOf("=");
        return { path: one.slice(0, at), value: one.slice(at + 1), origin: "plan" };
      }),
    },
  );
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.issues));
  return loaded.scenario;
}

function run(scenario: Scenario, seed: string): RunResult {
  const simulation = new Simulation(scenario, { seed, neverAborts: true, isPooled: true });
  simulation.run();
  return simulation.result();
}

/** What `surgefleet plan --find` does, without threads. */
export async function planOf(
  { scenario, range }: Planned,
  seed: string,
  demands: readonly number[] = [],
  most = MOST,
) {
  const text = JSON.stringify(scenario);
  const base = load(text);
  const probe = async ({ values, demand }: Candidate, settings: TrialSettings) => {
    const candidate = load(text, candidateOverrides(base, values, demand));
    const { kind: _, isFixed, isCompared: __, first, most: runs, ...judged } = settings;
    const { result, clusters } = await study(async (one) => run(candidate, one), {
      ...judged,
      plan: isFixed
        ? { kind: "fixed", count: runs }
        : { kind: "decided", most: runs, mustKeepUp: true, first },
      thresholds: thresholdsOf(candidate),
      abortOn: thresholdsOf(candidate).map((_, index) => index),
    });
    return probeOf(result!, clusters());
  };
  const axis = axisOf(readRange(range), { kind: "whole" });
  return makePlan(
    { kind: "key", axis, better: "higher", survey: 0 },
    { scenario: base, seed, probe, confidence: CONFIDENCE, most, demands },
  );
}

/** A run so long that what it sheds, and how long it makes wait, is nearly what the fleet does for ever. */
const LONG = "8008s";

/** The least value around the plan's margin that meets every threshold in one long run; null where none does. */
export function leastInLongRuns(
  { scenario, range }: Planned,
  seed: string,
  { margin }: PlanResult,
): number | null {
  const text = JSON.stringify({ ...scenario, duration: LONG });
  const base = load(text);
  const { path, values, texts } = axisOf(readRange(range), { kind: "whole" });
  for (const [index, value] of values.entries()) {
    if (value < Number(margin?.from) - 2 || value > Number(margin?.to) + 1) continue;
    const candidate = load(text, candidateOverrides(base, [[path, texts[index]!]], 1));
    if (probeOf(run(candidate, `${seed}/long`), {}).seemsEnough) return value;
  }
  return null;
}

type Pool = ScenarioInput["pools"][string];

interface Fleet {
  readonly rate: number;
  readonly pool: Omit<Pool, "replicas">;
  readonly thresholds: ScenarioInput["thresholds"];
  readonly more?: Partial<ScenarioInput>;
  readonly source?: Partial<ScenarioInput["traffic"][string]>;
  readonly arrivals?: ScenarioInput["traffic"][string]["arrivals"];
}

function fleet({ rate, pool, thresholds, more = {}, source = {}, arrivals }: Fleet): ScenarioInput {
  return {
    schemaVersion: 1,
    duration: "40s",
    warmup: "8s",
    inventory: { gpus: 1 },
    pools: { shared: { ...pool, replicas: 1 } as Pool },
    paths: { standard: { model: "m", pool: "shared", rank: 0 } },
    traffic: {
      calls: {
        arrivals: arrivals ?? { process: "poisson", rate },
        input: 20,
        output: { dist: "exponential", mean: 100 },
        mix: { standard: 1 },
        ...source,
      } as ScenarioInput["traffic"][string],
    },
    thresholds: thresholds as NonNullable<ScenarioInput["thresholds"]>,
    ...more,
  };
}

const slots = (count: number): Pool["replica"] => ({ engine: "slots", slots: count, tokensPerSecond: 100 });
const batching: Pool["replica"] = {
  engine: "batching",
  profile: { base: "10ms", perSequence: "500us", perContextToken: "0us", perPrefillToken: "20us" },
  maxSequences: 16,
  maxBatchedTokens: 512,
  kvTokens: 20_000,
};
const LOSS = { policy: "tail-drop", maxQueue: 0 } as const;
const QUEUE = { policy: "tail-drop", maxQueue: 1000, queueTimeout: "10s" } as const;
const SHED = "overloaded_rate{tier:standard,per:attempt}";
const TWO_TIERS: Partial<ScenarioInput> = {
  paths: {
    standard: { model: "m", pool: "shared", rank: 1 },
    priority: { model: "m", serviceTier: "priority", pool: "shared", rank: 0 },
  },
};
const MIXED = { mix: { standard: 0.8, priority: 0.2 } };

export const PLANNED: readonly Planned[] = [
  {
    name: "loss system, shed below 5%",
    range: "pools.shared.replicas=1..100",
    scenario: fleet({
      rate: 40,
      pool: { replica: slots(1), admission: LOSS },
      thresholds: { [SHED]: "rate<5%" },
    }),
  },
  {
    name: "loss system of pooled slots, below 1%",
    range: "pools.shared.replicas=1..80",
    scenario: fleet({
      rate: 60,
      pool: { replica: slots(4), admission: LOSS },
      thresholds: { [SHED]: "rate<1%" },
    }),
  },
  {
    name: "queue, p95 of waiting below 0.5 s",
    range: "pools.shared.replicas=1..100",
    scenario: fleet({
      rate: 30,
      pool: { replica: slots(1), admission: QUEUE },
      thresholds: { "queue_wait{tier:standard}": "p(95)<500ms" },
    }),
  },
  {
    name: "queue, mean time to first token below 0.1 s",
    range: "pools.shared.replicas=1..64",
    scenario: fleet({
      rate: 40,
      pool: { replica: slots(2), admission: QUEUE },
      thresholds: { "ttft{tier:standard}": "avg<100ms" },
    }),
  },
  {
    name: "bursts (gamma, cv 3), shed below 5%",
    range: "pools.shared.replicas=1..128",
    scenario: fleet({
      rate: 40,
      arrivals: { process: "gamma", cv: 3, rate: 40 },
      pool: { replica: slots(1), admission: { policy: "tail-drop", maxQueue: 20, queueTimeout: "1s" } },
      thresholds: { [SHED]: "rate<5%" },
    }),
  },
  {
    name: "Priority with 10% reserved, both tiers bounded",
    range: "pools.shared.replicas=1..80",
    scenario: fleet({
      rate: 40,
      pool: {
        replica: slots(2),
        admission: { policy: "trunk-reservation", reserve: { standard: 0.1 }, maxQueue: 0 },
      },
      more: TWO_TIERS,
      source: MIXED,
      thresholds: { [SHED]: "rate<10%", "overloaded_rate{tier:priority,per:attempt}": "rate<2%" },
    }),
  },
  {
    name: "clients that retry, requests lost below 2%",
    range: "pools.shared.replicas=1..100",
    scenario: fleet({
      rate: 40,
      pool: { replica: slots(1), admission: LOSS },
      source: { client: "openai-node-6" },
      thresholds: { "failure_rate{tier:standard}": "rate<2%" },
    }),
  },
  {
    name: "batching, median speed of 70 tokens/s",
    range: "pools.shared.replicas=1..64",
    scenario: fleet({
      rate: 30,
      pool: { replica: batching, admission: QUEUE },
      thresholds: { "tokens_per_second{tier:standard}": "p(50)>=70" },
    }),
  },
  {
    name: "batching, shed below 2%",
    range: "pools.shared.replicas=1..64",
    scenario: fleet({
      rate: 60,
      pool: { replica: batching, admission: LOSS },
      thresholds: { [SHED]: "rate<2%" },
    }),
  },
  {
    name: "batching with Priority, time to first token p90",
    range: "pools.shared.replicas=1..64",
    scenario: fleet({
      rate: 50,
      pool: {
        replica: batching,
        admission: {
          policy: "trunk-reservation",
          reserve: { standard: 0.1 },
          maxQueue: 50,
          queueTimeout: "5s",
        },
      },
      more: TWO_TIERS,
      source: MIXED,
      thresholds: { "ttft{tier:standard}": "p(90)<200ms", [SHED]: "rate<5%" },
    }),
  },
];
