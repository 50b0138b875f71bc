// How law tests draw worlds and how they fail: with the one command that repeats the world.
import { basename, relative } from "node:path";
import fc from "fast-check";
import { expect } from "vitest";
import type { ScenarioInput } from "../../src/core/scenario/schema.js";
import { describeViolations, type LawId, type Violation } from "./checker/violations.js";
import { runChecked } from "./checker.js";
import { randomScenario } from "./random-scenario.js";

/** Fixed, so that the suite is the same everywhere; SURGEFLEET_TEST_SEED=<whole number> looks elsewhere. */
const SEED = Number(process.env["SURGEFLEET_TEST_SEED"] ?? 14_082);
const WORLDS = 20;

/** The one world to try instead of many: what a failure says to repeat it. */
export const ONE_WORLD: string | undefined = process.env["SURGEFLEET_SWARM_SEED"];

function testFile(): string {
  return relative(process.cwd(), expect.getState().testPath ?? "");
}

/** Tries a property on random worlds, others in every test file. A smaller seed is no simpler world, so nothing is shrunk. */
export function forWorlds(property: (seed: string) => void, worlds: number = WORLDS): void {
  if (ONE_WORLD !== undefined) {
    property(ONE_WORLD);
    return;
  }
  const seeds = fc.noShrink(fc.nat()).map((number) => `${basename(testFile(), ".test.ts")}-${number}`);
  fc.assert(fc.property(seeds, property), { seed: SEED, numRuns: worlds, endOnFailure: true });
}

/** That the worlds together showed what a test is about, or it would pass without testing anything. */
export function expectEnough(seen: number, least: number): void {
  if (ONE_WORLD === undefined) expect(seen).toBeGreaterThan(least);
}

/** Repeats the world in the test that is running. */
export function repeatCommand(seed: string): string {
  return `SURGEFLEET_SWARM_SEED=${seed} npx vitest run ${testFile()}`;
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
