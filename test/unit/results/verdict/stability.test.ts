import { describe, expect, it } from "vitest";
import type { RecoveryVerdict } from "../../../../src/core/results/metrics/judged.js";
import type { Recovery } from "../../../../src/core/results/metrics/recovery.js";
import {
  type SeedOutcome,
  seedOutcome,
  stabilityOf,
} from "../../../../src/core/results/verdict/stability.js";
import { runResult } from "../../../support/run-result.js";

const seeds = (count: number, verdict: RecoveryVerdict): SeedOutcome[] =>
  Array.from({ length: count }, (_, index) => ({
    seed: `1/${index + 1}`,
    verdict,
    recoveryTime: verdict === "recovered" ? 10 : null,
    goodputBefore: 5,
    goodputAfter: 1,
    amplification: 1,
    caveats: [],
  }));

describe("stability over seeds", () => {
  it("tells what every seed tells, in the numbers of the first where they differ, and nothing else", () => {
    const open = (share: number) => ({ kind: "open", text: `${share} % had not ended` }) as const;
    const estimate = { kind: "estimate", text: "an estimate" } as const;
    const told = [
      [open(2), estimate],
      [open(3), estimate, { kind: "short", text: "too short" } as const],
    ].map((caveats, index) => ({ ...seeds(2, "recovered")[index]!, caveats }));
    expect(stabilityOf("a", told).caveats).toEqual([
      { kind: "open", text: "2 % had not ended: seed 1 of 2" },
      estimate,
    ]);
  });

  it.each([
    ["stable", 20, 0, 0],
    ["unclear", 5, 0, 0],
    ["stable", 6, 0, 0],
    ["metastable", 19, 1, 0],
    ["metastable", 1, 19, 3],
    ["collapsed", 0, 20, 0],
    ["collapsed", 0, 1, 4],
    ["unclear", 0, 0, 20],
  ] as const)("is %s with %i recovered, %i stuck and %i too short", (verdict, recovered, stuck, unknown) => {
    const all = [...seeds(recovered, "recovered"), ...seeds(stuck, "stuck"), ...seeds(unknown, "unknown")];
    expect(stabilityOf("storm", all)).toMatchObject({ verdict, recovered, stuck, unknown });
  });

  it("tells the share of stuck seeds among those that could be judged", () => {
    const { stuckShare } = stabilityOf("storm", [
      ...seeds(5, "stuck"),
      ...seeds(5, "recovered"),
      ...seeds(7, "unknown"),
    ]);
    expect(stuckShare).toMatchObject({
      value: 0.5,
      low: expect.closeTo(0.187, 3),
      high: expect.closeTo(0.813, 3),
    });
    expect(stabilityOf("storm", seeds(3, "unknown")).stuckShare).toBeNull();
  });

  it("takes from a run what it says of its seed, and nothing from one without a trigger", () => {
    const recovery: Recovery = {
      trigger: { from: 1, until: 2 },
      window: 60,
      share: 0.9,
      goodputBefore: 8,
      goodputDuring: 1,
      goodputAfter: 6,
      recoveryTime: null,
      verdict: "stuck",
    };
    expect(seedOutcome(runResult({ recovery }))).toMatchObject({
      seed: "7",
      verdict: "stuck",
      goodputBefore: 8,
      goodputAfter: 0.75,
    });
    expect(seedOutcome(runResult())).toMatchObject({
      verdict: "unknown",
      recoveryTime: null,
      goodputAfter: null,
    });
  });
});
