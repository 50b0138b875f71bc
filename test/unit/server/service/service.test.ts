// The server alone, driven by hand: no callers, no engine.
import { describe, expect, it } from "vitest";
import { emptyCall } from "../../../../src/core/api/wire.js";
import { instant, START } from "../../../../src/core/base/units.js";
import type { ScenarioInput } from "../../../../src/core/index.js";
import { EventQueue } from "../../../../src/core/kernel/event-queue.js";
import { Service } from "../../../../src/core/server/service/service.js";
import { ByHand } from "../../../support/by-hand.js";
import { tinyScenario, waiting } from "../../engine/tiny.js";

const RETRY = {
  retryAfter: { overloaded: "10s", jitter: 0, shouldRetry: { overloaded: true } },
} as const satisfies Partial<ScenarioInput>;

const nothing = () => undefined;
const NO_BOOKS = {
  events: new EventQueue(),
  ledger: {
    attemptStarted: nothing,
    demoted: nothing,
    spilled: nothing,
    tokensGenerated: nothing,
    wasted: nothing,
  },
  history: { poolChanged: nothing, outage: nothing },
};

/** One server that makes a token a second and reads ten of a prompt, with a queue of two and a deadline. */
function server(more: Partial<ScenarioInput> = {}): ByHand {
  const replica = { engine: "slots", slots: 1, tokensPerSecond: 1, prefillTokensPerSecond: 10 } as const;
  return new ByHand(tinyScenario({ pool: { replica, admission: waiting(2, "8s") }, more }));
}

