// Random worlds in which calls take time outside the engine, or engines schedule a step ahead, or both, under every law.
import { expect, test } from "vitest";
import { everyLawOf } from "../support/every-law.js";
import { expectEnough, ONE_WORLD } from "../support/laws.js";
import { gear } from "../support/mode.js";
import { randomScenario, SMALL, USUAL } from "../support/random-scenario.js";
import { withFrontEnds, withStepAhead } from "../support/world-changes.js";

const WORLDS = gear(10, 300);
const SIZE = gear(SMALL, USUAL);
const seen = { worlds: 0, completed: 0, preemptions: 0, steps: 0 };

const FAMILIES = {
  "a-step-ahead": (seed: string) => withStepAhead(randomScenario(seed, SIZE)),
  "front-ends": (seed: string) => withFrontEnds(randomScenario(seed, SIZE), seed),
  "a-step-ahead-and-front-ends": (seed: string) =>
    withStepAhead(withFrontEnds(randomScenario(seed, SIZE), seed)),
};

for (const [name, world] of Object.entries(FAMILIES)) {
  const seeds = Array.from({ length: WORLDS }, (_, index) => `${name}-${index}`);
  everyLawOf(
    { name, seeds, world },
    {
      look: ({ macro, step }) => {
        seen.worlds++;
        seen.completed += macro.result?.all.latency.count ?? 0;
        for (const pool of macro.result?.pools ?? []) seen.preemptions += pool.preemptions;
        seen.steps += step.result?.work.steps ?? 0;
      },
    },
  );
}

test.runIf(ONE_WORLD === undefined)("the worlds serve, in steps, and lose memory", () => {
  expect(seen.worlds).toBe(3 * WORLDS);
  expectEnough(seen.completed, 30 * WORLDS);
  expectEnough(seen.steps, 100 * WORLDS);
  expectEnough(seen.preemptions, WORLDS / 10);
});
