import { describe, expect, it } from "vitest";
import { lives, play, waiting } from "./tiny.js";

describe("a request that is served", () => {
  it("waits for its turn, starts, and takes its time", () => {
    const run = play(
      [
        { at: 0, output: 5 },
        { at: 1, output: 2 },
        { at: 2, output: 1 },
      ],
      { pool: { admission: waiting(2) } },
    );
    expect(lives(run)).toEqual([
      "1: completed, 0 (0) to 5",
      "2: completed, 1 (5) to 7",
      "3: completed, 2 (7) to 8",
    ]);
    expect(run.attempts.map(({ firstToken, outputTokens }) => [firstToken, outputTokens])).toEqual([
      [1, 5],
      [6, 2],
      [8, 1],
    ]);
  });

  it("starts at the instant in which the one before it completes: room is given back first", () => {
    expect(
      lives(
        play([
          { at: 0, output: 3 },
          { at: 3, output: 1 },
        ]),
      ),
    ).toEqual(["1: completed, 0 (0) to 3", "2: completed, 3 (3) to 4"]);
  });

  it("goes to the pool of its path", () => {
    const run = play([
      { at: 0, output: 4 },
      { at: 0, output: 4, tier: "fast" },
    ]);
    expect(lives(run)).toEqual(["1: completed, 0 (0) to 4", "2: completed, 0 (0) to 2"]);
    expect(run.attempts.map(({ tier }) => tier)).toEqual(["fast", "standard"]);
  });
});

describe("a request that is shed", () => {
  it("is refused at once where there is no place in the queue", () => {
    expect(
      lives(
        play([
          { at: 0, output: 3 },
          { at: 1, output: 1 },
        ]),
      ),
    ).toEqual(["1: completed, 0 (0) to 3", "2: overloaded overloaded_capacity, 1 to 1"]);
  });

  it("leaves the queue at its deadline, and the next one moves up", () => {
    const calls = [
      { at: 0, output: 10 },
      { at: 1, output: 1 },
      { at: 2.5, output: 1 },
    ];
    expect(lives(play(calls, { pool: { admission: waiting(1, "2s") } })).slice(1)).toEqual([
      "2: overloaded queue_timeout, 1 to 3",
      "3: overloaded overloaded_capacity, 2.5 to 2.5",
    ]);
    expect(lives(play(calls, { pool: { admission: waiting(2, "8s") } })).slice(1)).toEqual([
      "2: overloaded queue_timeout, 1 to 9",
      "3: completed, 2.5 (10) to 11",
    ]);
  });

  it("is not shed when room appears at the very instant of its deadline", () => {
    const run = play(
      [
        { at: 0, output: 3 },
        { at: 1, output: 1 },
      ],
      { pool: { admission: waiting(1, "2s") } },
    );
    expect(lives(run)[1]).toBe("2: completed, 1 (3) to 4");
  });

  it("gives its place to a higher rank: the youngest Standard goes, Priority is served next", () => {
    const calls = [
      { at: 0, output: 5 },
      { at: 1, output: 1 },
      { at: 2, output: 1 },
      { at: 3, output: 1, tier: "priority" },
      { at: 4, output: 1, tier: "priority" },
    ];
    expect(lives(play(calls, { pool: { admission: waiting(2) } }))).toEqual([
      "1: completed, 0 (0) to 5",
      "2: overloaded displaced, 1 to 4",
      "3: overloaded displaced, 2 to 3",
      "4: completed, 3 (5) to 6",
      "5: completed, 4 (6) to 7",
    ]);
  });
});

describe("an account at its limit", () => {
  it("gets 429, whatever the fleet does, while others go on", () => {
    const calls = [0, 0, 0, 1].map((at, index) => ({ at, output: 1, account: index === 2 ? "bob" : "ann" }));
    const more = { limits: { requests: { rate: "60/min", burst: 1 } } } as const;
    const run = play(calls, { more, pool: { admission: waiting(5) } });
    expect(lives(run)).toEqual([
      "1: completed, 0 (0) to 1",
      "2: rate_limited requests, 0 to 0",
      "3: completed, 0 (1) to 2",
      "4: completed, 1 (2) to 3",
    ]);
    expect(run.attempts[0]).toMatchObject({ status: 429, account: "ann" });
  });

  it("does not get there by being shed", () => {
    const calls = [{ at: 0, output: 2 }, ...new Array(5).fill({ at: 1, output: 1 }), { at: 2, output: 1 }];
    const run = play(calls, { more: { limits: { requests: { rate: "1/h", burst: 2 } } } });
    expect(run.result.all.outcomes).toMatchObject({ completed: 2, overloaded: 5, rate_limited: 0 });
  });
});

