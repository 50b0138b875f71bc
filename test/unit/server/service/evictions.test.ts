// Who is ended while it runs, driven by hand: none for whom that would make no room.
import { describe, expect, it } from "vitest";
import { ByHand } from "../../../support/by-hand.js";
import { tinyScenario } from "../../engine/tiny.js";

const [STANDARD, PRIORITY] = [0, 1];

describe("an arrival of a higher rank", () => {
  it("ends none where one of no higher rank would start in its place", () => {
    const replica = { engine: "slots", slots: 1, tokensPerSecond: 1 } as const;
    const admission = { policy: "tail-drop", evictLower: true, queueTimeout: "100s" } as const;
    const hand = new ByHand(tinyScenario({ pool: { replica, admission, discipline: "fifo" } }));
    hand.call(1, { route: STANDARD, outputTokens: 50 });
    hand.call(2, { route: STANDARD, outputTokens: 50 });
    hand.until(4);
    hand.call(3, { route: PRIORITY });
    expect(hand.told.slice(-2)).toEqual(["1: 1 first token", "4: 3 queued"]);
  });

  it("ends none where that leaves no opening: the slots are free, and the prompts of others are read", () => {
    const replica = {
      ...{ engine: "batching", profile: "llama-3.1-8b-h100", maxSequences: 4, kvTokens: "400k" },
      maxPrefillSequences: 1,
    } as never;
    const admission = { policy: "tail-drop", evictLower: true } as const;
    const hand = new ByHand(tinyScenario({ pool: { replica, admission } }));
    hand.call(1, { route: STANDARD, outputTokens: 5000 });
    hand.until(1);
    hand.call(2, { route: PRIORITY, inputTokens: 100_000 });
    hand.call(3, { route: PRIORITY });
    expect(hand.told.slice(3)).toEqual(["1: 2 queued", "1: 2 started on 1 in 0, 0 cached", "1: 3 queued"]);
  });

  it("ends none in an instance that drains, which gives its room to no other", () => {
    const replica = { engine: "slots", slots: 1, tokensPerSecond: 1 } as const;
    const admission = { policy: "tail-drop", evictLower: true } as const;
    const hand = new ByHand(tinyScenario({ pool: { replicas: 2, replica, admission } }));
    hand.call(1, { route: STANDARD, outputTokens: 50 });
    hand.call(2, { route: STANDARD, outputTokens: 50 });
    hand.until(4);
    hand.service.parts.fleet.drain(1, hand.now);
    hand.call(3, { route: PRIORITY });
    expect(hand.told.slice(-3)).toEqual([
      "4: 3 queued",
      "4: 1 broken evicted, 10 + 4",
      "4: 3 started on 1 in 0, 0 cached",
    ]);
  });
});
