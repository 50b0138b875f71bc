// LAW-4: the same seed gives the same run, event for event and byte for byte; another seed gives another.
import { expect, test } from "vitest";
import { compareRuns, runChecked } from "../support/checker.js";
import { expectNone, forWorlds } from "../support/laws.js";
import { randomScenario } from "../support/random-scenario.js";

test("LAW-4: two runs of a world are one and the same", () => {
  forWorlds((seed) => {
    const scenario = randomScenario(seed);
    expectNone(compareRuns(runChecked(scenario, seed), runChecked(scenario, seed)), seed);
  });
});

test("LAW-4: worlds that run in turns do not see each other", () => {
  forWorlds((seed) => {
    const scenario = randomScenario(seed);
    const alone = runChecked(scenario, seed);
    runChecked(randomScenario(`${seed}-other`), seed);
    expectNone(compareRuns(alone, runChecked(scenario, seed)), seed);
  }, 20);
});

test("LAW-4: another seed is another run, or this test compares nothing", () => {
  const scenario = randomScenario("world-1");
  expect(compareRuns(runChecked(scenario, "a"), runChecked(scenario, "b"))).toMatchObject([{ law: "LAW-4" }]);
});
