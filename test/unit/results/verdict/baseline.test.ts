import { describe, expect, it } from "vitest";
import {
  type BaselineInputs,
  baselineRecord,
  changedInputs,
  parseBaseline,
} from "../../../../src/core/results/verdict/baseline.js";
import { runResult } from "../../../support/run-result.js";

const ORIGIN = {
  window: { duration: 600, warmup: null },
  inputs: {
    surgefleet: "1.2.3",
    scenario: "5ce0",
    profiles: { shared: "9407" },
    traces: { "calls.csv": "73ace", "pipe.csv": null },
  },
} as const;

const STRATA = {
  blocks: [
    {
      candidates: 96,
      strata: [
        { share: 0.5, seeds: ["1/7", "1/9"] },
        { share: 0.5, seeds: ["1/3"] },
      ],
    },
  ],
} as const;

const [one] = runResult().replications;
const RESULT = {
  ...runResult({
    replications: Array.from({ length: 8 }, (_, i) => ({ ...one!, seed: `1/${i}` })),
  }),
  strata: STRATA,
};

describe("a baseline", () => {
  it("is read as it was written, with and without what went in", () => {
    const plain = baselineRecord(runResult({ replications: RESULT.replications }));
    expect([plain.strata, plain.inputs]).toEqual([null, null]);
    for (const record of [plain, baselineRecord(RESULT, ORIGIN)]) {
      expect(parseBaseline(JSON.stringify(record), "check.json")).toEqual(record);
    }
  });

  it("has one seed where a run tells by its batches that there is no other", () => {
    const only = baselineRecord(runResult());
    expect(only.replications).toHaveLength(1);
    expect(parseBaseline(JSON.stringify(only), "check.json")).toEqual(only);
  });

  it("keeps nine digits", () => {
    const third = runResult({ replications: [{ seed: "1", values: [1 / 3], weights: [1e15 / 7] }] });
    expect(baselineRecord(third).replications[0]).toEqual({
      seed: "1",
      values: [0.333333333],
      weights: [142857143000000],
    });
  });

  const whole = () => JSON.parse(JSON.stringify(baselineRecord(RESULT, ORIGIN)));
  const broken = (change: (record: ReturnType<typeof whole>) => void) => {
    const record = whole();
    change(record);
    return JSON.stringify(record);
  };

  it.each([
    ["{", "it is not JSON at 1:2, expected a key"],
    ["null", "expected a map"],
    [broken((one) => (one.schemaVersion = 1)), "schemaVersion: "],
    [broken((one) => delete one.scenario), "scenario: "],
    [broken((one) => delete one.inputs), "inputs: "],
    [broken((one) => (one.inputs.profiles.shared = 7)), "inputs.profiles.shared: "],
    [broken((one) => (one.strata.blocks[0].strata[1].seeds = [])), "strata.blocks.0.strata.1.seeds: "],
    [broken((one) => (one.estimates = [])), "estimates: "],
    [broken((one) => (one.estimates[0].value = "0.1")), "estimates.0.value: "],
    [broken((one) => (one.replications = [])), "fewer than 8 seeds"],
    [broken((one) => one.replications.splice(2)), "fewer than 8 seeds"],
    [
      broken((one) => {
        one.replications.splice(1);
        for (const estimate of one.estimates) estimate.method = "one-seed";
      }),
      "fewer than 8 seeds",
    ],
    [broken((one) => (one.estimates[0].method = "by-hand")), "estimates.0.method: "],
    [broken((one) => (one.replications[3].values = ["0.1"])), "replications.3.values.0: "],
    [broken((one) => one.replications[3].weights.pop()), "do not fit its estimates"],
  ])("refuses %s", (text, problem) => {
    expect(() => parseBaseline(text, "check.json")).toThrow(problem);
    expect(() => parseBaseline(text, "check.json")).toThrow(/check\.json .*--update/);
  });
});

describe("what changed of what went in", () => {
  const { inputs } = ORIGIN;
  const changed = (change: Partial<BaselineInputs>) => changedInputs(inputs, { ...inputs, ...change });

  it("is nothing where all is the same, or where a side does not say", () => {
    expect([changed({}), changedInputs(null, inputs), changedInputs(inputs, null)]).toEqual([[], [], []]);
  });

  it("is named, part by part", () => {
    expect(changed({ scenario: "0" })).toEqual(["the scenario"]);
    expect(changed({ profiles: { shared: "0" } })).toEqual(["the profile of pool shared"]);
    expect(changed({ traces: { "calls.csv": "0", "pipe.csv": null } })).toEqual(["the trace calls.csv"]);
    expect(changed({ surgefleet: "1.3.0" })).toEqual(["surgefleet (1.2.3, now 1.3.0)"]);
  });

  it("is not a pool or a trace that only one has: that is a change of the scenario", () => {
    expect(changed({ scenario: "0", profiles: { other: "1" }, traces: {} })).toEqual(["the scenario"]);
  });
});
