import { describe, expect, it } from "vitest";
import { NO_HANDLE } from "../../../../src/core/api/wire.js";
import { Outcome } from "../../../../src/core/base/outcome.js";
import { instant, NEVER, START } from "../../../../src/core/base/units.js";
import { buildDemand } from "../../../../src/core/engine/world/build-demand.js";
import { parseScenario, type ScenarioInput } from "../../../../src/core/index.js";
import { EventQueue } from "../../../../src/core/kernel/event-queue.js";
import { Cohorts } from "../../../../src/core/results/ledger/cohorts.js";
import { Ledger } from "../../../../src/core/results/ledger/ledger.js";
import { tinyScenario } from "../tiny.js";

const SOURCES: ScenarioInput["traffic"] = {
  one: {
    arrivals: { process: "gamma", rate: 10, cv: 2 },
    accounts: { count: 3 },
    input: 10,
    output: 10,
    maxInput: 99,
    maxOutput: 100,
    mix: { standard: 0.5, "fast+priority": 0.5 },
    client: { preset: "openai-node-6", timeout: "7s" },
    fallback: ["fast", { path: "priority", on: ["overloaded", "timed_out"] }],
    patience: 3,
  },
  two: { arrivals: { process: "poisson", rate: 1 }, input: 10, output: 10, maxOutput: 100, mix: { fast: 1 } },
};

function build() {
  return buildDemand(parseScenario({ ...tinyScenario(), duration: "1m", traffic: SOURCES }), {
    seed: "1",
    readTrace: undefined,
    events: new EventQueue(),
    calls: { receive: () => NO_HANDLE, cancel: () => undefined, progress: () => 0 },
    ledger: new Ledger(4, START, NEVER),
    cohorts: new Cohorts(Object.keys(SOURCES), ["two-1"]),
    history: { attemptArrived: () => undefined, attemptEnded: () => undefined },
  });
}

describe("the callers of a run", () => {
  it("have their clients, their bounds, where they turn to and their accounts", () => {
    const { callers, accounts } = build();
    const seen = callers.map(({ source, clients, maxInput, fallbacks, patience }) => {
      const { name, timeout } = clients.of(0);
      return [source.name, name, timeout, maxInput, fallbacks, patience?.sample()];
    });
    const turns = [
      { path: 2, on: undefined },
      { path: 1, on: [Outcome.overloaded, Outcome.timedOut] },
    ];
    expect(seen).toEqual([
      ["one", "openai-node-6", 7_000_000, 99, turns, 3],
      ["two", "none", undefined, 128_000, [], undefined],
    ]);
    const names = Array.from({ length: accounts.count }, (_, index) => accounts.nameOf(index));
    expect(names).toEqual(["one-1", "one-2", "one-3", "two-1"]);
  });

  it("come in the order of their arrivals", () => {
    const { arrivals } = build();
    expect(arrivals.nextAt).toBeGreaterThan(instant(0));
    expect(arrivals.nextAt).toBeLessThan(NEVER);
  });
});
