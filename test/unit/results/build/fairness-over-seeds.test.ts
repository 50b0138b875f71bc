// What several seeds say of fairness together: each run is one trial.
import { describe, expect, it } from "vitest";
import { reasonCode } from "../../../../src/core/base/outcome.js";
import { type Instant, NEVER } from "../../../../src/core/base/units.js";
import { pooledResult } from "../../../../src/core/results/build/pooled.js";
import { Cohorts } from "../../../../src/core/results/ledger/cohorts.js";
import { Ledger } from "../../../../src/core/results/ledger/ledger.js";
import { smallRun } from "../shape/small-runs.js";

const COHORTS = new Cohorts(["agents"], ["agents-1", "agents-2"]);
const [COMPLETED, SHED] = [reasonCode("none"), reasonCode("overloaded_capacity")];
const at = 1 as Instant;

/** One tier of two accounts with 200 requests of an attempt each: how many of each account's are shed. */
function run(seed: string, shed: readonly [one: number, other: number]) {
  const ledger = new Ledger(3, 0 as Instant, NEVER, [], true, COHORTS);
  for (const [account, missing] of shed.entries()) {
    for (let request = 0; request < 200; request++) {
      const reason = request < missing ? SHED : COMPLETED;
      const tokens = { inputTokens: 4, cachedTokens: 0, outputTokens: 1, servedTier: 0 };
      ledger.requestOffered(0, at, account + 1);
      ledger.attemptArrived(0, at, account, account + 1);
      if (reason === SHED) ledger.attemptFailed(0, at, reason, account, account + 1);
      else {
        const attempt = { arrivedAt: at, firstTokenAt: at, ...tokens };
        ledger.attemptCompleted(0, attempt, at, account, account + 1);
      }
      ledger.requestEnded(0, at, reason, account, account + 1, 5);
    }
  }
  ledger.assertConserved();
  const none = { ttfts: [], shed: 0 };
  return smallRun(seed, [none, none], {
    ...{ ledger, cohorts: COHORTS, thresholds: [] },
    nameOfAccount: (account) => `agents-${account + 1}`,
  });
}

const pooled = (...shed: readonly (readonly [number, number])[]) =>
  pooledResult(
    shed.map((each, index) => run(`s/${index + 1}`, each)),
    { seed: "s", confidence: 0.95, thresholds: [] },
  );

const jain = (x: number, y: number) => (x + y) ** 2 / (2 * (x * x + y * y));

/** Both ask for 1 and more was served than the one that got less: each has half of it. */
const maxMin = (x: number, y: number) => jain((2 * x) / (x + y), (2 * y) / (x + y));

describe("fairness over several seeds", () => {
  const { all, estimates } = pooled([0, 100], [100, 0], [0, 50], [0, 0]);
  const found = (metric: string, of = estimates) => of.find((one) => one.metric === metric)!;

  it("is the mean of the runs, and of the worst account the name that it has most often", () => {
    expect(all.fairness).toEqual({
      accounts: 2,
      service: expect.closeTo((2 * jain(1, 0.5) + jain(1, 0.75) + 1) / 4, 12),
      maxMin: expect.closeTo((2 * maxMin(1, 0.5) + maxMin(1, 0.75) + 1) / 4, 12),
      worstOverloadedRate: expect.closeTo((0.5 + 0.5 + 0.25) / 4, 12),
      worstOverloadedAccount: "agents-2",
      worstService: expect.closeTo((0.5 + 0.5 + 0.75 + 1) / 4, 12),
      worstServiceAccount: "agents-2",
    });
  });

  it("has an interval by how far runs differ, within what it can be", () => {
    for (const metric of ["service_fairness{tier:all}", "worst_account_overloaded_rate{tier:standard}"]) {
      const { value, low, high, n, method } = found(metric);
      expect([n, method], metric).toEqual([4, "replications"]);
      expect([0 < low!, low! < value!, value! < high!, high! <= 1], metric).toEqual([true, true, true, true]);
    }
  });

  it("is bounded by the number of runs where all were as fair as can be", () => {
    const fair = pooled([0, 0], [0, 0], [0, 0]).estimates;
    // 0.025^(1/3): a run is one trial.
    expect(found("service_fairness{tier:all}", fair)).toMatchObject({
      ...{ value: 1, low: expect.closeTo(0.025 ** (1 / 3), 12), high: 1, method: "zero-events" },
    });
    expect(found("worst_account_overloaded_rate{tier:all}", fair)).toMatchObject({
      ...{ value: 0, low: 0, high: expect.closeTo(1 - 0.025 ** (1 / 3), 12), method: "zero-events" },
    });
  });

  it("has none of one run, and says why", () => {
    expect(found("service_fairness{tier:all}", run("s", [0, 100]).estimates)).toMatchObject({
      ...{ value: expect.closeTo(jain(1, 0.5), 12), low: null, high: null, method: "one-seed" },
    });
  });
});
