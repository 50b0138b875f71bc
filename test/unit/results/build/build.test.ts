import { describe, expect, it } from "vitest";
import { reasonCode } from "../../../../src/core/base/outcome.js";
import { type Instant, NEVER, seconds } from "../../../../src/core/base/units.js";
import { buildResult, type ResultInput } from "../../../../src/core/results/build/build.js";
import { Ledger } from "../../../../src/core/results/ledger/ledger.js";
import type { RunResult } from "../../../../src/core/results/shape/result.js";
import { stated } from "../../../support/stated-threshold.js";
import { sessionTotals } from "../shape/session-totals.js";
import { plainFleet } from "../shape/small-runs.js";

const at = (time: number) => seconds(time) as number as Instant;
const PRICE = { input: 2, cached: 0.5, output: 8 };

/** Standard: 4 attempts of 3 requests, 2 completed. Priority: 1 completed, unpriced. Unrouted: none. */
function ledger(): Ledger {
  const book = new Ledger(3, at(0), NEVER);
  const complete = (tier: number, arrived: number, ttft: number) => {
    const times = { arrivedAt: at(arrived), firstTokenAt: at(arrived + ttft) };
    const tokens = { inputTokens: 1000, cachedTokens: 400, outputTokens: 11 };
    book.attemptArrived(tier, at(arrived));
    book.requestAttempted(tier, at(arrived));
    book.attemptStarted(tier, at(arrived), at(arrived + 0.5));
    book.firstToken(tier, at(arrived), at(arrived + ttft));
    book.attemptCompleted(tier, { ...times, ...tokens, servedTier: tier }, at(arrived + ttft + 2));
    book.requestEnded(tier, at(arrived), reasonCode("none"));
  };
  for (const tier of [0, 0, 0, 1]) book.requestOffered(tier, at(1));
  complete(0, 1, 1);
  complete(0, 2, 3);
  complete(1, 3, 5);
  for (const reason of ["overloaded_capacity", "requests"] as const) {
    book.attemptArrived(0, at(4));
    book.requestAttempted(0, at(4));
    book.attemptFailed(0, at(4), reasonCode(reason));
  }
  book.requestEnded(0, at(4), reasonCode("overloaded_capacity"));
  book.retried(0, at(4), reasonCode("requests"));
  book.clientRejected(0, at(4));
  book.hedged(0, at(4));
  book.wasted(0, 70, 30);
  book.wasted(1, 7, 0);
  book.tokensGenerated(0, 300);
  book.tokensGenerated(1, 100);
  return book;
}

function build(changes: Partial<ResultInput> = {}): RunResult {
  return buildResult({
    scenario: "example",
    description: "",
    seed: "1",
    partial: false,
    tiers: [
      { name: "standard", price: PRICE },
      { name: "priority", price: null },
      { name: "unrouted", price: null },
    ],
    ledger: ledger(),
    pools: [],
    fleet: plainFleet(8, { free: 30, ready: 50 }),
    series: { interval: 1, tiers: [], pools: [] },
    thresholds: [],
    time: { simulated: 12, warmup: 0, measured: 10, arrivals: 8 },
    work: { events: 99, steps: 50, epochs: 7 },
    ...changes,
  });
}

const verdicts = (...all: [metric: string, expression: string, allowNoData?: boolean][]) =>
  build({ thresholds: all.map((one) => stated(...one)) }).thresholds;

