// What a run says of fairness is what its attempts say, one by one: worked out once more from the rows of requests.csv,
// of traffic whose answers all have one length, since a row of a refused attempt has none.
import { describe, expect, it } from "vitest";
import { type AttemptRow, parseScenario, type ScenarioInput, Simulation } from "../../../src/core/index.js";
import type { FairnessResult } from "../../../src/core/results/metrics/fairness.js";

const ANSWER = 40;
const WARMUP = 20;
const UNTIL = 600;

const SCENARIO: ScenarioInput = {
  schemaVersion: 1,
  duration: `${UNTIL}s`,
  warmup: `${WARMUP}s`,
  inventory: { gpus: 1 },
  pools: {
    shared: {
      replicas: 1,
      replica: { engine: "slots", slots: 8, tokensPerSecond: 50 },
      admission: { policy: "tail-drop", maxQueue: 3, queueTimeout: "1s" },
    },
  },
  paths: {
    standard: { model: "m", pool: "shared", rank: 0 },
    priority: { model: "m", serviceTier: "priority", pool: "shared", rank: 1 },
  },
  limits: { requests: { rate: "90/min", burst: 10 } },
  traffic: {
    agents: {
      arrivals: { process: "poisson", rate: 12 },
      accounts: { count: 40, skew: 1.2 },
      input: { dist: "lognormal", median: 100, sigma: 1 },
      output: { dist: "constant", value: ANSWER },
      mix: { standard: 0.7, priority: 0.3 },
      client: "openai-node-6",
    },
  },
  thresholds: { service_fairness: ["value>0.2"], "worst_account_service{tier:priority}": ["rate>=0"] },
};

function rowsOf(scenario: ScenarioInput) {
  const rows: AttemptRow[] = [];
  const simulation = new Simulation(parseScenario(scenario), {
    seed: "fair",
    onAttempt: (row) => rows.push({ ...row }),
  });
  simulation.run();
  return { rows, result: simulation.result() };
}

const isMeasured = (at: number) => at >= WARMUP && at < UNTIL;

/** By account: attempts that arrived in the window, and requests that came up in it and ended, by their last attempt. */
function fairnessIn(rows: readonly AttemptRow[], isOfTier: (row: AttemptRow) => boolean) {
  const requests = new Map<number, AttemptRow[]>();
  for (const row of rows) requests.set(row.request, [...(requests.get(row.request) ?? []), row]);
  const byAccount = new Map<
    string,
    { asked: number; served: number; ended: number; tries: number; shed: number }
  >();
  const of = (account: string) => {
    const known = byAccount.get(account) ?? { asked: 0, served: 0, ended: 0, tries: 0, shed: 0 };
    byAccount.set(account, known);
    return known;
  };
  for (const row of rows) {
    if (!isOfTier(row) || !isMeasured(row.arrived)) continue;
    of(row.account).tries++;
    if (row.outcome === "overloaded") of(row.account).shed++;
  }
  for (const attempts of requests.values()) {
    const [first, last] = [attempts[0]!, attempts.at(-1)!];
    if (!isOfTier(first) || !isMeasured(first.arrived) || last.retryIn !== null) continue;
    if (last.outcome === "in_flight") continue;
    const own = of(first.account);
    const tokens = first.inputTokens + ANSWER;
    own.ended++;
    own.asked += tokens;
    if (last.outcome === "completed") own.served += tokens;
  }
  const accounts = [...byAccount.entries()].map(([name, one]) => ({ name, ...one }));
  const shares = accounts.filter(({ asked }) => asked > 0).map(({ asked, served }) => served / asked);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const shed = accounts
    .filter(({ tries }) => tries >= 100)
    .sort((a, b) => b.shed / b.tries - a.shed / a.tries)[0]!;
  const least = accounts
    .filter(({ ended }) => ended >= 100)
    .sort((a, b) => a.served / a.asked - b.served / b.asked)[0]!;
  return {
    accounts: shares.length,
    service: sum(shares) ** 2 / (shares.length * sum(shares.map((one) => one ** 2))),
    worstOverloadedRate: shed.shed / shed.tries,
    worstOverloadedAccount: shed.name,
    worstService: least.served / least.asked,
    worstServiceAccount: least.name,
  };
}