describe("a client's own timeout", () => {
  const slow = { engine: "slots", slots: 1, tokensPerSecond: 1, prefillTokensPerSecond: 2 } as const;
  const client = { preset: "none", timeout: "3s" } as const;

  it("cancels who has no first token by then, waiting or prefilling, and makes room", () => {
    const calls = [
      { at: 0, output: 1, input: 100 },
      { at: 1, output: 1, input: 2 },
      { at: 2.5, output: 1, input: 50 },
    ];
    const run = play(calls, { pool: { replica: slow, admission: waiting(5) }, traffic: { client } });
    expect(lives(run)).toEqual([
      "1: timed_out client_timeout, 0 (0) to 3",
      "2: timed_out client_timeout, 1 (3) to 4",
      "3: timed_out client_timeout, 2.5 (4) to 5.5",
    ]);
    expect(run.attempts.map(({ status, outputTokens }) => [status, outputTokens])).toEqual(
      new Array(3).fill([0, 0]),
    );
  });

  it("does not touch who has begun to answer, not even at that very instant", () => {
    const run = play([{ at: 0, output: 9, input: 4 }], { pool: { replica: slow }, traffic: { client } });
    expect(run.attempts[0]).toMatchObject({ firstToken: 3, ended: 11, outcome: "completed" });
  });
});

describe("a client that retries", () => {
  const traffic = { client: "openai-node-6" } as const;

  it("comes again after its delay, and gives up after the third attempt", () => {
    const { attempts, result } = play(
      [
        { at: 0, output: 9 },
        { at: 1, output: 1 },
      ],
      { traffic },
    );
    const [first, second, third] = attempts.filter(({ request }) => request === 2);
    expect(attempts.map(({ request, attempt }) => [request, attempt])).toEqual([
      [2, 1],
      [2, 2],
      [2, 3],
      [1, 1],
    ]);
    expect([
      first!.retryIn! >= 0.375 && first!.retryIn! <= 0.5,
      second!.retryIn! >= 0.75 && second!.retryIn! <= 1,
    ]).toEqual([true, true]);
    expect(third!.retryIn).toBeNull();
    expect([second!.arrived, third!.arrived]).toEqual([
      expect.closeTo(first!.ended! + first!.retryIn!, 6),
      expect.closeTo(second!.ended! + second!.retryIn!, 6),
    ]);
    expect(result.all).toMatchObject({
      attempts: 4,
      requests: { offered: 2, completed: 1, failed: 1, open: 0 },
      amplification: 2,
      failureRate: 0.5,
    });
  });

  it("may be served then", () => {
    const { result, attempts } = play(
      [
        { at: 0, output: 1 },
        { at: 0.9, output: 1 },
      ],
      { traffic },
    );
    expect(result.all.requests).toMatchObject({ offered: 2, attempts: 3, completed: 2, failed: 0 });
    expect(attempts.map(({ outcome }) => outcome)).toEqual(["overloaded", "completed", "completed"]);
  });

  it("waits as long as retry-after says", () => {
    const more = { retryAfter: { overloaded: "8s" } } as const;
    const run = play(
      [
        { at: 0, output: 9 },
        { at: 1, output: 1 },
      ],
      { traffic, more },
    );
    expect(lives(run).slice(1)).toEqual([
      "2: overloaded overloaded_capacity, 1 to 1",
      "2: completed, 9 (9) to 10",
    ]);
  });

  it("has one request open while it rests at the end of the run", () => {
    const more = { duration: "10s", retryAfter: { overloaded: "20s" } } as const;
    const { result } = play(
      [
        { at: 0, output: 9 },
        { at: 1, output: 1 },
      ],
      { traffic, more },
    );
    expect(result.all).toMatchObject({
      attempts: 2,
      requests: { offered: 2, completed: 1, failed: 0, open: 1 },
    });
  });
});

describe("a request that no path takes", () => {
  const client = "openai-node-6";

  it("is invalid: Priority on the Fast model id is 400, an unknown model 404; neither is retried or charged", () => {
    const calls = [
      { at: 0, output: 1, tier: "priority", model: "kimi-fast" },
      { at: 1, output: 1, model: "gpt" },
      { at: 2, output: 1 },
    ];
    const more = { limits: { requests: { rate: "1/h", burst: 1 } } } as const;
    const run = play(
      calls.map((call) => ({ ...call, account: "ann" })),
      { traffic: { client }, more },
    );
    expect(lives(run)).toEqual([
      "1: invalid tier_not_offered, 0 to 0",
      "2: invalid unknown_model, 1 to 1",
      "3: completed, 2 (2) to 3",
    ]);
    expect(run.attempts.map(({ status, tier }) => [status, tier])).toEqual([
      [400, "unrouted"],
      [404, "unrouted"],
      [200, "standard"],
    ]);
    const unrouted = run.result.tiers.find(({ tier }) => tier === "unrouted");
    expect(unrouted).toMatchObject({ attempts: 2, reasons: { tier_not_offered: 1, unknown_model: 1 } });
  });

  it("is invalid when its prompt is longer than the model takes, on the path it asked for", () => {
    const run = play(
      [
        { at: 0, output: 1, input: 51 },
        { at: 1, output: 1, input: 50 },
      ],
      { traffic: { maxInput: 50, client } },
    );
    expect(lives(run)).toEqual(["1: invalid context_length, 0 to 0", "2: completed, 1 (1) to 2"]);
    expect(run.attempts[0]).toMatchObject({ status: 400, tier: "standard" });
  });
});

