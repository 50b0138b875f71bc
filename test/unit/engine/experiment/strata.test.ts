import { describe, expect, it } from "vitest";
import type { ChosenSeeds } from "../../../../src/core/engine/experiment/seeds.js";
import {
  allocationOf,
  candidateLoads,
  chosenSeeds,
  defaultSeeds,
  isSwinging,
  seedPlan,
} from "../../../../src/core/engine/experiment/strata.js";
import { parseScenario, type ScenarioInput } from "../../../../src/core/index.js";
import { lookSizes } from "../../../../src/core/stats/sequential-looks.js";
import { gear } from "../../../support/mode.js";
import { tinyScenario } from "../tiny.js";

type Traffic = ScenarioInput["traffic"];

const POPULATION = {
  arrivals: { workload: "conv", rate: 5 },
  accounts: { count: 12, skew: 1 },
  mix: { standard: 1 },
} as const;

const scenarioOf = (traffic: Traffic) =>
  parseScenario(tinyScenario({ more: { duration: "15m", warmup: "5m", traffic } }));
const SWINGING = scenarioOf({ callers: POPULATION });
const CALM = scenarioOf({ callers: { ...POPULATION, arrivals: { ...POPULATION.arrivals, swings: [] } } });

const strataOf = ({ strata }: ChosenSeeds) => strata!.strata;

describe("how many seeds each stratum gets", () => {
  it.each([
    [12, [2, 3, 4, 3]],
    [20, [3, 5, 6, 6]],
    [40, [6, 10, 12, 12]],
    [64, [10, 16, 19, 19]],
  ])("of %d", (count, expected) => {
    expect(allocationOf(count)).toEqual(expected);
  });

  it("is all of them, and two at least", () => {
    for (let count = 12; count <= 200; count++) {
      const counts = allocationOf(count);
      expect(counts.reduce((sum, one) => sum + one, 0)).toBe(count);
      expect(Math.min(...counts)).toBeGreaterThanOrEqual(2);
    }
  });
});

describe("seeds by strata", () => {
  it("are the same every time, and others for another seed or a further block", () => {
    const { seeds } = chosenSeeds(SWINGING, "s", 20);
    expect(chosenSeeds(SWINGING, "s", 20).seeds).toEqual(seeds);
    expect(new Set(seeds).size).toBe(20);
    const next = chosenSeeds(SWINGING, "s", 20, 1).seeds;
    expect(next.filter((seed) => seeds.includes(seed))).toEqual([]);
    const other = chosenSeeds(SWINGING, "other", 20).seeds.map((seed) => seed.replace("other", "s"));
    expect(other).not.toEqual(seeds);
  });

  it("are candidates sorted by their load, in shares of 50, 25, 15 and 10 %", () => {
    const chosen = chosenSeeds(SWINGING, "s", 20);
    expect(chosen.strata!.candidates).toBe(96);
    expect(strataOf(chosen).map(({ share }) => share * 96)).toEqual([48, 24, 14, 10]);
    const candidates = Array.from({ length: 96 }, (_, index) => `s/${index + 1}`);
    const loads = candidateLoads(SWINGING, candidates);
    const place = (seed: string) => {
      const load = loads[candidates.indexOf(seed)]!;
      return loads.filter((one) => one < load).length;
    };
    const bounds = [0, 48, 72, 86, 96];
    strataOf(chosen).forEach(({ seeds }, stratum) => {
      for (const seed of seeds) {
        expect(place(seed)).toBeGreaterThanOrEqual(bounds[stratum]!);
        expect(place(seed)).toBeLessThan(bounds[stratum + 1]!);
      }
    });
  });

  it("have candidates enough in the heaviest stratum, however many are run", () => {
    const chosen = chosenSeeds(SWINGING, "s", 64);
    expect(strataOf(chosen).map(({ seeds }) => seeds.length)).toEqual([10, 16, 19, 19]);
    expect(chosen.strata!.candidates).toBe(308);
  });

  it("run by turns, so that a part of them tells of all strata", () => {
    const chosen = chosenSeeds(SWINGING, "s", 20);
    const half = new Set(chosen.seeds.slice(0, 10));
    const begun = strataOf(chosen).map(({ seeds }) => seeds.filter((seed) => half.has(seed)).length);
    expect([...begun].sort()).toEqual([2, 2, 3, 3].sort());
  });

  it("weighted back give what all candidates do: they are no heavier", () => {
    const few = scenarioOf({ callers: { ...POPULATION, accounts: { count: 3, skew: 1 } } });
    const mean = (loads: readonly number[]) => loads.reduce((sum, load) => sum + load, 0) / loads.length;
    const errors: number[] = [];
    const unweighted: number[] = [];
    for (let study = 0; study < gear(40, 600); study++) {
      const seed = `study-${study}`;
      const all = mean(
        candidateLoads(
          few,
          Array.from({ length: 96 }, (_, index) => `${seed}/${index + 1}`),
        ),
      );
      const chosen = chosenSeeds(few, seed, 12);
      const strata = strataOf(chosen).map(({ share, seeds }) => ({
        share,
        loads: candidateLoads(few, seeds),
      }));
      errors.push(strata.reduce((sum, { share, loads }) => sum + share * mean(loads), 0) / all - 1);
      unweighted.push(mean(strata.flatMap(({ loads }) => loads)) / all - 1);
    }
    const spread = Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / errors.length);
    expect(Math.abs(mean(errors))).toBeLessThan((3 * spread) / Math.sqrt(errors.length));
    expect(spread).toBeLessThan(0.15);
    expect(mean(unweighted)).toBeGreaterThan(0.4);
  });

  it("add up the loads of all populations", () => {
    const two = scenarioOf({ callers: POPULATION, others: POPULATION });
    const one = scenarioOf({ others: POPULATION });
    const sum = candidateLoads(SWINGING, ["s"])[0]! + candidateLoads(one, ["s"])[0]!;
    expect(candidateLoads(two, ["s"])[0]).toBeCloseTo(sum, 6);
  });
});

