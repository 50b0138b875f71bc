import { describe, expect, it } from "vitest";
import {
  accountRates,
  archetypesByRank,
} from "../../../../../src/core/demand/traffic/population/account-rates.js";
import { zipfWeights } from "../../../../../src/core/random/zipf.js";

const AGENTIC = { agent: 0.5, api: 0.35, chat: 0.15 };
const rates = (changes = {}) =>
  accountRates({
    name: "callers",
    rate: 40,
    accounts: { count: 200, skew: 1.2 },
    archetypes: AGENTIC,
    ...changes,
  });
const total = (all: readonly { readonly requestsPerSecond: number }[]) =>
  all.reduce((sum, { requestsPerSecond }) => sum + requestsPerSecond, 0);

describe("rates of accounts", () => {
  it("are together the rate, and by kind its shares", () => {
    expect(total(rates())).toBeCloseTo(40, 9);
    for (const [kind, share] of Object.entries(AGENTIC))
      expect(total(rates().filter((one) => one.kind === kind))).toBeCloseTo(40 * share, 9);
  });

  it("leave the share of a kind that has no account to the others", () => {
    const one = rates({ accounts: { count: 1, skew: 0 } });
    expect(one).toEqual([
      { account: "callers-1", id: "traffic/callers/callers-1", kind: "agent", requestsPerSecond: 40 },
    ]);
  });
});

describe("archetypes of accounts", () => {
  it("get their shares of the weight, whatever the shares", () => {
    const weights = zipfWeights(200, 1.2);
    const whole = weights.reduce((sum, weight) => sum + weight, 0);
    const kinds = archetypesByRank(weights, AGENTIC);
    const share = (kind: string) =>
      kinds.reduce((sum, one, rank) => (one === kind ? sum + weights[rank]! : sum), 0) / whole;
    expect(share("agent")).toBeCloseTo(0.5, 1);
    expect(share("api")).toBeCloseTo(0.35, 1);
    expect(share("chat")).toBeCloseTo(0.15, 1);
    expect(kinds[0]).toBe("agent");
  });
});
