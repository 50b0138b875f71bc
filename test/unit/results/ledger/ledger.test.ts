import { describe, expect, it } from "vitest";
import { NONE } from "../../../../src/core/base/none.js";
import { Outcome, reasonCode } from "../../../../src/core/base/outcome.js";
import { type Instant, seconds } from "../../../../src/core/base/units.js";
import { Cohorts } from "../../../../src/core/results/ledger/cohorts.js";
import { mergedColumns } from "../../../../src/core/results/ledger/cross-table.js";
import { Ledger } from "../../../../src/core/results/ledger/ledger.js";
import { TierColumns } from "../../../../src/core/results/ledger/tier-columns.js";
import { tierCost } from "../../../../src/core/results/metrics/work.js";

const at = (time: number) => seconds(time) as number as Instant;

describe("ledger", () => {
  it("tells requests that were given up from those that were wrong themselves", () => {
    const book = new Ledger(1, at(0), at(100));
    for (const reason of ["none", "client_timeout", "overloaded_capacity", "context_length"] as const) {
      book.requestOffered(0, at(1));
      book.requestEnded(0, at(1), reasonCode(reason));
    }
    book.assertConserved();
    const { requestsCompleted, requestsFailed, requestsGivenUp } = book.table.at(0, 0);
    expect([requestsCompleted, requestsFailed, requestsGivenUp]).toEqual([1, 3, 2]);
  });

  it("counts retries by the window of their requests, and by what they followed", () => {
    const book = new Ledger(1, at(10), at(20));
    for (const offered of [9, 10, 19, 20]) book.retried(0, at(offered), reasonCode("outage"));
    book.retried(0, at(12), reasonCode("requests"));
    const { retries } = book.table.at(0, 0);
    expect([retries[reasonCode("outage")], retries[reasonCode("requests")]]).toEqual([2, 1]);
  });

  it("counts hedges, held-back tries and waste as they happen in the window", () => {
    const book = new Ledger(1, at(10), at(20));
    book.wasted(0, 100, 100);
    for (const now of [9, 10, 20]) {
      book.hedged(0, at(now));
      book.clientRejected(0, at(now));
    }
    book.windowOpens();
    book.wasted(0, 7, 3);
    book.windowCloses();
    book.wasted(0, 100, 100);
    const { hedges, clientRejected, wastedPrefillTokens, wastedDecodeTokens } = book.table.at(0, 0);
    expect([hedges, clientRejected, wastedPrefillTokens, wastedDecodeTokens]).toEqual([1, 1, 7, 3]);
  });

  it("counts what is demoted or spills over in the tier that was asked for, at the price of the one that serves it", () => {
    const prices = [
      { input: 2, cached: 1, output: 8 },
      { input: 1, cached: 0.5, output: 4 },
    ];
    const book = new Ledger(2, at(0), at(20), prices);
    book.demoted(0, at(1));
    book.spilled(0, at(1));
    book.spilled(0, at(30));
    book.attemptArrived(0, at(1));
    const times = { arrivedAt: at(1), firstTokenAt: at(2) };
    const tokens = { inputTokens: 1_000_000, cachedTokens: 400_000, outputTokens: 500_000 };
    book.attemptCompleted(0, { ...times, ...tokens, servedTier: 1 }, at(4));
    const columns = book.table.at(0, 0);
    expect([columns.demoted, columns.spilled]).toEqual([1, 1]);
    expect(tierCost(columns, prices[0]!)).toEqual({ input: 0.6, cached: 0.2, output: 2, total: 2.8 });
    expect(book.accounts.total("cost")).toBeCloseTo(2.8, 12);
    book.assertConserved();
  });

  it("counts attempts and requests in the batch in which they arrived, and nothing outside the window", () => {
    const book = new Ledger(1, at(36), at(100));
    const attempt = {
      arrivedAt: at(37.5),
      firstTokenAt: at(38),
      inputTokens: 5,
      cachedTokens: 0,
      outputTokens: 11,
      servedTier: 0,
    };
    book.requestOffered(0, at(37.5));
    book.attemptArrived(0, at(37.5));
    book.attemptStarted(0, at(37.5), at(37.75));
    book.firstToken(0, at(37.5), at(38));
    book.attemptCompleted(0, attempt, at(40));
    book.requestEnded(0, at(37.5), reasonCode("none"));
    book.requestOffered(0, at(36));
    book.attemptArrived(0, at(36));
    book.attemptFailed(0, at(36), reasonCode("overloaded_capacity"));
    book.attemptArrived(0, at(39));
    book.attemptInFlight(0, at(39));
    book.requestOpen(0, at(36));
    for (const outside of [35, 100]) {
      book.attemptArrived(0, at(outside));
      book.attemptFailed(0, at(outside), reasonCode("overloaded_capacity"));
    }
    book.assertConserved();
    const [first, second, third, fourth, ...more] = book.batches().map((batch) => batch.at(0, 0));
    expect(more).toEqual([]);
    expect([first, second, third, fourth].map((batch) => batch!.attempts)).toEqual([1, 1, 0, 1]);
    expect([first!.outcomes[Outcome.overloaded], first!.requestsOpen, first!.requestsOffered]).toEqual([
      1, 1, 1,
    ]);
    expect([second!.requestsCompleted, second!.outcomes[Outcome.completed]]).toEqual([1, 1]);
    expect([second!.ttft.mean, second!.queueWait.mean, second!.latency.mean]).toEqual([0.5, 0.25, 2.5]);
    expect(second!.tokensPerSecond.mean).toBe(5);
    expect(fourth!.outcomes[Outcome.inFlight]).toBe(1);
  });

  it("enters everything by source, in batches too, and once more where the account is tracked", () => {
    const cohorts = new Cohorts(["agents", "chat"], ["acme", "umbrella", "initech"]);
    const book = new Ledger(2, at(0), at(64), [], true, cohorts);
    const [tier, source, account] = [1, 1, 5];
    const attempt = {
      arrivedAt: at(1),
      firstTokenAt: at(2),
      inputTokens: 5,
      cachedTokens: 1,
      outputTokens: 11,
      servedTier: 0,
    };
    for (const cohort of [cohorts.of(source, 2), cohorts.of(source, NONE)]) {
      for (const _ of [1, 2, 3, 4]) book.requestOffered(tier, at(1), cohort);
      for (const _ of [1, 2, 3]) book.attemptArrived(tier, at(1), account, cohort);
      book.attemptStarted(tier, at(1), at(1.5), cohort);
      book.firstToken(tier, at(1), at(2), cohort);
      book.attemptCompleted(tier, attempt, at(4), account, cohort);
      book.tokensGenerated(tier, 11, cohort);
      book.tokensBeforeWindow(tier, 1, cohort);
      book.attemptFailed(tier, at(1), reasonCode("outage"), account, cohort);
      book.wasted(tier, 3, 4, cohort);
      book.retried(tier, at(1), reasonCode("outage"), cohort);
      book.hedged(tier, at(1), cohort);
      book.clientRejected(tier, at(1), cohort);
      book.attemptInFlight(tier, at(1), cohort);
      book.requestEnded(tier, at(1), reasonCode("none"), 0, cohort);
      for (const _ of [1, 2, 3]) book.requestOpen(tier, at(1), cohort);
    }
    book.assertConserved();
    const places = ({ table, tracked }: Ledger) =>
      [table, ...book.batches().slice(1), tracked].map((one) => one.cells().map(({ place }) => place));
    expect(places(book)).toEqual([[3], [3], [5]]);
    const once = mergedColumns([book.tracked.at(tier, 2), new TierColumns()]);
    once.merge(book.tracked.at(tier, 2));
    expect(JSON.stringify(once)).toEqual(
      JSON.stringify(mergedColumns([book.table.at(tier, source), new TierColumns()])),
    );
    const { queueWait, ttft, latency, generatedTokens, wastedDecodeTokens, retries } = once;
    expect([queueWait.mean, ttft.mean, latency.mean, generatedTokens]).toEqual([0.5, 1, 3, 20]);
    expect([queueWait.count, ttft.count, latency.count]).toEqual([2, 2, 2]);
    expect([wastedDecodeTokens, retries[reasonCode("outage")]]).toEqual([8, 2]);
  });

  it("LAW-1: does not close where an attempt is of no account, or of two", () => {
    const book = new Ledger(1, at(0), at(10));
    book.accounts.arrived(3, 0);
    expect(() => book.assertConserved()).toThrow("every attempt is of one account");
  });
});
