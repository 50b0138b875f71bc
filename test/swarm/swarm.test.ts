// Whole random worlds, each under every law at once. SURGEFLEET_SWARM_RUNS says how many (nightly: thousands),
// SURGEFLEET_SWARM_FROM where to begin - by default the worlds are always the same - and SURGEFLEET_SWARM_SEED picks
// the one world that a failure named.
import { expect, test } from "vitest";
import { describeViolations } from "../support/checker/violations.js";
import { compareRuns, runChecked } from "../support/checker.js";
import { ONE_WORLD, repeatCommand } from "../support/laws.js";
import { randomScenario } from "../support/random-scenario.js";

const RUNS = Number(process.env["SURGEFLEET_SWARM_RUNS"] ?? 300);
const FROM = Number(process.env["SURGEFLEET_SWARM_FROM"] ?? 0);
/** So many broken worlds tell enough. */
const MOST_FAILURES = 5;

const seeds =
  ONE_WORLD === undefined ? Array.from({ length: RUNS }, (_, index) => `swarm-${FROM + index}`) : [ONE_WORLD];

/** What is wrong with a world, and how to see it again; undefined if nothing is. */
function failureOf(seed: string): string | undefined {
  const scenario = randomScenario(seed);
  const first = runChecked(scenario, seed);
  const violations = [...first.violations, ...compareRuns(first, runChecked(scenario, seed))];
  if (violations.length === 0) return undefined;
  return `world ${seed}:\n${describeViolations(violations)}\nrepeat with\n  ${repeatCommand(seed)}`;
}

test(`random worlds keep every law: ${seeds.length}`, {
  timeout: Math.max(120_000, 500 * seeds.length),
}, () => {
  const failures: string[] = [];
  for (const seed of seeds) {
    const failure = failureOf(seed);
    if (failure !== undefined) failures.push(failure);
    if (failures.length === MOST_FAILURES) break;
  }
  expect(failures.join("\n\n")).toBe("");
});

test.runIf(ONE_WORLD === undefined)("the worlds are of every kind", () => {
  const texts = seeds.map((seed) => JSON.stringify(randomScenario(seed)));
  const kinds = [
    '"engine":"batching"',
    '"engine":"slots"',
    '"policy":"none"',
    '"policy":"tail-drop"',
    '"policy":"trunk-reservation"',
    '"signal":"kv"',
    '"maxQueue":0',
    '"displaceLower":false',
    '"staleness"',
    '"discipline":"fifo"',
    '"reserve-max"',
    '"reserve-expected"',
    '"post-charge"',
    '"chargeShed":true',
    '"scope":"model"',
    '"rateLimited":"estimate"',
    '"outages":[{',
    '"kvBlockTokens"',
    '"kvWatermark"',
    '"prefixCache":false',
    '"prefix":{',
    '"trace":',
    '"placement":"power-of-two"',
    '"strategy":"affinity"',
    "-fast-",
    '"kind":"measured"',
    '"kind":"roofline"',
    '"kind":"table"',
    '"speculative"',
    '"process":"gamma"',
    '+priority"',
    '"preset":"none"',
    '"preset":"openai-node-6"',
    '"warmup"',
    '"drain":true',
    '"drain":false',
  ];
  expect(kinds.filter((kind) => !texts.some((text) => text.includes(kind)))).toEqual([]);
});