describe("a result", () => {
  it("counts each tier and all of them", () => {
    const { tiers, all } = build();
    const told = [...tiers, all].map(({ tier, attempts, outcomes, requests }) => [
      tier,
      attempts,
      outcomes.completed,
      outcomes.overloaded,
      outcomes.rate_limited,
      requests,
    ]);
    expect(told).toEqual([
      ["standard", 4, 2, 1, 1, { offered: 3, attempts: 4, completed: 2, failed: 1, givenUp: 1, open: 0 }],
      ["priority", 1, 1, 0, 0, { offered: 1, attempts: 1, completed: 1, failed: 0, givenUp: 0, open: 0 }],
      ["all", 5, 3, 1, 1, { offered: 4, attempts: 5, completed: 3, failed: 1, givenUp: 1, open: 0 }],
    ]);
  });

  it("offers its requests over the time of arrivals, which may be shorter than the window", () => {
    expect(build().time).toEqual({ simulated: 12, warmup: 0, measured: 10, offeredRate: 0.5 });
  });

  it("counts requests whose callers are not done with them", () => {
    const book = ledger();
    book.requestOffered(1, at(6));
    book.requestOpen(1, at(6));
    const { tiers, all } = build({ ledger: book });
    expect([tiers[1]!.requests, all.requests.open]).toEqual([
      { offered: 2, attempts: 1, completed: 1, failed: 0, givenUp: 0, open: 1 },
      1,
    ]);
  });

  it("lists `unrouted` only when it occurred", () => {
    const book = ledger();
    book.attemptArrived(2, at(5));
    book.attemptFailed(2, at(5), reasonCode("unknown_model"));
    expect(build({ ledger: book }).tiers.map((tier) => tier.tier)).toEqual([
      "standard",
      "priority",
      "unrouted",
    ]);
  });

  it("draws the history of `unrouted` only when it occurred", () => {
    const history = (tier: string, attempts: readonly number[]) => {
      const none = attempts.map(() => 0);
      const counts = { completed: none, rateLimited: none, overloaded: none, unavailable: none };
      return { tier, attempts, ...counts, outputTokens: none };
    };
    const drawn = (unrouted: readonly number[]) => {
      const tiers = [history("standard", [0, 0]), history("unrouted", unrouted)];
      return build({ series: { interval: 1, tiers, pools: [] } }).series.tiers.map((one) => one.tier);
    };
    expect([drawn([0, 0]), drawn([0, 1])]).toEqual([["standard"], ["standard", "unrouted"]]);
  });

  it("derives its rates from the counts", () => {
    const [standard] = build().tiers;
    expect(standard).toMatchObject({
      overloadedRate: 0.25,
      rateLimitedRate: 0.25,
      unavailableRate: 0,
      amplification: 4 / 3,
      failureRate: 1 / 3,
      throughput: 30,
      reasons: { overloaded_capacity: 1, requests: 1 },
    });
  });

  it("prices uncached input, cached input and output, and sums what is priced", () => {
    const { tiers, all } = build();
    const cost = { input: (2 * 600 * 2) / 1e6, cached: (2 * 400 * 0.5) / 1e6, output: (2 * 11 * 8) / 1e6 };
    const total = cost.input + cost.cached + cost.output;
    expect([tiers[0]!.cost, tiers[1]!.cost, all.cost]).toEqual([
      { ...cost, total },
      null,
      { ...cost, total },
    ]);
  });

  it("merges the distributions of the tiers", () => {
    const { tiers, all } = build();
    expect(
      [tiers[0]!.ttft, tiers[1]!.ttft, all.ttft].map(({ count, p50, max }) => [count, p50, max]),
    ).toEqual([
      [2, 2, 3],
      [1, 5, 5],
      [3, 3, 5],
    ]);
  });

  it("has null where there is nothing, and is JSON as it stands", () => {
    const empty = build({
      ledger: new Ledger(3, at(0), NEVER),
      time: { simulated: 0, warmup: 0, measured: 0, arrivals: 0 },
    });
    const { overloadedRate, amplification, failureRate, throughput, ttft } = empty.all;
    expect({
      overloadedRate,
      amplification,
      failureRate,
      throughput,
      p50: ttft.p50,
      mean: ttft.mean,
    }).toEqual({
      overloadedRate: null,
      amplification: null,
      failureRate: null,
      throughput: 0,
      p50: null,
      mean: null,
    });
    expect(JSON.parse(JSON.stringify(empty))).toEqual(empty);
  });
});

describe("the intervals of one run", () => {
  /** A run of so many seconds with four attempts in each, and at its very end as many shed as make 42 % of all. */
  function lateBurst(length: number): RunResult {
    const book = new Ledger(1, at(0), at(64), [null], true);
    for (let second = 0; second < length - 1; second++) {
      for (const _ of [1, 2, 3, 4]) {
        const time = at(second + 0.5);
        book.requestOffered(0, time);
        book.attemptArrived(0, time);
        book.attemptStarted(0, time, time);
        book.firstToken(0, time, at(second + 1.5));
        const tokens = { inputTokens: 1, cachedTokens: 0, outputTokens: 3, servedTier: 0 };
        book.attemptCompleted(
          0,
          { arrivedAt: time, firstTokenAt: at(second + 1.5), ...tokens },
          at(second + 2),
        );
        book.requestEnded(0, time, reasonCode("none"));
      }
    }
    const shed = reasonCode("overloaded_capacity");
    for (let left = Math.round((4 * (length - 1) * 0.42) / 0.58); left > 0; left--) {
      const time = at(length - 0.5);
      book.requestOffered(0, time);
      book.attemptArrived(0, time);
      book.attemptFailed(0, time, shed);
      book.requestEnded(0, time, shed);
    }
    return build({
      tiers: [{ name: "standard", price: null }],
      ledger: book,
      batches: book.batches(),
      thresholds: [stated("overloaded_rate", "rate<5%")],
    });
  }

  it("see the end of it: no odd number of batches lets a burst there pass for none", () => {
    for (let length = 9; length <= 63; length += 2) {
      const [judged] = lateBurst(length).thresholds;
      expect(judged!.observed).toBeCloseTo(0.42, 2);
      expect(judged!.verdict, `${length} batches`).toBe("undecided");
      expect(judged!.high === null || judged!.high > 0.42).toBe(true);
    }
  });

  it("are none without batches: another seed may come to anything", () => {
    const { estimates } = build();
    expect(estimates.filter(({ low, high }) => low !== null || high !== null)).toEqual([]);
    expect(new Set(estimates.map(({ method }) => method))).toEqual(new Set(["one-seed", "no-data"]));
  });

  it("keep the values of all trends only where the run is to be pooled", () => {
    expect(build().replications[0]!.ranked).toBeUndefined();
    const [{ ranked } = {}] = build({ isPooled: true }).replications;
    expect([...ranked!["ttft{tier:standard}"]!.values]).toEqual([1, 3]);
    expect([...ranked!["ttft{tier:all}"]!.values]).toEqual([1, 3, 5]);
  });
});

