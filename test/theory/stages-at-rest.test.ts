// Estimates from datasheets against what other people's engines were recorded to do: docs/profiles.md has the table.
import { describe, expect, it } from "vitest";
import { sharedFile } from "../support/shared-data.js";
import { perTokenOf, profileOf, readStages } from "../support/stages-at-rest.js";

const file = sharedFile("reality/vllm-0.15.1-h100.csv");
const stages = file === undefined ? [] : readStages(file);
const isMixtral = (model: string) => model.includes("Mixtral");

describe.skipIf(file === undefined)("time per token of recorded stages (vllm-0.15.1-h100.csv)", () => {
  const errorOf = (stage: (typeof stages)[number], all: boolean) =>
    perTokenOf(stage, profileOf(stage), all) / stage.perToken - 1;

  // Their prompts are found as a whole: with the system prompt alone it would be over a tenth longer.
  it.each(stages.filter(({ load }) => load.startsWith("codegen")))("$model, $load", (stage) => {
    expect(Math.abs(errorOf(stage, true))).toBeLessThan(isMixtral(stage.model) ? 0.05 : 0.04);
  });

  // How much of them is found is not recorded: what was measured lies between both bounds.
  it.each(stages.filter(({ load, model }) => load.startsWith("reasoning") && !isMixtral(model)))(
    "$model, $load, at a full batch",
    (stage) => {
      const bounds = [errorOf(stage, true), errorOf(stage, false)];
      expect(Math.min(...bounds)).toBeLessThan(0);
      expect(Math.max(...bounds)).toBeGreaterThan(0);
      // Where all prompts lie in memory once, and where none does, batches of multi-head attention are far apart.
      const width = stage.gpus === 1 ? 0.4 : 0.11;
      expect(Math.max(...bounds.map((error) => Math.abs(error)))).toBeLessThan(width);
    },
  );

  it("of experts in fused kernels are not those of the engine that was measured", () => {
    for (const stage of stages.filter(({ model, load }) => isMixtral(model) && load.startsWith("codegen"))) {
      const unfused = profileOf(stage, { expertKernels: "unfused" });
      expect(perTokenOf(stage, unfused, true) / stage.perToken).toBeGreaterThan(1.12);
    }
  });
});
