// LAW-5 on whole simulations: random worlds with their outages, timeouts, retries, stale signals, sessions and too
// little memory, in macro-steps and step by step. Every event of every attempt, and the whole result, must be the same;
// only what computing it took may differ.
import { expect, test } from "vitest";
import type { RunResult } from "../../src/core/results/shape/result.js";
import { runChecked } from "../support/checker.js";
import { expectEnough, expectNone, forWorlds, repeatCommand } from "../support/laws.js";
import { randomScenario } from "../support/random-scenario.js";

const WORLDS = 300;

/** All of a result but what computing it took. */
function found({ work: _, ...result }: RunResult): Omit<RunResult, "work"> {
  return result;
}

test(`LAW-5: ${WORLDS} whole worlds are the same in macro-steps and step by step`, () => {
  const seen = { preemptions: 0, cached: 0, steps: 0, epochs: 0 };
  forWorlds((seed) => {
    const scenario = randomScenario(seed);
    const macro = runChecked(scenario, seed, { stepByStep: false });
    const step = runChecked(scenario, seed, { stepByStep: true });
    expectNone([...macro.violations, ...step.violations], seed);
    const where = `repeat with\n  ${repeatCommand(seed)}\n`;
    const row = macro.log.firstDifference(step.log);
    if (row !== undefined) {
      expect(macro.log.describe(row), `event ${row}; ${where}`).toBe(step.log.describe(row));
      expect(macro.log.length, where).toBe(step.log.length);
    }
    expect(found(macro.result!), where).toEqual(found(step.result!));
    // Where a run is cut off, steps in progress are not counted yet.
    expect(macro.result!.work.steps, where).toBeLessThanOrEqual(step.result!.work.steps);
    for (const pool of macro.result!.pools) seen.preemptions += pool.preemptions;
    seen.cached += macro.result!.all.cachedTokens;
    seen.steps += step.result!.work.steps;
    seen.epochs += macro.result!.work.epochs;
  }, WORLDS);
  expectEnough(seen.preemptions, 300);
  expectEnough(seen.cached, 10_000);
  expectEnough(seen.steps, 2 * seen.epochs);
});
