import { describe, expect, it } from "vitest";
import { parseScenario, type ScenarioInput } from "../../../../src/core/index.js";
import { measureOf } from "../../../../src/core/results/verdict/measures.js";
import { thresholdsOf } from "../../../../src/core/scenario/thresholds.js";
import { Movement, openThresholds } from "../../../../src/core/tools/planning/open-thresholds.js";
import { planOf } from "../../../support/planned.js";
import { runResult } from "../../../support/run-result.js";
import { TWO_POOLS } from "../../../support/two-pools.js";

const scenario = parseScenario(TWO_POOLS);
const thresholds = thresholdsOf(scenario);
const movement = new Movement(scenario, thresholds);
const BOTH = { below: true, above: true };

const two = await planOf(
  { name: "two", scenario: TWO_POOLS, range: "pools.a.replicas=1..6" },
  "open",
  [],
  16,
);

describe("what a plan left undecided", () => {
  it("is the threshold that no value of the key changes, though another one was seen to fail", () => {
    expect(two.answer).toBeNull();
    expect(two.points.some(({ thresholds: [own] }) => own!.observed! > 0.05)).toBe(true);
    expect(two.open).toEqual([
      {
        ...{ metric: "overloaded_rate{tier:batch,per:attempt}", expression: "rate<1%" },
        ...{ method: "zero-events", isSeen: false, isMoved: false, tellers: ["worst run", "replications"] },
      },
    ]);
  });

  it("is nothing where there is an answer", () => {
    const answered = { ...two, answer: two.points[0]! };
    expect(openThresholds(answered, thresholds, movement, scenario, () => BOTH)).toEqual([]);
  });

  const tellers = (plan: Partial<typeof two>, beyond = BOTH) =>
    openThresholds({ ...two, ...plan }, thresholds, movement, scenario, () => beyond).map(
      (one) => one.tellers,
    );

  it("may be told by a range that goes on where values are worse, if there is anything", () => {
    expect(tellers({ kind: "least" })).toEqual([["lower range", "worst run", "replications"]]);
    expect(tellers({ kind: "load" })).toEqual([["higher range", "worst run", "replications"]]);
    expect(tellers({ kind: "least" }, { below: false, above: true })).toEqual([
      ["worst run", "replications"],
    ]);
    expect(tellers({ kind: "best" })).toEqual([["worst run", "replications"]]);
  });

  it("is told by more replications alone where an event of it was seen", () => {
    const seen = two.points.map((point) => ({
      ...point,
      thresholds: point.thresholds.map((one) => ({ ...one, method: "replications" as const })),
    }));
    expect(tellers({ points: seen })).toEqual([["replications"]]);
  });

  it("is told by nothing of the kind where it has no interval for another reason", () => {
    const certified = two.certified.map((point) => ({
      ...point,
      thresholds: point.thresholds.map((one) => ({ ...one, method: "open" as const })),
    }));
    expect(tellers({ certified })).toEqual([[]]);
  });
});

describe("whether a key moves a threshold", () => {
  /** Of two seeds each: what they say of the shares that the thresholds are about, and of a time of the tier batch. */
  const result = (standard: readonly number[], batch: readonly (number | null)[], wait = [1, 2]) => {
    const { estimates } = runResult({});
    const names = thresholds.map(({ parsed }) => measureOf(parsed).metric);
    const measures = [...names, "queue_wait{tier:batch}"];
    return runResult({
      estimates: measures.map((metric) => ({ ...estimates[0]!, metric, aggregation: "rate" })),
      replications: [0, 1].map((seed) => ({
        seed: `s/${seed}`,
        values: [standard[seed]!, batch[seed] ?? null, wait[seed]!],
        weights: [1, 1, 1],
      })),
    });
  };
  const movedBy = (path: string, ...results: ReturnType<typeof result>[]) => {
    const moves = new Movement(parseScenario(TWO_POOLS as ScenarioInput), thresholds);
    for (const [index, one] of results.entries()) {
      moves.note({ values: [[path, String(index)]], demand: 1 }, { kind: "search" }, one);
    }
    return thresholds.map((_, index) => moves.isMoved(index));
  };
  const [OF_A, OF_B] = ["pools.a.replicas", "pools.b.replicas"];

  it("is told by seeds that values have in common", () => {
    expect(movedBy(OF_A, result([0.1, 0.2], [0, 0]), result([0.05, 0.1], [0, 0]))).toEqual([true, false]);
    expect(movedBy(OF_A, result([0.1, 0.2], [0.1, 0.3]), result([0.1, 0.2], [0.1, 0.3]))).toEqual([
      false,
      false,
    ]);
  });

  it("is not denied for what all seeds give alike in its own pool", () => {
    expect(movedBy(OF_B, result([0.1, 0.2], [0, 0]), result([0.1, 0.2], [0, 0]))).toEqual([false, true]);
    // Nor where some seeds have no data.
    expect(movedBy(OF_B, result([0, 0], [0, null]), result([0, 0], [0, null]))).toEqual([false, true]);
  });

  it("is not denied where all else of its tier moves, nor after one value alone", () => {
    expect(movedBy(OF_A, result([0, 0], [0, 0]), result([0, 0], [0, 0], [1, 3]))[1]).toBe(true);
    expect(movedBy(OF_A, result([0, 0], [0, 0]))).toEqual([true, true]);
  });
});