describe("the seeds of a study", () => {
  const all = (plan: Parameters<typeof seedPlan>[2], scenario = SWINGING) => {
    const made = seedPlan(scenario, "s", plan);
    const blocks = [...made.blocks()];
    const { looks, most } = made;
    return { looks, most, sizes: blocks.map(({ seeds }) => seeds.length), strata: blocks[0]!.strata };
  };

  it("are by strata where the scenario swings, from twelve on", () => {
    expect(all({ kind: "fixed", count: 40 })).toMatchObject({ most: 40, looks: [40], sizes: [40] });
    expect(all({ kind: "fixed", count: 12 }).strata).not.toBeNull();
    expect(all({ kind: "fixed", count: 11 })).toMatchObject({ strata: null, looks: lookSizes(11, 4) });
  });

  it("go on by whole blocks where the end is open", () => {
    expect(all({ kind: "decided", most: 70 })).toMatchObject({
      most: 60,
      looks: [20, 40, 60],
      sizes: [20, 20, 20],
    });
    expect(all({ kind: "decided", most: 16 })).toMatchObject({ looks: [16], sizes: [16] });
  });

  it("are plain where nothing is known of a seed before it runs", () => {
    expect([isSwinging(SWINGING), isSwinging(CALM)]).toEqual([true, false]);
    expect(isSwinging(parseScenario(tinyScenario({})))).toBe(false);
    expect(all({ kind: "fixed", count: 40 }, CALM)).toMatchObject({ strata: null, sizes: [40] });
  });

  it("are twenty by strata where nothing is said and the scenario swings, and else eight", () => {
    expect([defaultSeeds(SWINGING), defaultSeeds(CALM)]).toEqual([20, 8]);
    expect(defaultSeeds(parseScenario(tinyScenario({})))).toBe(8);
    const [swinging, calm] = [SWINGING, CALM].map((scenario) =>
      all({ kind: "fixed", count: defaultSeeds(scenario) }, scenario),
    );
    expect([swinging!.strata?.strata.length, calm!.strata]).toEqual([4, null]);
  });
});
