import { describe, expect, it } from "vitest";
import { type Duration, instant, NEVER, seconds } from "../../../../../src/core/base/units.js";
import { openStream } from "../../../../../src/core/random/stream.js";
import { AimdLimit } from "../../../../../src/core/server/gateway/concurrency/aimd.js";
import type { Stay } from "../../../../../src/core/server/gateway/concurrency/limit.js";
import { concurrencyLimit } from "../../../../../src/core/server/gateway/concurrency/registry.js";

const OPTIONS = { initial: 20, least: 5, most: 30, backoff: 0.9, slow: seconds(1) };
const at = (time: number) => instant(seconds(time));

const limit = (changes: Partial<typeof OPTIONS> = {}) => new AimdLimit({ ...OPTIONS, ...changes });

function stay(changes: Partial<Stay>): Stay {
  return {
    startedAt: at(0),
    firstTokenAt: NEVER,
    leftAt: at(0),
    outputTokens: 0,
    settlement: "cut",
    ...changes,
  };
}

describe("additive increase, multiplicative decrease", () => {
  it("adds one for a quick first token while half of the limit is used", () => {
    const grown = [10, 9].map((inside) => {
      const aimd = limit();
      aimd.firstToken(0, at(0), inside, at(1));
      return aimd.most;
    });
    expect(grown).toEqual([21, 20]);
  });

  it("keeps a share for a slow one, rounded down, however little is used", () => {
    const aimd = limit();
    const log = [1, 1, 1].map((inside) => {
      aimd.firstToken(0, at(0), inside, instant(1_000_001));
      return aimd.most;
    });
    expect(log).toEqual([18, 16, 14]);
  });

  it("stays between its bounds", () => {
    const low = limit();
    for (let n = 0; n < 50; n++) low.firstToken(0, at(0), 20, at(9));
    const high = limit();
    for (let n = 0; n < 50; n++) high.firstToken(0, at(0), 20, at(0));
    expect([low.most, high.most]).toEqual([5, 30]);
  });

  it("takes one that left without a first token for slow if it was inside for so long, and once", () => {
    const stays = [
      stay({ leftAt: at(2) }),
      stay({ leftAt: at(1) }),
      stay({ firstTokenAt: at(1.5), leftAt: at(2) }),
      stay({ firstTokenAt: at(0.5), leftAt: at(9), settlement: "completed" }),
    ];
    const shrunk = stays.map((each) => {
      const aimd = limit();
      aimd.left(0, each);
      return aimd.most;
    });
    expect(shrunk).toEqual([18, 20, 20, 20]);
  });

  it("has the defaults of the library that it is taken from", () => {
    const { limit: _, ...defaults } = concurrencyLimit.parse("aimd");
    expect(defaults).toEqual({ slow: seconds(5), initial: 20, least: 20, most: 200, backoff: 0.9 });
  });

  // Where the limit neither grows nor shrinks in the mean: p (L - floor(backoff L)) = 1 - p.
  it.each([0.05, 0.1, 0.3])(
    "settles where a share %f of slow attempts takes what the others add",
    (share) => {
      const aimd = limit({ least: 1, most: 1e6 });
      const chance = openStream("1", "slow");
      let sum = 0;
      const samples = 200_000;
      for (let n = 0; n < samples; n++) {
        sum += aimd.most - Math.floor(0.9 * aimd.most);
        const isSlow = chance.uniform() < share;
        aimd.firstToken(0, at(0), aimd.most, instant(isSlow ? 2e6 : (0 as Duration)));
      }
      expect(Math.abs((sum / samples) * (share / (1 - share)) - 1)).toBeLessThan(0.03);
    },
  );
});
