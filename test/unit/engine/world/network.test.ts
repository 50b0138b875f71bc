// A call to one server that makes a token a second, with two seconds of way in and three of way out, by hand.
import { describe, expect, it, test } from "vitest";
import { emptyCall, type Handle } from "../../../../src/core/api/wire.js";
import { type Duration, instant } from "../../../../src/core/base/units.js";
import { type FrontEnd, Network, type NetworkEvent } from "../../../../src/core/engine/world/network.js";
import { EventQueue } from "../../../../src/core/kernel/event-queue.js";
import { AnswerLog } from "../../../support/by-hand.js";
import { type Call, lives, play, type TinyChanges, tinyScenario, waiting } from "../tiny.js";

const FRONT_END = { prompt: "2s", token: "3s" };
const withFrontEnd = (more: TinyChanges = {}, frontEnd: object = FRONT_END): TinyChanges => ({
  ...more,
  pool: { replica: { engine: "slots", slots: 1, tokensPerSecond: 1, frontEnd }, ...more.pool },
});

describe("a call that takes time outside the engine", () => {
  it("adds both ways to its first token and its end, and none to its speed and its wait for a slot", () => {
    const calls = [
      { at: 0, output: 4 },
      { at: 1, output: 2 },
    ];
    const queue = { pool: { admission: waiting(5) } };
    const [with_, without] = [play(calls, withFrontEnd(queue)), play(calls, queue)];
    expect(lives(with_)).toEqual(["1: completed, 0 (2) to 9", "2: completed, 1 (6) to 11"]);
    expect(with_.attempts.map(({ firstToken }) => firstToken)).toEqual([6, 10]);
    const [one, other] = [with_.result.all, without.result.all];
    expect(one.ttft.mean! - other.ttft.mean!).toBeCloseTo(5, 9);
    expect(one.latency.mean! - other.latency.mean!).toBeCloseTo(5, 9);
    expect([one.queueWait.mean, one.tokensPerSecond.mean]).toEqual([
      other.queueWait.mean,
      other.tokensPerSecond.mean,
    ]);
  });

  it("takes its tokenizer's part by the token", () => {
    const calls = [{ at: 0, input: 1500, output: 1 }];
    expect(lives(play(calls, withFrontEnd({}, { perPromptToken: "1ms" })))).toEqual([
      "1: completed, 0 (1.5) to 2.5",
    ]);
  });

  it("holds its slot only while the engine works", () => {
    // The first is inside from 2 to 6, whatever its caller knows of that: the second comes in then, the third does not.
    const calls = [0, 4, 5].map((at) => ({ at, output: 4 }));
    expect(lives(play(calls, withFrontEnd()))).toEqual([
      "1: completed, 0 (2) to 9",
      "2: completed, 4 (6) to 13",
      "3: overloaded overloaded_capacity, 5 to 10",
    ]);
  });

  it("is refused when its refusal has come back, by what the server is when it comes in", () => {
    const outages = [{ pool: "shared", from: "1s", for: "2s" }];
    expect(lives(play([{ at: 0, output: 1 }], withFrontEnd({ more: { outages } })))).toEqual([
      "1: unavailable outage, 0 to 5",
    ]);
  });

  it.each([
    ["spilled", { spill: "fast" }],
    ["demoted", { demote: "fast" }],
  ] as const)(
    "that is %s comes in by the endpoint that it called and goes out by the pool that serves",
    (_, detour) => {
      const paths = {
        standard: { model: "kimi", pool: "shared", rank: 1, instead: [detour] },
        fast: { model: "kimi-fast", pool: "fast", rank: 0 },
      };
      const pools = tinyScenario(withFrontEnd()).pools;
      const replica = { ...pools["fast"]!.replica, frontEnd: { prompt: "50s", token: "1s" } };
      const more = {
        paths,
        pools: { ...pools, fast: { ...pools["fast"]!, replica } },
      };
      const calls = [0, 1].map((at) => ({ at, output: 4 }));
      const run = play(calls, { more });
      expect(lives(run)).toEqual(["1: completed, 0 (2) to 9", "2: completed, 1 (3) to 6"]);
      expect(run.attempts.map(({ firstToken }) => firstToken)).toEqual([4.5, 6]);
    },
  );

  it("breaks off when its caller hears of it", () => {
    const outages = [{ pool: "shared", from: "4s", for: "2s" }];
    const run = play([{ at: 0, output: 9 }], withFrontEnd({ more: { outages } }));
    expect(lives(run)).toEqual(["1: unavailable outage, 0 (2) to 7"]);
    expect(run.attempts.map(({ firstToken, status }) => [firstToken, status])).toEqual([[6, 200]]);
  });
});

