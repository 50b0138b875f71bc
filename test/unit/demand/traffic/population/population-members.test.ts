import { describe, expect, it } from "vitest";
import { type Instant, NEVER, seconds } from "../../../../../src/core/base/units.js";
import { AccountNames } from "../../../../../src/core/demand/traffic/accounts.js";
import {
  buildMembers,
  type PopulationOptions,
} from "../../../../../src/core/demand/traffic/population/population-members.js";
import { populationOptions } from "../sessions/drive.js";

const HORIZON = 200_000;

function members(changes: Partial<PopulationOptions> = {}, seed = "1") {
  const until = seconds(HORIZON) as number as Instant;
  return buildMembers(populationOptions({ until, ...changes }), seed, new AccountNames());
}

const ratesOf = (changes: Partial<PopulationOptions>) =>
  members(changes).map(({ kind, arrivals }) => {
    let count = 0;
    for (; arrivals.nextAt < seconds(HORIZON); arrivals.advance()) count++;
    return { kind, rate: count / HORIZON };
  });

describe("the accounts of a population", () => {
  it("are the same whatever their number: one more changes none of the draws of the others", () => {
    const instants = (count: number) =>
      members({ accounts: { count, skew: 0 }, archetypes: { agent: 0, api: 1, chat: 0 }, rate: count })
        .slice(0, 5)
        .map(({ id, arrivals }) => [id, arrivals.nextAt]);
    expect(instants(6)).toEqual(instants(5));
  });

  it("send by Zipf's law, and together at the stated rate", () => {
    const rates = ratesOf({
      accounts: { count: 8, skew: 1 },
      archetypes: { agent: 0, api: 1, chat: 0 },
      rate: 2,
    });
    const total = rates.reduce((sum, { rate }) => sum + rate, 0);
    expect(Math.abs(total / 2 - 1)).toBeLessThan(0.01);
    for (const [rank, { rate }] of rates.entries()) {
      expect(Math.abs((rate * (rank + 1)) / rates[0]!.rate - 1)).toBeLessThan(0.05);
    }
  });

  it("give the share of a kind that has no account to the others", () => {
    const [only, ...more] = ratesOf({
      accounts: { count: 1, skew: 0 },
      archetypes: { agent: 0.2, api: 0.5, chat: 0.3 },
      rate: 1,
    });
    expect(more).toEqual([]);
    expect(only!.kind).toBe("api");
    expect(Math.abs(only!.rate - 1)).toBeLessThan(0.02);
  });

  it("draw their path only where the mix is by account", () => {
    const mix = [
      { model: "kimi", share: 0.5 },
      { model: "turbo", share: 0.5 },
    ];
    expect(members({ mix, mixBy: "session" }).every(({ entry }) => entry === undefined)).toBe(true);
    const models = members({ mix, mixBy: "account" }).map(({ entry }) => entry?.model);
    expect(new Set(models)).toEqual(new Set(["kimi", "turbo"]));
  });

  it("that are agents use one application to three, of those there are", () => {
    const agents = members({ archetypes: { agent: 1, api: 0, chat: 0 }, accounts: { count: 300, skew: 0 } });
    const sizes = new Set(agents.map(({ groups }) => groups.length));
    expect([...sizes].sort()).toEqual([1, 2, 3]);
    expect(agents.every(({ groups }) => groups.every((group) => group >= 0 && group < 100))).toBe(true);
    // Applications differ in popularity.
    const uses = agents.flatMap(({ groups }) => groups);
    const few = uses.filter((group) => group < 10).length;
    expect(few / uses.length).toBeGreaterThan(0.15);
  });

  it("that are programs are on and off for the stated share of their weight", () => {
    const onOff = { on: seconds(25), off: seconds(55), share: 0.5 };
    const options = {
      archetypes: { agent: 0, api: 1, chat: 0 },
      accounts: { count: 100, skew: 0 },
      rate: 100,
      until: NEVER,
      onOff,
    };
    const isBursty = members(options).map(({ arrivals }) => {
      let [within, count] = [0, 0];
      for (let before = arrivals.nextAt; count < 2000; count++) {
        arrivals.advance();
        if (arrivals.nextAt - before > seconds(20)) within++;
        before = arrivals.nextAt;
      }
      return within > 0;
    });
    expect(Math.abs(isBursty.filter(Boolean).length - 50)).toBeLessThanOrEqual(1);
  });

  it("do the same from the same seed only", () => {
    const firsts = (seed: string) => members({}, seed).map(({ arrivals }) => arrivals.nextAt);
    expect(firsts("1")).toEqual(firsts("1"));
    expect(firsts("2")).not.toEqual(firsts("1"));
  });
});
