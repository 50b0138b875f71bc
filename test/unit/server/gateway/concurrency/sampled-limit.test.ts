import { describe, expect, it } from "vitest";
import { duration, instant, NEVER, seconds } from "../../../../../src/core/base/units.js";
import type { Stay } from "../../../../../src/core/server/gateway/concurrency/limit.js";
import {
  SampledLimit,
  type SampledOptions,
} from "../../../../../src/core/server/gateway/concurrency/sampled-limit.js";

const at = (time: number) => instant(seconds(time));

/** Notes what it is told, window by window, and grows by half each time. */
class Noted extends SampledLimit {
  readonly told: (readonly [sample: number, inside: number, hasDrop: boolean])[] = [];
  protected readonly unloaded = 1_000_000;

  constructor(sample: SampledOptions["sample"]) {
    super({ sample, window: duration(1), samples: 1, initial: 3, least: 1, most: 10 });
  }

  protected override update(sample: number, inside: number, hasDrop: boolean): void {
    this.told.push([sample, inside, hasDrop]);
    this.estimate += 0.5;
  }
}

const stay = (changes: Partial<Stay>): Stay => ({
  startedAt: at(10),
  firstTokenAt: at(12),
  leftAt: at(20),
  outputTokens: 5,
  settlement: "completed",
  ...changes,
});

describe("what a limit of samples goes by", () => {
  it.each([
    ["ttft", [[2_000_000, 7, false]]],
    ["tpot", [[2_000_000, 5, false]]],
    ["latency", [[10_000_000, 5, false]]],
  ] as const)("%s", (sample, told) => {
    const limit = new Noted(sample);
    limit.firstToken(0, at(10), 7, at(12));
    limit.left(0, stay({}), 4);
    expect(limit.told).toEqual(told);
  });

  it.each(["tpot", "latency"] as const)("of %s no answer that was cut", (sample) => {
    const limit = new Noted(sample);
    limit.left(0, stay({ settlement: "cut" }), 4);
    limit.left(0, stay({ outputTokens: 1, settlement: "cut" }), 4);
    expect(limit.told).toEqual([]);
  });

  it("tells nothing of the time between tokens where there is one", () => {
    const limit = new Noted("tpot");
    limit.left(0, stay({ outputTokens: 1 }), 4);
    expect(limit.told).toEqual([]);
  });

  it("takes one that is cut before its first token for dropped, after longer than it takes without load", () => {
    const limit = new Noted("ttft");
    const none = { firstTokenAt: NEVER, outputTokens: 0 };
    limit.left(0, stay({ ...none, leftAt: at(11), settlement: "cut" }), 4);
    limit.left(0, stay({ ...none, leftAt: at(13), settlement: "shed" }), 4);
    limit.left(0, stay({ ...none, leftAt: at(13), settlement: "cut" }), 4);
    expect(limit.told).toEqual([[3_000_000, 5, true]]);
  });

  it("is its estimate rounded down", () => {
    const limit = new Noted("ttft");
    const course = [1, 2, 3].map((second) => {
      limit.firstToken(0, at(second), 1, at(second + 1));
      return limit.most;
    });
    expect(course).toEqual([3, 4, 4]);
  });
});
