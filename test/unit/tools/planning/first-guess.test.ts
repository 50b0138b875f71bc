import { expect, it } from "vitest";
import { parseScenario } from "../../../../src/core/engine/experiment/simulate.js";
import { erlangB, erlangC, firstGuess } from "../../../../src/core/tools/planning/first-guess.js";
import { PLANNED } from "../../../support/planned.js";

it("has Erlang's formulas right", () => {
  // Two servers and a load of one: (1/2) / (1 + 1 + 1/2), and 1/3 have to wait.
  expect(erlangB(2, 1)).toBeCloseTo(0.2, 12);
  expect(erlangC(2, 1)).toBeCloseTo(1 / 3, 12);
  expect(erlangC(2, 2)).toBe(1);
});

it("is the least pool by Erlang B, and a few replicas where they batch", () => {
  const guess = firstGuess(parseScenario(PLANNED[0]!.scenario), "shared");
  expect(erlangB(guess!.replicas, 40)).toBeLessThanOrEqual(0.05);
  expect(erlangB(guess!.replicas - 1, 40)).toBeGreaterThan(0.05);
  const batching = firstGuess(parseScenario(PLANNED[8]!.scenario), "shared");
  expect(Math.abs(batching!.replicas - 8)).toBeLessThanOrEqual(3);
});

it("reckons with all that moves to a pool, with none that moves away, and with the peak of a launch", () => {
  const base = PLANNED[0]!.scenario;
  const [name, source] = Object.entries(base.traffic)[0]!;
  const [path] = Object.keys(source.mix);
  const guess = (mix: typeof source.mix, more: Partial<typeof source> = {}, pool = "second") => {
    const { replicas: _, ...spec } = base.pools["shared"]!;
    const scenario = {
      ...base,
      inventory: { gpus: 10_000 },
      pools: { shared: { ...spec, replicas: 1 }, second: { ...spec, replicas: 1 } },
      paths: {
        ...base.paths,
        next: { model: "next", pool: "second", rank: 1 },
        last: { model: "last", pool: "second", rank: 1 },
      },
      traffic: { [name]: { ...source, ...more, mix } },
      thresholds: {},
    } as typeof base;
    return firstGuess(parseScenario(scenario), pool)?.replicas;
  };
  const all = { [path!]: 1 };
  const moves = (share: number) => ({ moves: [{ from: path!, to: "next", share }] });
  expect(guess(all)).toBeUndefined();
  expect(guess(all, moves(1))).toBe(guess({ next: 1 }));
  expect(guess(all, moves(0.5))).toBe(guess({ [path!]: 0.5, next: 0.5 }));
  expect(guess({ [path!]: 0.5, next: 0.5 }, moves(0.5))).toBe(guess({ [path!]: 0.25, next: 0.75 }));
  expect(guess(all, moves(1), "shared")).toBe(guess(all, {}, "shared"));
  // From one to the next within the pool, and by way of another path.
  const chain = { moves: [...moves(0.5).moves, { from: "next", to: "last" }, { from: path!, to: "last" }] };
  expect(guess(all, chain)).toBe(guess({ next: 1 }));
  const { arrivals } = source;
  if (!("rate" in arrivals)) throw new Error("the planned source has a rate");
  const spiked = { arrivals: { ...arrivals, spike: { at: "20s", peak: 3, halfLife: "1m" } } } as Partial<
    typeof source
  >;
  const tripled = {
    arrivals: { ...arrivals, rate: `${3 * Number.parseFloat(String(arrivals.rate))}/s` },
  } as Partial<typeof source>;
  expect(guess({ next: 1 }, spiked)).toBe(guess({ next: 1 }, tripled));
});
