// LAW-6: what decides does not know how long the answer will be. Until the first answer is complete, a world of
// short answers and one of long answers cannot be told apart by anything that was decided in them.
import { expect, test } from "vitest";
import { logOf, runChecked } from "../support/checker.js";
import { expectEnough, forWorlds } from "../support/laws.js";
import { gear } from "../support/mode.js";
import { ADMISSION_KINDS } from "../support/random-admission.js";
import { randomScenario } from "../support/random-scenario.js";
import { RESERVED } from "../support/reserved-world.js";
import { withAnswers, withSources } from "../support/world-changes.js";
import { WORLDS_OF_A_LAW } from "../support/worlds.js";

/** Events that were compared: those before the first answer is complete. */
function expectSameUntilAnAnswer(seed: string, scenario = randomScenario(seed)): number {
  const short = logOf(withAnswers(30)(scenario), seed);
  const long = logOf(withAnswers(90)(scenario), seed);
  const until = Math.min(short.firstCompletion, long.firstCompletion);
  const differs = short.firstDifference(long) ?? Number.POSITIVE_INFINITY;
  expect(differs).toBeGreaterThanOrEqual(until);
  return until;
}

test("LAW-6: until the first answer is complete, its length changes nothing", () => {
  let compared = 0;
  forWorlds((seed) => {
    compared += expectSameUntilAnAnswer(seed);
  });
  expectEnough(compared, 100);
});

test.each(ADMISSION_KINDS)("LAW-6: nor with %s", (name, world) => {
  let compared = 0;
  for (let n = 0; n < gear(2, WORLDS_OF_A_LAW); n++) {
    compared += expectSameUntilAnAnswer(`${name}-${n}`, world(`${name}-${n}`));
  }
  expectEnough(compared, 10);
});

test("LAW-6: an answer that was abandoned may be the first that is complete", () => {
  expect(expectSameUntilAnAnswer("law-06-oracle-boundary-2147483622")).toBeGreaterThan(1000);
});

test("LAW-6: a reserve of memory goes by prompts, not by answers that are still to come", () => {
  const short = runChecked(withSources(RESERVED, { output: 100 }), "1");
  const long = runChecked(withSources(RESERVED, { output: 1000 }), "1");
  const until = Math.min(short.log.firstCompletion, long.log.firstCompletion);
  expect([...short.violations, ...long.violations]).toEqual([]);
  expect(short.log.firstDifference(long.log) ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(until);
  // The reserve did hold people back meanwhile: fewer than half of those who came were let in.
  const { attempts, outcomes } = long.result!.all;
  expect(outcomes.overloaded).toBeGreaterThan(attempts / 2);
});
