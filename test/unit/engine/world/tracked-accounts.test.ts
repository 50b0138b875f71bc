import { describe, expect, it } from "vitest";
import { trackedAccounts } from "../../../../src/core/engine/world/tracked-accounts.js";
import { parseScenario, type ScenarioInput } from "../../../../src/core/index.js";
import { tinyScenario } from "../tiny.js";

type Traffic = ScenarioInput["traffic"];
type Source = Traffic[string];

const trackedOf = (traffic: Traffic, more: Partial<ScenarioInput> = {}) =>
  trackedAccounts(parseScenario(tinyScenario({ more: { duration: "15m", traffic, ...more } })));

/** So many requests per second, by accounts of which the k-th sends as 1 / k. */
const open = (rate: number, count: number, skew = 1, arrivals: object = { rate }): Source =>
  ({
    mix: { standard: 1 },
    arrivals: { process: "poisson", ...arrivals },
    accounts: { count, skew },
    input: 9,
    output: 9,
  }) as Source;

describe("the accounts that are measured by themselves", () => {
  it("are the largest five of a source, the first ones: they send most", () => {
    expect(trackedOf({ chat: open(5, 100) })).toEqual(["chat-1", "chat-2", "chat-3", "chat-4", "chat-5"]);
    expect(trackedOf({ chat: open(5, 3) })).toEqual(["chat-1", "chat-2", "chat-3"]);
  });

  it("are the largest five over all sources, by the rates that the scenario gives them", () => {
    // Of three accounts 6/11, 3/11 and 2/11 of the rate: 6, 3, 2 and 24, 12, 8.
    expect(trackedOf({ chat: open(11, 3), batch: open(44, 3) })).toEqual([
      "batch-1",
      "batch-2",
      "batch-3",
      "chat-1",
      "chat-2",
    ]);
  });

  it("know the rate of phases as their mean over time", () => {
    const phases = [
      { duration: "1m", arrivalRate: 0, rampTo: 40 },
      { duration: "3m", arrivalRate: 4 },
    ];
    // 8 a second on average: 4.4, 2.2 and 1.5 by account.
    const phased = open(8, 3, 1, { phases });
    expect(trackedOf({ low: open(7.9, 3), phased, high: open(8.1, 3) }).slice(0, 3)).toEqual([
      "high-1",
      "phased-1",
      "low-1",
    ]);
  });

  it("are those of a population, as its workload has them where it says nothing of accounts", () => {
    const population = { arrivals: { workload: "conv", rate: 5 }, mix: { standard: 1 } } as const;
    const names = trackedOf({ callers: population });
    expect(names).toEqual([1, 2, 3, 4, 5].map((rank) => `callers-${rank}`));
    const two = { ...population, accounts: { count: 2, skew: 1 } };
    expect(trackedOf({ callers: two })).toEqual(["callers-1", "callers-2"]);
  });

  it("are none where one account sends everything, all send alike, or answers decide how often", () => {
    expect(trackedOf({ one: open(5, 1), alike: open(5, 9, 0) })).toEqual([]);
    const closed = open(5, 9, 1, { process: "closed", callers: 20, think: 1 });
    expect(trackedOf({ closed })).toEqual([]);
  });

  it("are first of all those that thresholds name, once each, however little they send", () => {
    const thresholds = {
      "ttft{account:chat-77}": ["p(50)<1s", "p(99)<9s"],
      "ttft{account:chat-2}": ["p(50)<1s"],
      "ttft{tier:standard}": ["p(50)<1s"],
    };
    expect(trackedOf({ chat: open(5, 100) }, { thresholds })).toEqual([
      ...["chat-77", "chat-2", "chat-1", "chat-3", "chat-4", "chat-5"],
    ]);
  });
});