describe("the book behind a result", () => {
  const open = () => new Ledger(1, at(10), at(20));

  it("takes in what arrives from the opening of its window up to its end, and not at it", () => {
    const book = open();
    for (const time of [9, 10, 19.999999, 20]) {
      book.requestOffered(0, at(time));
      book.attemptArrived(0, at(time));
      book.attemptStarted(0, at(time), at(30));
      book.firstToken(0, at(time), at(31));
      book.attemptFailed(0, at(time), reasonCode("outage"));
      book.requestEnded(0, at(time), reasonCode("outage"));
    }
    book.assertConserved();
    const { attempts, requestsOffered, requestsFailed, ttft, queueWait } = book.table.at(0, 0);
    expect([attempts, requestsOffered, requestsFailed, ttft.count, queueWait.count]).toEqual([2, 2, 2, 2, 2]);
  });

  it("counts tokens as throughput from the opening of its window to its close", () => {
    const book = open();
    book.tokensGenerated(0, 100);
    book.windowOpens();
    book.tokensGenerated(0, 10);
    book.tokensBeforeWindow(0, 3);
    book.windowCloses();
    book.tokensGenerated(0, 1000);
    expect(book.table.at(0, 0).generatedTokens).toBe(7);
  });

  it("LAW-1: does not close while an attempt or a request has no end", () => {
    const book = open();
    book.requestOffered(0, at(11));
    book.attemptArrived(0, at(11));
    expect(() => book.assertConserved()).toThrow("LAW-1: every attempt");
    book.attemptFailed(0, at(11), reasonCode("outage"));
    expect(() => book.assertConserved()).toThrow("LAW-1: every request");
    book.requestOpen(0, at(11));
    expect(() => book.assertConserved()).not.toThrow();
  });
});

describe("a judged threshold", () => {
  it("tells the observed value of each kind of metric", () => {
    const judged = verdicts(
      ["overloaded_rate", "rate==20%"],
      ["rate_limited_rate{tier:standard}", "rate==25%"],
      ["unavailable_rate", "rate==0"],
      ["invalid_rate", "rate==0"],
      ["completed_rate{tier:standard}", "rate==50%"],
      ["failure_rate{tier:standard}", "rate!=1"],
      ["ttft{tier:standard}", "avg==2"],
      ["ttft", "p(75)==4s"],
      ["ttft", "med==3s"],
      ["ttft", "min==1s"],
      ["latency", "max==7s"],
      ["queue_wait", "max==500ms"],
      ["tokens_per_second", "count==3"],
      ["attempts", "count==5"],
      ["requests", "count==4"],
      ["overloaded", "count==1"],
      ["throughput", "value==40"],
      ["amplification", "value==1.25"],
      ["cost{tier:standard}", "value!=0"],
      ["give_up_rate{tier:standard}", "rate!=0"],
      ["give_up_rate{tier:priority}", "rate==0"],
      ["retries", "count==1"],
      ["hedges{tier:standard}", "count==1"],
      ["client_rejected{tier:priority}", "count==0"],
      ["wasted_prefill_tokens", "count==77"],
      ["wasted_decode_tokens", "count==30"],
      ["cancelled", "count==0"],
    );
    expect(judged.filter((one) => one.verdict !== "pass")).toEqual([]);
    expect(judged.slice(0, 8).map((one) => one.observed)).toEqual([0.2, 0.25, 0, 0, 0.5, 1 / 3, 2, 4]);
  });

  it.each([
    ["<", [true, false, false]],
    ["<=", [true, true, false]],
    [">", [false, false, true]],
    [">=", [false, true, true]],
    ["==", [false, true, false]],
    ["!=", [true, false, true]],
  ])("compares what was observed of an extreme with %s", (operator, wanted) => {
    // The longest of all is 5 s, against 6, 5 and 4.
    const judged = verdicts(
      ...[6, 5, 4].map((bound): [string, string] => ["ttft", `max${operator}${bound}s`]),
    );
    expect(judged.map((one) => one.verdict === "pass")).toEqual(wanted);
  });

  it("is undecided where one seed is all there is to judge by, however far the bound is", () => {
    const judged = verdicts(
      ["overloaded_rate", "rate<99%"],
      ["unavailable_rate", "rate<1%"],
      ["ttft", "p(50)<9000s"],
      ["ttft", "avg>9000s"],
      ["attempts", "count>0"],
      ["throughput", "value>0"],
      ["amplification", "value<1"],
    );
    expect(judged.map(({ verdict, method }) => `${verdict}, ${method}`)).toEqual(
      judged.map(() => "undecided, one-seed"),
    );
    expect(judged.every(({ observed }) => observed !== null)).toBe(true);
  });

  it("has no data where nothing was measured, and then fails unless that is allowed", () => {
    const judged = verdicts(
      ["ttft{tier:unrouted}", "p(99)<1s"],
      ["cost{tier:priority}", "value<1"],
      ["cost{tier:priority}", "value<1", true],
      ["overloaded_rate{tier:unrouted}", "rate==0", true],
    );
    expect(judged.map(({ verdict, observed }) => [verdict, observed])).toEqual([
      ["no-data", null],
      ["no-data", null],
      ["pass", null],
      ["pass", null],
    ]);
  });
});