describe("a server driven by hand", () => {
  it("tells in order what comes of a call", () => {
    const hand = server();
    hand.call(7);
    hand.until(10);
    expect(hand.told).toEqual([
      "0: 7 queued",
      "0: 7 started on 0 in 0, 0 cached",
      "2: 7 first token",
      "6: 7 completed, 10 + 5",
    ]);
  });

  it("lets others wait, and refuses what finds the queue full or has waited too long, complete with its headers", () => {
    const hand = server(RETRY);
    for (const reference of [1, 2, 3, 4]) hand.call(reference, { outputTokens: 9 });
    hand.until(20);
    expect(hand.told).toEqual([
      "0: 1 queued",
      "0: 1 started on 0 in 0, 0 cached",
      "0: 2 queued",
      "0: 3 queued",
      "0: 4 refused 503 overloaded_capacity, again in 10, should retry",
      "2: 1 first token",
      "8: 2 refused 503 queue_timeout, again in 10, should retry",
      "8: 3 refused 503 queue_timeout, again in 10, should retry",
      "10: 1 completed, 10 + 9",
    ]);
  });

  it("shows how far a call has come, and nothing of one that has ended", () => {
    const hand = server();
    const [first, second] = [hand.call(1), hand.call(2)];
    hand.until(4);
    expect([first, second].map((handle) => hand.service.progress(handle, hand.now))).toEqual([3, 0]);
    hand.until(6);
    expect(hand.service.progress(first, hand.now)).toBe(0);
  });

  it("takes a cancelled call off, wherever it stands, says what it has used, and starts the next", () => {
    const hand = server();
    const [first, second] = [hand.call(1), hand.call(2), hand.call(3)];
    hand.until(4);
    hand.service.cancel(second, hand.now);
    hand.service.cancel(first, hand.now);
    expect(hand.told.slice(4)).toEqual([
      "2: 1 first token",
      "4: 2 cancelled, 0 + 0",
      "4: 1 cancelled, 10 + 3",
      "4: 3 started on 0 in 0, 0 cached",
    ]);
  });

  it("does nothing about a stale handle, though another call has its slot", () => {
    const hand = server();
    const first = hand.call(1);
    hand.until(10);
    const second = hand.call(2);
    const { attempts } = hand.service;
    expect(attempts.slotOf(second)).toBe(0);
    hand.service.cancel(first, hand.now);
    hand.service.cancel(second, hand.now);
    hand.service.cancel(second, hand.now);
    expect(hand.told.slice(-2)).toEqual(["10: 2 started on 0 in 0, 0 cached", "10: 2 cancelled, 0 + 0"]);
    hand.service.assertConserved(2, 0);
    expect(() => hand.service.assertConserved(3, 0)).toThrow("LAW-1");
    expect(() => hand.service.assertConserved(2, 1)).toThrow("LAW-1");
  });

  it("refuses what no path takes, and what no replica holds, without a retry-after", () => {
    const profile = { base: "1s", perSequence: "0s", perContextToken: "0s", perPrefillToken: "0s" } as const;
    const replica = { engine: "batching", profile, maxSequences: 2, kvTokens: 64 } as const;
    const hand = new ByHand(tinyScenario({ pool: { replica, admission: waiting(2) }, more: RETRY }));
    hand.call(1, { route: -1 });
    hand.call(2, { route: -2 });
    hand.call(3, { inputTokens: 64 });
    expect(hand.told).toEqual([
      "0: 1 refused 404 unknown_model",
      "0: 2 refused 400 tier_not_offered",
      "0: 3 refused 400 context_length",
    ]);
  });

  it("stops an answer where the memory of a replica ends", () => {
    const profile = { base: "1s", perSequence: "0s", perContextToken: "0s", perPrefillToken: "0s" } as const;
    const memory = { kvTokens: 64, kvBlockTokens: 1, kvWatermark: 0 };
    const replica = { engine: "batching", profile, maxSequences: 1, ...memory } as const;
    const hand = new ByHand(tinyScenario({ pool: { replica } }));
    hand.call(1, { inputTokens: 60, outputTokens: 100 });
    hand.until(100);
    expect(hand.told.at(-1)).toBe("4: 1 completed, 60 + 4");
  });

  it("ends everything in a pool at an outage: a stream breaks, what has no token yet is refused", () => {
    const hand = server();
    hand.call(1);
    hand.call(2);
    hand.until(3).outage(0);
    hand.call(3);
    expect(hand.told.slice(2)).toEqual([
      "0: 2 queued",
      "2: 1 first token",
      "3: 1 broken outage, 10 + 2",
      "3: 2 refused 503 outage",
      "3: 3 refused 503 outage",
    ]);
  });

  const two = (more: Partial<ScenarioInput>, pool: Partial<ScenarioInput["pools"][string]> = {}) => {
    const replica = { engine: "slots", slots: 1, tokensPerSecond: 1, prefillTokensPerSecond: 10 } as const;
    return new ByHand(tinyScenario({ pool: { replicas: 2, replica, admission: waiting(9), ...pool }, more }));
  };

  it("loses what is in an instance that is lost under way, in the order in which it came, and nothing else", () => {
    const outages = [{ pool: "shared", from: "3s", for: "4s", instances: 1 }];
    const hand = two({ outages });
    const handles = [1, 2, 3].map((reference) => hand.call(reference, { outputTokens: 9 }));
    hand.until(4);
    expect(handles.map((handle) => hand.service.progress(handle, hand.now))).toEqual([0, 3, 0]);
    hand.service.cancel(handles[0]!, hand.now);
    hand.until(20);
    expect(hand.told.slice(5)).toEqual([
      "2: 1 first token",
      "2: 2 first token",
      "3: 1 broken outage, 10 + 2",
      // Fresh instances are up.
      "7: 3 started on 0 in 0, 0 cached",
      "9: 3 first token",
      "10: 2 completed, 10 + 9",
      "17: 3 completed, 10 + 9",
    ]);
  });

  it("refuses what has no token yet when its instance is lost", () => {
    const outages = [{ pool: "shared", from: "1s", for: "1s", instances: 2 }];
    const hand = two({ outages });
    for (const reference of [2, 1]) hand.call(reference);
    hand.until(5);
    expect(hand.told.slice(4)).toEqual(["1: 2 refused 503 outage", "1: 1 refused 503 outage"]);
    expect(hand.service.attempts.alive).toBe(0);
  });

  it("lets calls wait for a pool that has no instance, and starts them when it has", () => {
    const steps = [{ at: "5s", replicas: 2 }];
    const hand = two({}, { replicas: 0, autoscaler: { algorithm: "schedule", steps } });
    for (const reference of [1, 2, 3]) hand.call(reference, { outputTokens: 1 });
    hand.until(8);
    expect(hand.told).toEqual([
      "0: 1 queued",
      "0: 2 queued",
      "0: 3 queued",
      "5: 1 started on 0 in 0, 0 cached",
      "5: 2 started on 0 in 0, 0 cached",
      "7: 1 first token",
      "7: 1 completed, 10 + 1",
      "7: 3 started on 0 in 0, 0 cached",
      "7: 2 first token",
      "7: 2 completed, 10 + 1",
    ]);
  });

  it("forgets what was cached in an instance that is lost, and not at an outage of the whole pool", () => {
    const profile = { base: "1s", perSequence: "0s", perContextToken: "0s", perPrefillToken: "0s" } as const;
    const replica = { engine: "batching", profile, maxSequences: 1, kvTokens: 1000 } as const;
    const found = (outage: object) => {
      const outages = [{ pool: "shared", from: "5s", for: "1s", ...outage }];
      const hand = new ByHand(tinyScenario({ pool: { replica }, more: { outages } }));
      for (const [index, time] of [0, 3, 8].entries()) {
        hand.until(time).call(index, { inputTokens: 100, outputTokens: 1, prefix: 7, prefixTokens: 64 });
      }
      return hand.told.filter((line) => line.includes("started")).map((line) => line.split(", ")[1]);
    };
    expect([found({}), found({ instances: 1 })]).toEqual([
      ["0 cached", "64 cached", "64 cached"],
      ["0 cached", "64 cached", "0 cached"],
    ]);
  });

  it("has put an arrival into the queue before it says so", () => {
    const queued: number[] = [];
    const hand = server();
    hand.call(1);
    hand.listen({ queued: () => queued.push(hand.service.parts.pools[0]!.queue.length) });
    hand.call(2);
    hand.call(3);
    expect(queued).toEqual([1, 2]);
  });

  it.each(["queued", "started", "firstToken", "completed", "cancelled", "refused"] as const)(
    "lets no call be made or cancelled while it tells of what is %s",
    (answer) => {
      for (const deed of ["cancel", "call"] as const) {
        const hand = server();
        const handles = [hand.call(1), hand.call(2), hand.call(3)];
        const dares = () => {
          if (deed === "call") hand.call(9);
          else for (const handle of handles) hand.service.cancel(handle, hand.now);
        };
        hand.listen({ [answer]: dares });
        const goesOn = () => {
          hand.call(4);
          hand.until(4);
          hand.service.cancel(handles[1]!, hand.now);
          hand.call(5);
          hand.until(60);
        };
        expect(goesOn).toThrow("while an answer is being told");
      }
    },
  );

  it("cancels nothing before what completes at that instant has completed", () => {
    const hand = server();
    const handle = hand.call(1);
    hand.until(5.9);
    expect(() => hand.service.cancel(handle, instant(6_000_000))).toThrow("has completed before");
  });

  it("answers to one, and takes no call before it has one", () => {
    const hand = server();
    expect(() => hand.service.answerTo({} as never)).toThrow("answers to one");
    const { parts } = hand.service;
    const deaf = new Service({ ...NO_BOOKS, build: () => parts });
    expect(() => deaf.receive(emptyCall(), START)).toThrow("given its Answers");
  });
});
