// How the server ends attempts, driven by hand: what is told of each, and that its room goes to what waits.
import { describe, expect, it } from "vitest";
import { ByHand } from "../../../support/by-hand.js";
import { tinyScenario } from "../../engine/tiny.js";

const [STANDARD, PRIORITY] = [0, 1];

/** One server that makes a token a second and reads ten of a prompt, where a higher rank ends what runs. */
function server(admission: object): ByHand {
  const replica = { engine: "slots", slots: 1, tokensPerSecond: 1, prefillTokensPerSecond: 10 } as const;
  return new ByHand(
    tinyScenario({ pool: { replica, admission: { policy: "tail-drop", ...admission } as never } }),
  );
}

describe("an arrival of a higher rank", () => {
  it("ends what runs, after its first token as evicted and before it as displaced, and starts in its place", () => {
    const hand = server({ evictLower: true });
    hand.call(1, { route: STANDARD, outputTokens: 50 });
    hand.until(4);
    hand.call(2, { route: PRIORITY });
    hand.until(10);
    hand.call(3, { route: STANDARD });
    hand.until(10.5);
    hand.call(4, { route: PRIORITY });
    expect(hand.told.slice(3, 6)).toEqual([
      "4: 2 queued",
      "4: 1 broken evicted, 10 + 3",
      "4: 2 started on 1 in 0, 0 cached",
    ]);
    expect(hand.told.slice(-3)).toEqual([
      "10.5: 4 queued",
      "10.5: 3 refused 503 displaced",
      "10.5: 4 started on 1 in 0, 0 cached",
    ]);
    hand.until(60);
    hand.service.assertConserved(4, 0);
  });

  it("ends none of its own rank, and none where the policy does not say so", () => {
    for (const [admission, route] of [
      [{ evictLower: true }, STANDARD],
      [{ evictLower: false }, PRIORITY],
    ] as const) {
      const hand = server(admission);
      hand.call(1, { route: STANDARD, outputTokens: 50 });
      hand.until(4);
      hand.call(2, { route });
      hand.until(5);
      expect(hand.told.filter((line) => line.includes("evicted") || line.includes("displaced"))).toEqual([]);
    }
  });
});