describe("the clocks of callers run from when they send", () => {
  const timedOut = (timeout: string, output: number, more: readonly Call[] = []) =>
    play([{ at: 0, output }, ...more], withFrontEnd({ traffic: { client: { preset: "none", timeout } } }));

  it("and who has hung up on the way in is never received", () => {
    const { result, ...run } = timedOut("1s", 4);
    expect(lives({ result, ...run })).toEqual(["1: timed_out client_timeout, 0 to 1"]);
    expect([result.all.outputTokens, result.pools[0]!.slotsBusyMean]).toEqual([0, 0]);
  });

  it("who hangs up while it is inside leaves its slot at once", () => {
    expect(lives(timedOut("3s", 4, [{ at: 1.5, output: 1 }]))).toEqual([
      "1: timed_out client_timeout, 0 (2) to 3",
      "2: timed_out client_timeout, 1.5 (3.5) to 4.5",
    ]);
  });

  it("who hangs up while the answer is on its way out has had nothing for what it took", () => {
    const run = timedOut("5s", 1);
    expect(lives(run)).toEqual(["1: timed_out client_timeout, 0 (2) to 5"]);
    const { wastedPrefillTokens, wastedDecodeTokens, outputTokens } = run.result.all;
    expect([wastedPrefillTokens, wastedDecodeTokens, outputTokens]).toEqual([10, 1, 0]);
  });

  it("is not let off by a refusal that is on its way out", () => {
    const changes = withFrontEnd(
      { traffic: { client: { preset: "none", timeout: "1s" } } },
      { prompt: "0s", token: "3s" },
    );
    expect(
      lives(
        play(
          [0, 0].map((at) => ({ at, output: 4 })),
          changes,
        ),
      ),
    ).toEqual(["1: timed_out client_timeout, 0 (0) to 1", "2: timed_out client_timeout, 0 to 1"]);
  });

  it("patience too, and hedges", () => {
    const impatient = withFrontEnd({ traffic: { patience: 4 } });
    expect(lives(play([{ at: 0, output: 4 }], impatient))).toEqual(["1: cancelled caller_gone, 0 (2) to 4"]);
    const hedging = withFrontEnd({
      pool: { replicas: 2 },
      traffic: { client: { preset: "none", hedgeAfter: "4s" } },
    });
    expect(lives(play([{ at: 0, output: 4 }], hedging))).toEqual([
      "1: completed, 0 (2) to 9",
      "1: cancelled hedge_lost, 4 (6) to 6",
    ]);
  });
});

it("without time outside is to the last byte what it is without a front end", () => {
  const calls = [0, 1, 1, 4].map((at) => ({ at, output: 3 }));
  const [none, zero] = [undefined, {}].map((frontEnd) =>
    play(calls, frontEnd === undefined ? {} : withFrontEnd({}, { prompt: "0s", token: 0 })),
  );
  expect(zero!.attempts).toEqual(none!.attempts);
  expect(JSON.stringify(zero!.result)).toBe(JSON.stringify(none!.result));
});