describe("a caller that goes away while the fleet works on", () => {
  const client = { preset: "none", timeout: "500ms", onTimeout: "abandon" } as const;
  const calls = [
    { at: 0, output: 3 },
    { at: 1, output: 1 },
  ];

  it("is timed out, and its work goes on and is wasted, started yet or not", () => {
    const run = play(calls, { traffic: { client }, pool: { admission: waiting(2) } });
    expect(lives(run)).toEqual([
      "1: timed_out client_timeout, 0 (0) to 0.5",
      "2: timed_out client_timeout, 1 to 1.5",
    ]);
    const { all, pools, time } = run.result;
    expect(all).toMatchObject({ wastedPrefillTokens: 20, wastedDecodeTokens: 4, giveUpRate: 1 });
    expect(pools[0]!.slotsBusyMean! * time.measured).toBeCloseTo(4, 9);
  });

  it("wastes less where its work is called off", () => {
    const cancelling = { ...client, onTimeout: "cancel" } as const;
    const run = play(calls, { traffic: { client: cancelling }, pool: { admission: waiting(2) } });
    expect(lives(run)).toEqual([
      "1: timed_out client_timeout, 0 (0) to 0.5",
      "2: timed_out client_timeout, 1 (1) to 1.5",
    ]);
    expect(run.result.all).toMatchObject({ wastedPrefillTokens: 20, wastedDecodeTokens: 0 });
  });

  it("comes back beside what it has left behind", () => {
    const traffic = { client: { ...client, preset: "fixed", delay: "1s", maxRetries: 1 } } as const;
    const run = play([{ at: 0, output: 3 }], { traffic, pool: { replicas: 2 } });
    expect(lives(run)).toEqual([
      "1: timed_out client_timeout, 0 (0) to 0.5",
      "1: timed_out client_timeout, 1.5 (1.5) to 2",
    ]);
    expect(run.result.all).toMatchObject({ retries: { client_timeout: 1 }, wastedDecodeTokens: 6 });
    expect(run.result.pools[0]!.slotsBusyMean! * run.result.time.measured).toBeCloseTo(6, 9);
  });
});

describe("a client that hedges", () => {
  const traffic = { client: { preset: "none", hedgeAfter: "500ms" } } as const;

  it("calls the other attempt off when one has answered", () => {
    const run = play([{ at: 0, output: 3 }], { traffic, pool: { replicas: 2 } });
    expect(lives(run)).toEqual(["1: completed, 0 (0) to 3", "1: cancelled hedge_lost, 0.5 (0.5) to 1"]);
    const { hedges, amplification, wastedPrefillTokens, requests, retries } = run.result.all;
    expect([hedges, amplification, wastedPrefillTokens, retries]).toEqual([1, 2, 10, {}]);
    expect(requests).toMatchObject({ offered: 1, completed: 1, failed: 0 });
  });

  it("is not troubled by a hedge that is refused", () => {
    const run = play([{ at: 0, output: 3 }], { traffic });
    expect(lives(run)).toEqual(["1: completed, 0 (0) to 3", "1: overloaded overloaded_capacity, 0.5 to 0.5"]);
    expect(run.result.all.requests).toMatchObject({ offered: 1, completed: 1, failed: 0 });
  });
});

describe("a caller with somewhere else to go", () => {
  it("is served there, and counts where it came from", () => {
    const calls = [
      { at: 0, output: 4 },
      { at: 1, output: 4 },
    ];
    const { result, attempts } = play(calls, { traffic: { fallback: ["fast"] } });
    expect(attempts.map(({ tier, outcome, arrived }) => [tier, outcome, arrived])).toEqual([
      ["standard", "overloaded", 1],
      ["fast", "completed", 1],
      ["standard", "completed", 0],
    ]);
    const [standard, , fast] = result.tiers;
    expect(standard!.requests).toMatchObject({ offered: 2, completed: 2 });
    expect([fast!.requests.offered, fast!.attempts]).toEqual([0, 1]);
    expect(standard!.retries).toEqual({ overloaded_capacity: 1 });
  });
});
