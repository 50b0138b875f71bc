// Whole random worlds, each under every law at once, in macro-steps and step by step. SURGEFLEET_SWARM_RUNS says how many
// (nightly: thousands), SURGEFLEET_SWARM_FROM where to begin - by default the worlds are always the same - and
// SURGEFLEET_SWARM_SEED picks the one world that a failure named.
import { expect, test } from "vitest";
import { everyLawOf } from "../support/every-law.js";
import { expectEnough, ONE_WORLD } from "../support/laws.js";
import { NIGHTLY } from "../support/mode.js";
import { randomScenario } from "../support/random-scenario.js";
import { swarmOf } from "../support/worlds.js";

const RUNS = Number(process.env["SURGEFLEET_SWARM_RUNS"] ?? 300);
const FROM = Number(process.env["SURGEFLEET_SWARM_FROM"] ?? 0);

const swarm = swarmOf(RUNS, FROM);
const seen = { worlds: 0, preemptions: 0, cached: 0, steps: 0, epochs: 0 };

everyLawOf(swarm, {
  // Intervals take as long to make as all the rest of a small world's run: one world in ten has them by day.
  batches: (place) => NIGHTLY || place % 10 === 0,
  look: ({ macro, step }) => {
    seen.worlds++;
    for (const pool of macro.result?.pools ?? []) seen.preemptions += pool.preemptions;
    seen.cached += macro.result?.all.cachedTokens ?? 0;
    seen.steps += step.result?.work.steps ?? 0;
    seen.epochs += macro.result?.work.epochs ?? 0;
  },
});

test("all worlds were tried", () => expectEnough(seen.worlds, RUNS - 1));

/** Fewer worlds than these need not show everything. */
const IS_MANY = ONE_WORLD === undefined && RUNS >= 300;

test.runIf(IS_MANY)(
  "the worlds lose memory, find contexts cached, and let macro-steps pass over steps",
  () => {
    expectEnough(seen.preemptions, RUNS);
    expectEnough(seen.cached, 30 * RUNS);
    expectEnough(seen.steps, 2 * seen.epochs);
  },
);

test.runIf(IS_MANY)("the worlds are of every kind", () => {
  const texts = swarm.seeds.map((seed) => JSON.stringify(randomScenario(seed)));
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