/** A network with ways of 2 and 3 microseconds to the first path and none to the second, and a server of one's own. */
function byHand() {
  const events = new EventQueue();
  const log = new AnswerLog();
  const asked: string[] = [];
  const frontEnd: FrontEnd = { wayIn: () => 2 as Duration, wayOut: () => 3 as Duration };
  const network: Network = new Network({
    events,
    ledger: { wasted: (...entry) => void asked.push(`wasted ${entry.join(" ")}`) },
    frontEnds: [frontEnd, undefined],
    poolOf: [0, 1],
    calls: {
      receive: ({ reference }, now) => {
        asked.push(`${now}: receive ${reference}`);
        network.queued(reference, now);
        return 70 + reference;
      },
      cancel: (handle, now) => {
        asked.push(`${now}: cancel ${handle}`);
        network.cancelled(handle - 70, { computedTokens: 0, outputTokens: 0 }, now);
      },
      progress: () => 5,
    },
  });
  network.answerTo(log);
  const pass = () => {
    while (events.pop()) network.handle(events.kind as NetworkEvent, events.subject, events.time);
  };
  const send = (reference: number, route: number, at: number) =>
    network.receive({ ...emptyCall(), reference, route }, instant(at));
  return { network, events, asked, log, pass, send };
}

describe("a network", () => {
  it("schedules nothing where a call takes no time", () => {
    const { network, events, asked, log, send } = byHand();
    const handle = send(4, 1, 10);
    network.firstToken(4, instant(11));
    expect(network.progress(handle, instant(11))).toBe(5);
    network.completed(4, { computedTokens: 1, outputTokens: 2 }, instant(12));
    expect([events.size, asked, network.outside]).toEqual([0, ["10: receive 4"], 0]);
    expect(log.told).toEqual([
      "0.00001: 4 queued",
      "0.000011: 4 first token",
      expect.stringMatching("0.000012: 4 completed"),
    ]);
  });

  it("gives handles that are stale once a call has ended, whatever has its reference then", () => {
    const { network, log, pass, send } = byHand();
    const first: Handle = send(4, 0, 10);
    expect([network.serverHandle(first), network.outside, network.wayIn(4)]).toEqual([-1, 1, 2]);
    network.cancel(first, instant(11));
    const second = send(4, 0, 20);
    network.cancel(first, instant(20));
    pass();
    expect([network.serverHandle(first), network.serverHandle(second)]).toEqual([-1, 74]);
    expect(log.told.map((text) => text.replace(/,.*/, ""))).toEqual([
      "0.00001: 4 queued",
      "0.000011: 4 cancelled",
      "0.00002: 4 queued",
    ]);
    expect(network.progress(second, instant(23))).toBe(0);
    network.assertConserved(2);
    expect(() => network.assertConserved(1)).toThrow("LAW-1");
  });

  it("tells of one instant in the order in which it was told, and drops what nobody waits for", () => {
    const { network, asked, log, pass, send } = byHand();
    const [one, other] = [send(1, 0, 10), send(2, 0, 10)];
    pass();
    for (const reference of [1, 2]) {
      network.firstToken(reference, instant(20));
      network.completed(reference, { computedTokens: 6, outputTokens: 1 }, instant(20));
    }
    expect([network.outside, network.progress(one, instant(21))]).toEqual([2, 0]);
    network.cancel(other, instant(21));
    pass();
    expect(log.told.slice(2).map((text) => text.replace(/,.*/, ""))).toEqual([
      "0.000021: 2 cancelled",
      "0.000023: 1 first token",
      "0.000023: 1 completed",
    ]);
    expect(asked.slice(2)).toEqual(["wasted 0 6 1 2"]);
    expect(network.outside).toBe(0);
  });
});

test("LITTLE: slots are held as long as engines work, and one that is held for the front end is found", () => {
  /** By how much more than the engines' time slots were busy, in seconds. */
  const excess = (changes: TinyChanges, extra = 0) => {
    const calls = Array.from({ length: 20 }, (_, index) => ({ at: index * 1.5, output: 3 + extra }));
    const pool = { ...changes.pool, replicas: 20 };
    const { result } = play(calls, {
      ...changes,
      pool,
      more: { inventory: { gpus: 100 }, duration: "100s", drain: true },
    });
    expect(result.all.ttft.count).toBe(20);
    return result.pools[0]!.slotsBusyMean! * 100 - 20 * 3;
  };
  expect(excess({})).toBeCloseTo(0, 6);
  expect(excess(withFrontEnd())).toBeCloseTo(0, 6);
  // The fault: it is inside the replica that a call takes its way.
  expect(excess({}, 5)).toBeCloseTo(20 * 5, 6);
});
