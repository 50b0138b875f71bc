// Random worlds under every law in which calls take time outside the engine, engines schedule a step ahead, the host
// keeps what preempted sequences had, and models are laid out over GPUs: each alone, and everything at once, with callers
// in a hurry and quotas by the calendar. Each of these features is counted where it does something.
import { expect, test } from "vitest";
import { EngineBites } from "../support/engine-bites.js";
import { withEngines, withEverything, withOffload, withParallel } from "../support/engine-worlds.js";
import { everyLawOf } from "../support/every-law.js";
import { expectEnough, ONE_WORLD } from "../support/laws.js";
import { gear } from "../support/mode.js";
import { randomScenario, SMALL, USUAL } from "../support/random-scenario.js";
import { withFrontEnds, withShortMemory, withStepAhead } from "../support/world-changes.js";

const WORLDS = gear(6, 300);
const SIZE = gear(SMALL, USUAL);
const seen = { worlds: 0, completed: 0, preemptions: 0, steps: 0 };

const FAMILIES = {
  "a-step-ahead": (seed: string) => withStepAhead(randomScenario(seed, SIZE)),
  "front-ends": (seed: string) => withFrontEnds(randomScenario(seed, SIZE), seed),
  engines: (seed: string) => withEngines(randomScenario(seed, SIZE), seed),
  offload: (seed: string) => withOffload(withShortMemory(randomScenario(seed, SIZE)), seed),
  "ahead-with-offload": (seed: string) => withStepAhead(withOffload(randomScenario(seed, SIZE), seed)),
  parallel: (seed: string) => withParallel(randomScenario(seed, SIZE), seed),
  everything: (seed: string) => withEverything(seed, SIZE),
};
const bites = new EngineBites();

for (const [name, world] of Object.entries(FAMILIES)) {
  const seeds = Array.from({ length: WORLDS }, (_, index) => `${name}-${index}`);
  everyLawOf(
    { name, seeds, world },
    {
      watch: bites.watch,
      look: ({ macro, step }) => {
        bites.finish(macro.result);
        seen.worlds++;
        seen.completed += macro.result?.all.latency.count ?? 0;
        for (const pool of macro.result?.pools ?? []) seen.preemptions += pool.preemptions;
        seen.steps += step.result?.work.steps ?? 0;
      },
    },
  );
}

test.runIf(ONE_WORLD === undefined)("the worlds serve, in steps, and lose memory", () => {
  expect(seen.worlds).toBe(Object.keys(FAMILIES).length * WORLDS);
  expectEnough(seen.completed, 10 * seen.worlds);
  expectEnough(seen.steps, 30 * seen.worlds);
  expectEnough(seen.preemptions, seen.worlds / 10);
});

test.runIf(ONE_WORLD === undefined)("each feature does something in some of the worlds", () => {
  const tooFew = [...bites.worlds].filter(([, worlds]) => worlds < gear(1, 15));
  expect(Object.fromEntries(tooFew)).toEqual({});
});
