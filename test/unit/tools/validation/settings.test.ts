import { describe, expect, it } from "vitest";
import { SurgefleetError } from "../../../../src/core/index.js";
import { profileFileByName } from "../../../../src/core/internal.js";
import {
  assertFits,
  assertStepHolds,
  engineScenario,
  gpusOf,
  settingsOf,
} from "../../../../src/core/tools/validation/settings.js";

const measured = profileFileByName("llama-3.1-8b-h100");
const callers = { arrivals: { trace: "t.csv" } };

describe("settings of a replayed engine", () => {
  it("are the caller's, then the profile's", () => {
    expect(settingsOf(measured, { maxSequences: 12, kvTokens: 5000 })).toEqual({
      replicas: 1,
      maxSequences: 12,
      maxBatchedTokens: 2048,
      maxPrefillSequences: 8,
      kvTokens: 5000,
    });
  });

  it("derive the KV of a roofline from its model and its GPU", () => {
    const { kvTokens } = settingsOf(profileFileByName("llama-3.1-8b-h200"), {});
    // 0.9 of 141 GB without 16 GB of weights, 128 KiB a token.
    expect(kvTokens).toBeGreaterThan(700_000);
    expect(kvTokens).toBeLessThan(1_000_000);
  });

  it("take as many GPUs as the profile's replica needs", () => {
    const wide = profileFileByName("llama-3.1-70b-tp8-h100");
    expect([gpusOf(measured), gpusOf(wide)]).toEqual([1, 8]);
    const { inventory, pools } = engineScenario(wide, { ...settingsOf(wide, {}), replicas: 3 }, callers);
    expect(inventory.gpus).toBe(24);
    expect(pools["engine"]).toMatchObject({ replicas: 3, gpusPerReplica: 8 });
  });

  it("can be changed as --set does, and a wrong key is told", () => {
    const set = (path: string) => [{ path, value: "32", origin: "--set" }];
    const settings = settingsOf(measured, {});
    const { pools } = engineScenario(measured, settings, callers, set("pools.engine.replica.kvBlockTokens"));
    expect(pools["engine"]!.replica).toMatchObject({ kvBlockTokens: 32 });
    expect(() =>
      engineScenario(measured, settings, callers, set("pools.engine.replica.kvBlockToken")),
    ).toThrow(SurgefleetError);
  });

  it("refuse a step that is too small, and a request that never fits", () => {
    const settings = settingsOf(measured, { maxSequences: 16, maxBatchedTokens: 15, kvTokens: 100 });
    expect(() => assertStepHolds(measured, settings)).toThrow(/15 tokens.*16 sequences a token/);
    const fast = profileFileByName("llama-3.1-8b-fast-h100");
    expect(() => assertStepHolds(fast, settings)).toThrow(/16 sequences \d+ tokens/);
    expect(() => assertFits(101, settings)).toThrow(/101 tokens of KV.*100/);
    expect(assertFits(100, settings)).toBeUndefined();
  });
});
