// How law tests draw worlds and how they fail: with the one command that repeats the world.
import fc from "fast-check";
import { expect } from "vitest";
import type { ScenarioInput } from "../../src/core/scenario/schema.js";
import { describeViolations, type LawId, type Violation } from "./checker/violations.js";
import { type Faults, runChecked } from "./checker.js";
import { randomScenario } from "./random-scenario.js";

/** Fixed, so that the suite is the same everywhere; SURGEFLEET_TEST_SEED=<whole number> looks elsewhere. */
const SEED = Number(process.env["SURGEFLEET_TEST_SEED"] ?? 14_082);
const WORLDS = 100;

/** Tries a property on seeds of random worlds. A smaller seed is no simpler world, so nothing is shrunk. */
export function forWorlds(property: (seed: string) => void, worlds: number = WORLDS): void {
  const seeds = fc.noShrink(fc.nat()).map((number) => `world-${number}`);
  fc.assert(fc.property(seeds, property), { seed: SEED, numRuns: worlds, endOnFailure: true });
}

export function repeatCommand(seed: string): string {
  return `SURGEFLEET_SWARM_SEED=${seed} npx vitest run --project swarm`;
}

export function expectNone(violations: readonly Violation[], seed: string): void {
  const text = violations.length === 0 ? "" : `${describeViolations(violations)}\n`;
  expect(text, `world ${seed} breaks a law; repeat with\n  ${repeatCommand(seed)}\n`).toBe("");
}

type Change = (scenario: ScenarioInput, seed: string) => ScenarioInput;

/** One law over random worlds, perhaps changed to where the law matters most. A crash breaks every law. */
export function expectLaw(law: LawId, change: Change = (scenario) => scenario): void {
  forWorlds((seed) => {
    const { violations } = runChecked(change(randomScenario(seed), seed), seed);
    expectNone(
      violations.filter((violation) => violation.law === law || violation.law === "CRASH"),
      seed,
    );
  });
}

/** The laws that a run with planted faults breaks. */
export function lawsBroken(
  seed: string,
  faults: Faults,
  change: Change = (scenario) => scenario,
): Set<LawId> {
  const { violations } = runChecked(change(randomScenario(seed), seed), seed, faults);
  return new Set(violations.map((violation) => violation.law));
}

type PoolInput = ScenarioInput["pools"][string];
type SourceInput = ScenarioInput["traffic"][string];

/** The same world with every pool changed. */
export function withPools(
  scenario: ScenarioInput,
  change: (pool: PoolInput) => Partial<PoolInput>,
): ScenarioInput {
  const pools = Object.entries(scenario.pools).map(
    ([name, pool]) => [name, { ...pool, ...change(pool) }] as const,
  );
  return { ...scenario, inventory: { gpus: 100_000 }, pools: Object.fromEntries(pools) };
}

/** The same world with every source changed. */
export function withSources(scenario: ScenarioInput, change: Partial<SourceInput>): ScenarioInput {
  const sources = Object.entries(scenario.traffic).map(
    ([name, source]) => [name, { ...source, ...change }] as const,
  );
  return { ...scenario, traffic: Object.fromEntries(sources) };
}