describe("a threshold on sessions", () => {
  const sessions = [
    { source: "agents", totals: sessionTotals([10, 20, 30], 1) },
    { source: "chat", totals: sessionTotals([50], 0, 2) },
  ];
  const judged = (...all: [metric: string, expression: string][]) =>
    build({
      sessions,
      thresholds: all.map((one) => stated(...one)),
    }).thresholds.map(({ verdict, observed }) => [verdict, observed]);

  it("is of one source, or of all", () => {
    const found = judged(
      ["session_duration{source:agents}", "p(50)==20s"],
      ["session_duration", "max==50s"],
      ["session_requests{source:chat}", "avg==2"],
      ["sessions", "count==7"],
      ["session_abandon_rate{source:agents}", "rate==25%"],
      ["session_cost{source:chat}", "value==0.29"],
      ["session_abandon_rate{source:nobody}", "rate<1"],
    );
    expect(found).toEqual([
      ["pass", 20],
      ["pass", 50],
      ["pass", 2],
      ["pass", 7],
      ["pass", 0.25],
      ["fail", 0.3],
      ["no-data", null],
    ]);
  });

  it("has the lives of every source, and of all, where the run is to be pooled", () => {
    const { replications } = build({ sessions, isPooled: true });
    const lives = Object.entries(replications[0]!.lives!);
    expect(lives.map(([source, { finishedCount }]) => [source, finishedCount])).toEqual([
      ["agents", 3],
      ["chat", 1],
      ["all", 4],
    ]);
    expect(build({ sessions }).replications[0]!.lives).toBeUndefined();
  });

  it("lists a row per source and no more", () => {
    expect(build({ sessions }).sessions.map(({ source }) => source)).toEqual(["agents", "chat"]);
    expect(build().sessions).toEqual([]);
  });
});

describe("a threshold on the recovery", () => {
  const trigger = { from: 100, until: 120, window: 20, share: 0.9 };
  const run = (after: number, bins = 20) => {
    const completed = Array.from({ length: bins }, (_, bin) => (bin < 10 ? 50 : after));
    const none = completed.map(() => 0);
    const counts = { attempts: none, rateLimited: none, overloaded: none, unavailable: none };
    const tiers = [{ tier: "standard", completed, ...counts, outputTokens: none }];
    const thresholds = [
      stated("recovery_time", "value<60s", true),
      stated("goodput_after", "value>=0.9", true),
    ];
    const measured = bins * 10;
    return build({
      trigger,
      series: { interval: 10, tiers, pools: [] },
      time: { simulated: measured, warmup: 0, measured, arrivals: measured },
      thresholds,
    });
  };
  const told = ({ thresholds }: RunResult) => thresholds.map(({ verdict, observed }) => [verdict, observed]);

  it("is open where goodput came back once, and fails where it never did, though JSON has no word for never", () => {
    const [back, stuck] = [run(50), run(10)];
    expect([back.recovery?.verdict, told(back)]).toEqual([
      "recovered",
      [
        ["undecided", 0],
        ["undecided", 1],
      ],
    ]);
    expect([stuck.recovery?.verdict, told(stuck)]).toEqual([
      "stuck",
      [
        ["fail", null],
        ["undecided", 0.2],
      ],
    ]);
  });

  it("has no data where the run is too short, or nothing is to be recovered from", () => {
    expect(told(run(10, 14))).toEqual([
      ["pass", null],
      ["pass", null],
    ]);
    expect(build().recovery).toBeNull();
  });
});
