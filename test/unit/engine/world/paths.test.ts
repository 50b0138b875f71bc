import { describe, expect, it } from "vitest";
import { buildCatalogue, buildServedPaths, lanesOf } from "../../../../src/core/engine/world/paths.js";
import { parseScenario } from "../../../../src/core/index.js";
import { tinyScenario } from "../tiny.js";

describe("paths", () => {
  const scenario = parseScenario(tinyScenario());

  it("have ranks without gaps and lanes of their own in their pool, and share limits by model", () => {
    expect(buildServedPaths(scenario)).toEqual([
      { name: "standard", path: 0, pool: 0, rank: 1, lane: 0, model: 0, detours: [] },
      { name: "priority", path: 1, pool: 0, rank: 0, lane: 1, model: 0, detours: [] },
      { name: "fast", path: 2, pool: 1, rank: 0, lane: 0, model: 1, detours: [] },
    ]);
  });

  it("are told to callers by model id, service tier and price, in the same order", () => {
    const { paths } = buildCatalogue(scenario);
    expect(paths.map(({ name, model, serviceTier }) => [name, model, serviceTier])).toEqual(
      Object.entries(scenario.paths).map(([name, { model, serviceTier }]) => [name, model, serviceTier]),
    );
    expect(paths.map(({ price }) => price)).toEqual(Object.values(scenario.paths).map(({ price }) => price));
  });

  it("of equal rank count once", () => {
    const { standard, priority, fast } = scenario.paths;
    const paths = {
      standard: standard!,
      priority: { ...priority!, rank: 7 },
      same: { ...standard! },
      fast: fast!,
    };
    const ranks = ["shared", "fast", "none"].map((pool) =>
      lanesOf({ ...scenario, paths }, pool).map(({ rank }) => rank),
    );
    expect(ranks).toEqual([[0, 1, 0], [0], []]);
  });
});
