import { expect, it } from "vitest";
import type { Estimate, RunResult } from "../../../../src/core/results/shape/result.js";
import { alsoMeasured } from "../../../../src/core/tools/planning/plan-measures.js";
import { runResult } from "../../../support/run-result.js";

const replications = ["a", "b"].map((seed) => ({ seed, values: [], weights: [] }));
const throughput: Estimate = {
  ...{ metric: "throughput{tier:all}", aggregation: "value", unit: "tokens_per_second", better: "higher" },
  ...{ value: 40, low: 38, high: 42, n: 2, method: "replications", oneRun: null },
};

const fleetOf = (gpuSeconds: object): RunResult["fleet"] => ({
  ...{ gpus: 8, gpuSeconds, scaling: null, isPriced: false, gpuCost: null },
});

it("gives what is counted for one run, and what is estimated with its interval", () => {
  const fleet = fleetOf({ free: 100, gone: 5, ready: 60, lost: 20 });
  expect(alsoMeasured(runResult({ replications, fleet, estimates: [throughput] }))).toEqual([
    { name: "GPU-seconds a run", unit: "count", value: 40, low: null, high: null, method: "one-seed" },
    { name: "generated", unit: "tokens_per_second", value: 40, low: 38, high: 42, method: "replications" },
  ]);
});

it("leaves out what a result does not have", () => {
  const fleet = fleetOf({ free: 100, ready: 60 });
  const nothing = { ...throughput, value: null, low: null, high: null };
  const names = alsoMeasured(runResult({ replications, fleet, estimates: [nothing] })).map(
    ({ name }) => name,
  );
  expect(names).toEqual(["GPU-seconds a run"]);
  expect(alsoMeasured(runResult({ replications: [], fleet, estimates: [] }))).toEqual([]);
});
