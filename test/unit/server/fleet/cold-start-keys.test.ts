import { describe, expect, it } from "vitest";
import { openStream } from "../../../../src/core/random/stream.js";
import { ColdStart } from "../../../../src/core/server/fleet/cold-start.js";
import {
  COLD_START_PRESETS,
  coldStart,
  coldStartSpec,
  WEIGHT_SOURCES,
} from "../../../../src/core/server/fleet/cold-start-keys.js";

const specOf = (given: Parameters<typeof coldStart.parse>[0]) => coldStartSpec(coldStart.parse(given))!;
const weights = (more: object) => ({ preset: "cached", weights: { bytes: "141G", ...more } });

describe("a cold start as a scenario says it", () => {
  it("is none, a preset by name, or one with stages of its own", () => {
    expect(coldStartSpec(coldStart.parse("none"))).toBeUndefined();
    expect(specOf("warm")).toMatchObject({
      provision: { value: 0 },
      image: { value: 0 },
      load: { value: 0 },
    });
    const own = specOf({
      preset: "warm",
      init: "7s",
      wake: { mean: "2s" },
      image: { median: "1m", p90: "2m" },
    });
    expect([own.init, own.wake, own.image]).toMatchObject([
      { dist: "constant", value: 7 },
      { dist: "exponential", mean: 2 },
      { dist: "lognormal", median: 60 },
    ]);
    expect(coldStart.safeParse({ preset: "cached", image: { median: "2m", p90: "1m" } }).success).toBe(false);
  });

  it.each([
    // elastic.md 2.2, derived there: 141 GB take 40 s at 3.5 GB/s and 7 s at 20 GB/s.
    [{}, 40.29],
    [{ from: "nvme-tuned" }, 7.05],
    [{ from: "object-store" }, 94],
    [{ bandwidth: 5.3 }, 26.6],
  ])("loads weights at the bandwidth of where they come from: %o", (more, expected) => {
    const { load } = specOf(weights(more) as never);
    expect(load).toMatchObject({ dist: "lognormal" });
    expect((load as { median: number }).median).toBeCloseTo(expected, 1);
    expect(specOf(weights({ ...more, spread: 1 }) as never).load).toMatchObject({ dist: "constant" });
  });

  it("loads them at a megabyte a second at least", () => {
    const told = (bandwidth: number) => coldStart.safeParse(weights({ bandwidth })).success;
    expect([told(0.000_999), told(0.001)]).toEqual([false, true]);
    const longest = { preset: "cached", weights: { bytes: 1e14, bandwidth: 0.001, spread: 10 } };
    expect(specOf(longest as never).load).toMatchObject({ median: 1e8 });
  });

  it("takes longer the less is there, as measured whole starts do", () => {
    const startOf = (preset: string) =>
      new ColdStart(specOf({ preset, weights: { bytes: 16e9 } } as never), openStream("1", preset));
    const [warm, cached, cold] = ["warm", "cached", "cold"].map((preset) => startOf(preset).meanOn(false));
    expect([warm! < cached!, cached! < cold!]).toEqual([true, true]);
    // On a node that is up: 82 s with caches, 294 s without (8B on L40S; tensorfuse.io, 2025-09), within a third.
    const onNode = (preset: string) => startOf(preset).meanOn(true);
    expect(Math.abs(onNode("cached") / 82 - 1)).toBeLessThan(1 / 3);
    expect(onNode("cold")).toBeGreaterThan(294 * (2 / 3));
    expect(onNode("cold")).toBeLessThan(525);
  });

  it("says of each number where it is from", () => {
    for (const { source } of [...COLD_START_PRESETS, ...WEIGHT_SOURCES])
      expect(source).toMatch(/\b(read|excerpts?|ours)\b/);
  });
});
