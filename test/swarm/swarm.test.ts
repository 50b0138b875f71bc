// Whole random worlds, each under every law at once, in macro-steps and step by step. SURGEFLEET_SWARM_RUNS says how many
// (nightly: thousands), SURGEFLEET_SWARM_FROM where to begin - by default the worlds are always the same - and
// SURGEFLEET_SWARM_SEED picks the one world that a failure named, SURGEFLEET_SWARM_FAMILY the family that it is of.
import { expect, test } from "vitest";
import { OUTPUT_ACCOUNTINGS } from "../../src/core/server/gateway/accounts/output-accounting.js";
import { PROFILE_KINDS } from "../../src/core/server/profile/kinds.js";
import { ENGINES } from "../../src/core/server/replica/engines.js";
import { everyLawOf } from "../support/every-law.js";
import { expectEnough, ONE_WORLD } from "../support/laws.js";
import { gear, NIGHTLY } from "../support/mode.js";
import {
  ADMISSION_KINDS,
  DRAWN_PLACEMENTS,
  DRAWN_POLICIES,
  DRAWN_RULES,
} from "../support/random-admission.js";
import { CALLER_KINDS } from "../support/random-callers.js";
import { LIMIT_KINDS, QUOTA_KINDS } from "../support/random-limits.js";
import { randomScenario, SMALL, USUAL } from "../support/random-scenario.js";
import { CLIENT_NAMES, UNDRAWN_CLIENTS } from "../support/random-traffic.js";
import { withSources } from "../support/world-changes.js";
import { swarmOf } from "../support/worlds.js";

const RUNS = Number(process.env["SURGEFLEET_SWARM_RUNS"] ?? 50);
const FROM = Number(process.env["SURGEFLEET_SWARM_FROM"] ?? 0);

const swarm = swarmOf(RUNS, FROM);
const seen = { worlds: 0, ofClients: 0, ofAdmission: 0, preemptions: 0, cached: 0, steps: 0, epochs: 0 };

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

// A world is its draws: with one more name to draw from, every world would be another. So these have some to themselves.
const OWN_WORLDS = gear(3, 30);
for (const client of UNDRAWN_CLIENTS) {
  const seeds = Array.from({ length: OWN_WORLDS }, (_, index) => `${client}-${index}`);
  const world = (seed: string) => withSources(randomScenario(seed), { client });
  everyLawOf({ name: client, seeds, world }, { look: () => void seen.ofClients++ });
}

const ADMISSION_WORLDS = gear(2, 30);
const SIZE = gear(SMALL, USUAL);
const OTHER_KINDS = [
  ...ADMISSION_KINDS.map(([name, world]) => [name, (seed: string) => world(seed, SIZE)] as const),
  ...[...LIMIT_KINDS, ...QUOTA_KINDS, ...CALLER_KINDS].map(
    ([name, world]) => [name, (seed: string) => world(seed, randomScenario(seed, SIZE))] as const,
  ),
];
for (const [name, world] of OTHER_KINDS) {
  const seeds = Array.from({ length: ADMISSION_WORLDS }, (_, index) => `${name}-${index}`);
  everyLawOf({ name, seeds, world: (seed) => world(seed) }, { look: () => void seen.ofAdmission++ });
}

test("all worlds were tried, or the one that is named", () => {
  const { worlds, ofClients, ofAdmission } = seen;
  if (ONE_WORLD !== undefined) expect(worlds + ofClients + ofAdmission).toBeGreaterThan(0);
  else {
    expect([worlds, ofClients, ofAdmission]).toEqual([
      RUNS,
      OWN_WORLDS * UNDRAWN_CLIENTS.length,
      ADMISSION_WORLDS * OTHER_KINDS.length,
    ]);
  }
});

/** Fewer worlds than these need not show everything. */
const IS_MANY = ONE_WORLD === undefined && RUNS >= 50;
/** So many are sure to show every kind; most are only drawn. */
const MANY = 300;

test.runIf(IS_MANY)(
  "the worlds lose memory, find contexts cached, and let macro-steps pass over steps",
  () => {
    expectEnough(seen.preemptions, RUNS);
    expectEnough(seen.cached, 30 * RUNS);
    expectEnough(seen.steps, 2 * seen.epochs);
  },
);

interface Named {
  readonly name: string;
}

/** Each of these definitions, as a world has its name under the key. */
const written = (key: string, all: readonly Named[]) =>
  all.map(({ name }) => new RegExp(`"${key}":"${name}"`));

/** What has no definition of its own. */
const WRITTEN_KINDS = [
  '"signal":"kv"',
  '"maxQueue":0',
  '"displaceLower":false',
  '"signals":{"period"',
  '"chargeShed":true',
  '"scope":"model"',
  '"rateLimited":"estimate"',
  '"outages":\\[{',
  '"kvBlockTokens"',
  '"kvWatermark"',
  '"prefixCache":false',
  '"prefix":{',
  '"trace":',
  "-fast-",
  '"speculative"',
  '"process":"gamma"',
  '\\+priority"',
  '"warmup"',
  '"drain":true',
  '"drain":false',
];

test.runIf(IS_MANY)("the worlds are of every kind", () => {
  const texts = swarmOf(Math.max(RUNS, MANY), FROM).seeds.map((seed) => JSON.stringify(randomScenario(seed)));
  const kinds = [
    ...written("engine", ENGINES),
    ...written("policy", DRAWN_POLICIES),
    ...written("discipline", DRAWN_RULES),
    ...written("outputAccounting", OUTPUT_ACCOUNTINGS),
    ...written("kind", PROFILE_KINDS),
    // A placement without options is its name alone.
    ...DRAWN_PLACEMENTS.map((name) => new RegExp(`"(placement|strategy)":"${name}"`)),
    ...CLIENT_NAMES.map((name) => new RegExp(`"preset":"${name}"`)),
    ...WRITTEN_KINDS.map((text) => new RegExp(text)),
  ];
  expect(kinds.filter((kind) => !texts.some((text) => kind.test(text)))).toEqual([]);
});
