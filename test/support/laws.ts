// How law tests draw worlds and how they fail: with the one command that repeats the world.

import { basename, relative } from "node:path";
import { expect } from "vitest";
import { describeViolations, type Violation } from "./checker/violations.js";
import { GEAR_WORD } from "./mode.js";
import { seedsOf, WORLDS_OF_A_LAW } from "./worlds.js";

/** The one world to try instead of many: what a failure says to repeat it. */
export const ONE_WORLD: string | undefined = process.env["SURGEFLEET_SWARM_SEED"];

function testFile(): string {
  return relative(process.cwd(), expect.getState().testPath ?? "");
}

/** Tries a property on random worlds of the test file's own. A smaller seed is no simpler world, so nothing is shrunk. */
export function forWorlds(property: (seed: string) => void, worlds: number = WORLDS_OF_A_LAW): void {
  const seeds = ONE_WORLD === undefined ? seedsOf(basename(testFile(), ".test.ts"), worlds) : [ONE_WORLD];
  for (const seed of seeds) {
    try {
      property(seed);
    } catch (error) {
      if (error instanceof Error) error.message += `\nworld ${seed}; repeat with\n  ${repeatCommand(seed)}\n`;
      throw error;
    }
  }
}

/** That the worlds together showed what a test is about, or it would pass without testing anything. */
export function expectEnough(seen: number, least: number): void {
  if (ONE_WORLD === undefined) expect(seen).toBeGreaterThan(least);
}

/** Repeats the world in the test that is running. */
export function repeatCommand(seed: string): string {
  return `${GEAR_WORD}SURGEFLEET_SWARM_SEED=${seed} npx vitest run ${testFile()}`;
}

export function expectNone(violations: readonly Violation[], seed: string): void {
  const text = violations.length === 0 ? "" : `${describeViolations(violations)}\n`;
  expect(text, `world ${seed} breaks a law; repeat with\n  ${repeatCommand(seed)}\n`).toBe("");
}
