import { describe, expect, it } from "vitest";
import { type Duration, MICROS_PER_MINUTE } from "../../../../../src/core/base/units.js";
import { AdaptiveMeter } from "../../../../../src/core/server/gateway/accounts/adaptive.js";
import { type LimitSet, limitSets } from "../../../../../src/core/server/gateway/accounts/limit-sets.js";
import { TokenBuckets } from "../../../../../src/core/server/gateway/accounts/token-bucket.js";

const one = { perMinute: 10, burst: 10 };
const ramp = { from: 10, growth: 0.5, per: MICROS_PER_MINUTE as Duration };
const adaptive = {
  growPerMinute: 0.2,
  useThreshold: 0.8,
  shrinkHalfLife: (30 * MICROS_PER_MINUTE) as Duration,
  softFactor: 1,
  hardFactor: 2,
};

const order = ({ limits }: LimitSet) => limits.map(({ name, scope }) => `${name} ${scope}`);

describe("limits of a request", () => {
  it("are none where none are stated", () => {
    expect(limitSets({})).toEqual({
      common: { limits: [], meters: [], settled: [], uncached: [], soft: [] },
      ofPath: [],
    });
  });

  it("come in one order: of the whole account, of its model, of the path, the ramp, what is under way", () => {
    const { common, ofPath } = limitSets({
      concurrency: { most: 1, scope: "account" },
      ramp,
      paths: [{ path: 2, requests: one, generatedTokens: one }],
      generatedTokens: one,
      promptTokens: one,
      requests: { ...one, scope: "account" },
    });
    const all = ["requests account", "promptTokens model", "generatedTokens model"];
    const rest = ["ramp model", "concurrency account"];
    expect(order(common)).toEqual([...all, ...rest]);
    expect([ofPath[0], ofPath[1], ofPath.length]).toEqual([undefined, undefined, 3]);
    expect(order(ofPath[2]!)).toEqual([...all, "requests account", "generatedTokens account", ...rest]);
    // What all paths share is one meter for all of them.
    expect(ofPath[2]!.limits[0]).toBe(common.limits[0]);
  });

  it("of one kind and scope share a meter, and those of others have their own", () => {
    const { common } = limitSets({
      requests: { ...one, scope: "model" },
      promptTokens: one,
      uncachedPromptTokens: { ...one, window: "fixed" },
      generatedTokens: { ...one, window: "bucket" },
    });
    expect(common.meters.length).toBe(2);
    expect(common.limits.map(({ name, column }) => [name, column])).toEqual([
      ["requests", 0],
      ["promptTokens", 1],
      ["generatedTokens", 2],
      ["uncachedPromptTokens", 0],
    ]);
    expect([common.meters[0]!.meter instanceof TokenBuckets, common.meters[1]!.scope]).toEqual([
      true,
      "model",
    ]);
  });

  it("are settled, given back and softened only where that is of any use", () => {
    const { common } = limitSets({
      requests: { ...one, soft: 0.5 },
      promptTokens: one,
      uncachedPromptTokens: one,
      generatedTokens: one,
      concurrency: { most: 1, scope: "model" },
    });
    const named = (key: "settled" | "uncached" | "soft") => common[key].map(({ name }) => name);
    expect([named("settled"), named("uncached"), named("soft")]).toEqual([
      ["generatedTokens", "concurrency"],
      ["uncachedPromptTokens"],
      ["requests"],
    ]);
  });

  it("grow all but those of paths, and soften where the soft factor is below the hard one", () => {
    const paths = [{ path: 0, promptTokens: one }];
    const { common, ofPath } = limitSets({ requests: one, promptTokens: one, adaptive, paths, ramp });
    const isGrowing = ({ limits }: LimitSet) => limits.map(({ meter }) => meter instanceof AdaptiveMeter);
    expect([isGrowing(common), isGrowing(ofPath[0]!)]).toEqual([
      [true, true, false],
      [true, true, false, false],
    ]);
    expect(common.soft.length).toBe(2);
    const hard = limitSets({ requests: one, adaptive: { ...adaptive, hardFactor: 1 } });
    expect(hard.common.soft).toEqual([]);
  });
});
