import { expect, it } from "vitest";
import { axisOf, readRange } from "../../../../src/core/tools/planning/axis.js";
import type { Planning } from "../../../../src/core/tools/planning/candidate.js";
import { searchedOrder, surveyed } from "../../../../src/core/tools/planning/checked-order.js";
import { riskOfTrial } from "../../../../src/core/tools/planning/probe.js";
import { plantedProbe, plantedScenario, THRESHOLDS } from "../../../support/planted-curves.js";

const axis = axisOf(readRange("retryAfter.jitter=0..12"), { kind: "whole" });
const VALLEY = (value: number) => (value > 3 && value < 9 ? 0.08 : 0.02);

function planning(tried: string[], trials = Number.POSITIVE_INFINITY): Planning {
  const own = { seed: "s", confidence: 0.95, most: 32 };
  return {
    ...{ ...own, scenario: plantedScenario },
    probe: async ({ values, demand }, trial) => {
      if (tried.length >= trials) return undefined;
      tried.push(`${trial.kind} ${values[0]![1]} ${demand}`);
      const risk = riskOfTrial(trial, { ...own, thresholds: THRESHOLDS });
      const noise = { common: 0.01, own: 0.001 };
      return plantedProbe(Number(values[0]![1]), { ...risk, clusters: {} }, { standard: VALLEY, ...noise });
    },
  };
}

it("tries values over the range once, and again what seems to break the order, on as many runs as may be", async () => {
  const tried: string[] = [];
  const options = planning(tried);
  const { points, order } = await surveyed({ axis, better: undefined, survey: 3 }, options);
  expect(tried).toEqual(["search 0 1", "search 6 1", "search 12 1"]);
  expect(points.map(({ probe }) => probe.result.replications.length)).toEqual([16, 16, 16]);
  const found = await searchedOrder(axis, points, order, options);
  expect(tried.slice(3)).toEqual(["order 0 1", "order 6 1", "order 12 1"]);
  expect(found).toMatchObject({ finished: true, order: { surveyed: 3, isBroken: true } });
  expect(found.order.compared.map(({ replications }) => replications)).toEqual([32, 32, 32]);
});

it("takes what it is told, and tries nothing where nothing seems to break it", async () => {
  const tried: string[] = [];
  const options = planning(tried);
  const { points, order } = await surveyed({ axis, better: "higher", survey: 0 }, options);
  expect([points, order.better, order.basis, tried]).toEqual([[], "higher", "told", []]);
  expect(await searchedOrder(axis, points, order, options)).toEqual({ order, finished: true });
});

it.each([1, 4])("says so where it is stopped after %d trials", async (trials) => {
  const options = planning([], trials);
  const { points, order, finished } = await surveyed({ axis, better: undefined, survey: 3 }, options);
  if (trials === 1) return expect([points.length, order.better, finished]).toEqual([1, null, false]);
  const found = await searchedOrder(axis, points, order, options);
  expect(found).toMatchObject({
    finished: false,
    order: { isBroken: false, compared: [{ replications: 32 }] },
  });
});
