// LAW-4: the same seed gives the same run, event for event and byte for byte; another seed gives another.
import { expect, test } from "vitest";
import { compareRuns, logOf, runChecked, runUnwatched } from "../support/checker.js";
import { expectNone, forWorlds } from "../support/laws.js";
import { gear } from "../support/mode.js";
import { randomScenario } from "../support/random-scenario.js";

const WORLDS = gear(12, 20);

test("LAW-4: two runs of a world are one and the same, watched or not, and see nothing of others in between", () => {
  forWorlds((seed) => {
    const scenario = randomScenario(seed);
    const alone = runChecked(scenario, seed);
    logOf(randomScenario(`${seed}-other`), seed);
    expectNone(compareRuns(alone, runChecked(scenario, seed)), seed);
    expect(runUnwatched(scenario, seed)).toEqual(alone.result);
  }, WORLDS);
});

test("LAW-4: another seed is another run, or this test compares nothing", () => {
  const scenario = randomScenario("world-1");
  expect(compareRuns(runChecked(scenario, "a"), runChecked(scenario, "b"))).toMatchObject([{ law: "LAW-4" }]);
});