function expectSame(told: FairnessResult | null, counted: ReturnType<typeof fairnessIn>): void {
  const { service, ...rest } = counted;
  expect(told).toMatchObject(rest);
  expect(told!.service).toBeCloseTo(service, 12);
}

describe("the fairness of a run", () => {
  const { rows, result } = rowsOf(SCENARIO);

  it("is that of its attempts, of all tiers and of each", () => {
    expectSame(
      result.all.fairness,
      fairnessIn(rows, () => true),
    );
    for (const { tier, fairness } of result.tiers) {
      expectSame(
        fairness,
        fairnessIn(rows, (row) => row.tier === tier),
      );
    }
    const { accounts, service, worstService } = result.all.fairness!;
    expect(accounts).toBe(40);
    // The largest account is over its own limit, so that it is served less than the others.
    expect([service! < 0.999, worstService! < 0.9]).toEqual([true, true]);
  });

  it("is estimated, and judged by thresholds", () => {
    const value = (metric: string) => result.estimates.find((one) => one.metric === metric)!.value;
    expect(value("service_fairness{tier:all}")).toBe(result.all.fairness!.service);
    expect(value("worst_account_overloaded_rate{tier:standard}")).toBe(
      result.tiers[0]!.fairness!.worstOverloadedRate,
    );
    expect(result.thresholds.map(({ observed }) => observed)).toEqual([
      result.all.fairness!.service,
      result.tiers[1]!.fairness!.worstService,
    ]);
    expect(result.thresholds[0]).toMatchObject({ low: null, high: null, method: "one-seed" });
  });

  it("adds up: what accounts asked for is what was asked for, and what they were served", () => {
    const { accounts, all } = result;
    const sum = (key: "endedRequests" | "demandedTokens" | "servedTokens") =>
      accounts.reduce((total, row) => total + row[key], 0);
    const { completed, failed } = all.requests;
    expect(sum("endedRequests")).toBe(completed + failed);
    const served = rows.filter((row) => row.outcome === "completed");
    const first = new Map(
      rows.filter(({ attempt }) => attempt === 1).map((row) => [row.request, row.arrived]),
    );
    const tokens = served
      .filter(({ request }) => isMeasured(first.get(request)!))
      .map((row) => row.inputTokens + ANSWER);
    expect(sum("servedTokens")).toBe(tokens.reduce((total, one) => total + one, 0));
  });
});

describe("between one account that asks for most and nine small ones in an overload", () => {
  /** 8 s of work come in every second for 4 places; the one account asks for about a third of it. */
  const under = (discipline: "fifo" | "vtc") => {
    const { result } = rowsOf({
      ...SCENARIO,
      limits: {},
      thresholds: {},
      pools: {
        shared: {
          replicas: 1,
          replica: { engine: "slots", slots: 4, tokensPerSecond: 40 },
          discipline,
          admission: { policy: "tail-drop", maxQueue: 200, queueTimeout: "5s" },
        },
      },
      paths: { standard: { model: "m", pool: "shared", rank: 0 } },
      traffic: {
        agents: {
          ...SCENARIO.traffic["agents"]!,
          arrivals: { process: "poisson", rate: 8 },
          accounts: { count: 10, skew: 1 },
          input: { dist: "constant", value: 10 },
          mix: { standard: 1 },
          client: "none",
        },
      },
    });
    return result.all.fairness!;
  };

  it("first come, first served cuts all alike, and a fair queue the large one: each index says so", () => {
    const [first, fair] = [under("fifo"), under("vtc")];
    expect(first.service!).toBeGreaterThan(0.98);
    expect(first.maxMin!).toBeLessThan(0.9);
    expect(fair.maxMin!).toBeGreaterThan(0.97);
    expect(fair.service!).toBeLessThan(0.9);
    expect(fair.worstServiceAccount).toBe("agents-1");
  });
});
