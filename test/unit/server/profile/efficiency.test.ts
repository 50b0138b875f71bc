import { describe, expect, it } from "vitest";
import { fittedEfficiency } from "../../../../src/core/server/profile/efficiency.js";
import type { Efficiency, RooflineFile } from "../../../../src/core/server/profile/file/roofline-keys.js";
import type { PassTimes } from "../../../../src/core/server/profile/pass-times.js";
import { rooflinePass } from "../../../../src/core/server/profile/roofline.js";
import { minimize } from "../../../../src/core/tools/calibration/minimize.js";
import { sharedFile } from "../../../support/shared-data.js";
import { errors, meanError, readSteps, type Step } from "./measurements.js";

const estimate = (model: string, more: Partial<RooflineFile> = {}): PassTimes =>
  rooflinePass({
    schemaVersion: 1,
    name: model,
    source: "public shape and datasheet",
    kind: "roofline",
    estimate: true,
    model,
    gpu: "h100",
    ...more,
  });

/** Fits factors, each from its start by up to a third of it, so that the squares of the errors are least. */
function refit(
  model: string,
  steps: readonly Step[],
  start: Partial<Efficiency>,
): Readonly<Record<string, number>> {
  const names = Object.keys(start);
  const factorsAt = (at: readonly number[]) =>
    Object.fromEntries(names.map((name, index) => [name, Math.exp(at[index]!)]));
  const squares = (at: readonly number[]) =>
    errors(estimate(model, { efficiency: factorsAt(at) }), steps).reduce(
      (sum, error) => sum + Math.log(1 + error) ** 2,
      0,
    );
  const from = Object.values(start).map(Math.log);
  const steep = { steps: from.map(() => 0.3), evaluations: 2000, rounds: 20 };
  return factorsAt(minimize(squares, from, steep).at);
}

const eight = sharedFile("calibration/calib_llama31-8b.csv");
const seventy = sharedFile("calibration/calib_llama31-70b-tp8-shard.csv");
const experts = sharedFile("calibration/calib_qwen3-30b-a3b.csv");
const draft = sharedFile("calibration/spec_draft_1b.csv");

describe("the shipped factors", () => {
  it.skipIf(eight === undefined)(
    "are what a fit to the 8B model's steps gives (calib_llama31-8b.csv)",
    () => {
      const steps = readSteps(eight!);
      const start = { bandwidth: 0.8, compute: 0.6, attention: 0.5, perLayer: 0.02, overlap: 2 };
      const fitted = refit("llama-3.1-8b", steps, start);
      const shipped: Readonly<Record<string, number>> = { ...fittedEfficiency() };
      for (const name of Object.keys(start)) {
        expect(Math.abs(shipped[name]! / fitted[name]! - 1), name).toBeLessThan(0.003);
      }
      expect(meanError(estimate("llama-3.1-8b"), steps)).toBeLessThan(0.013);
    },
  );

  it.skipIf(seventy === undefined)(
    "predict a shard of the 70B model, not seen, within 3 % (calib_llama31-70b-tp8-shard.csv)",
    () => {
      const shard = estimate("llama-3.1-70b", { gpus: 8, collectives: false });
      expect(meanError(shard, readSteps(seventy!))).toBeLessThan(0.03);
    },
  );

  it.skipIf(draft === undefined)("predict the 1B draft, not seen, within 2 % (spec_draft_1b.csv)", () => {
    expect(meanError(estimate("llama-3.2-1b"), readSteps(draft!))).toBeLessThan(0.02);
  });

  it.skipIf(experts === undefined)(
    "with the one of expert layers fitted to them, give decode steps of experts within 5.5 % (calib_qwen3-30b-a3b.csv)",
    () => {
      const decode = readSteps(experts!).filter(({ kind }) => kind === "decode");
      const { perExpertLayer } = refit("qwen3-30b-a3b", decode, { perExpertLayer: 0.05 });
      expect(Math.abs(fittedEfficiency("unfused").perExpertLayer / perExpertLayer! - 1)).toBeLessThan(0.005);
      const unfused = estimate("qwen3-30b-a3b", { expertKernels: "unfused" });
      expect(meanError(unfused, decode)).toBeLessThan(0.055);
      // Without it, they are far off: nothing in the 8B model tells what routing costs.
      const without = estimate("qwen3-30b-a3b", { efficiency: { perExpertLayer: 0 } });
      expect(meanError(without, decode)).toBeGreaterThan(0.25);
    },
  );
});

it("all but bandwidth, compute and attention are times and shapes; those three are shares", () => {
  const { bandwidth, compute, attention } = fittedEfficiency();
  for (const share of [bandwidth, compute, attention]) {
    expect(share).toBeGreaterThan(0);
    expect(share).toBeLessThan(1);
  }
});
