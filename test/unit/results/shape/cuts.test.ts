import { expect, it } from "vitest";
import { type ScenarioInput, simulate } from "../../../../src/core/index.js";
import { cutsOf, cutsOver, cutTexts } from "../../../../src/core/results/shape/cuts.js";
import { lossSystem } from "../../../support/oracle.js";

const NONE = { prompts: 0, outputs: 0, thinkTimes: 0 };

it("are of sources that cut something, summed over runs and told", () => {
  const found = cutsOf([
    { name: "a" },
    { name: "b", cuts: NONE },
    { name: "c", cuts: { ...NONE, outputs: 1 } },
  ]);
  expect(found).toEqual([{ source: "c", ...NONE, outputs: 1 }]);
  const over = cutsOver([found, [], [{ source: "c", ...NONE, prompts: 2, outputs: 1 }]]);
  expect(over).toEqual([{ source: "c", ...NONE, prompts: 2, outputs: 2 }]);
  expect(over.flatMap(cutTexts)).toEqual([
    "2 prompts of c cut to maxInput, warm-up included",
    "2 outputs of c cut to maxOutput, warm-up included",
  ]);
});

it("are in the result of a run, and not where all fits", () => {
  const system = lossSystem({
    slots: 10,
    rates: { standard: 4 },
    admission: { policy: "none" },
    service: { dist: "constant", value: 1e5 },
    duration: "20s",
    warmup: "0s",
  });
  const within = (more: object): ScenarioInput => ({
    ...system,
    traffic: { callers: { ...system.traffic["callers"]!, input: 50, ...more } },
  });
  const run = (more: object) => simulate(within(more));
  const { cuts, caveats, all } = run({ maxInput: 49, maxOutput: 99_999 });
  expect(cuts).toEqual([{ source: "callers", ...NONE, prompts: all.attempts, outputs: all.attempts }]);
  expect(caveats.filter(({ kind }) => kind === "cut")).toHaveLength(2);
  expect(run({ maxInput: 50, maxOutput: 100_000 }).cuts).toBeUndefined();
});
