// Whole random worlds of everything that a gateway has, at once, each under every law at once, in macro-steps and step by
// step: by night so many that every triple of limit, policy and queue rule stands in some. Worlds of one new thing each
// are swarm.test.ts's.
import { expect, test } from "vitest";
import { everyLawOf, type Trial } from "../support/every-law.js";
import { ONE_WORLD } from "../support/laws.js";
import { gear } from "../support/mode.js";
import { gatewayScenario, namesIn, WHAT_MAY_BITE } from "../support/random-gateway.js";
import { SMALL, USUAL } from "../support/random-scenario.js";

const FROM = Number(process.env["SURGEFLEET_SWARM_FROM"] ?? 0);
/** With those of swarm.test.ts more than 300 by day; they are the shorter for it. */
const WORLDS = gear(180, 2000);
const SIZE = gear(SMALL, USUAL);

/** How often each of them bit: what refused, moved or ended an attempt, and each name where attempts were shed. */
const bites = new Map<string, number>(WHAT_MAY_BITE.map((name) => [name, 0]));
let worlds = 0;
let names: readonly string[] = [];

everyLawOf(
  {
    name: "gateway",
    seeds: Array.from({ length: WORLDS }, (_, index) => `gateway-${FROM + index}`),
    world: (seed) => {
      const scenario = gatewayScenario(seed, SIZE);
      names = namesIn(scenario);
      return scenario;
    },
  },
  { look: ({ macro }) => countBites(macro) },
);

function countBites({ result }: Trial["macro"]): void {
  worlds++;
  if (result === undefined) return;
  const { reasons, demoted, spilled, misread, outcomes } = result.all;
  for (const name of outcomes.overloaded > 0 ? names : []) bite(name, 1);
  for (const [reason, count] of Object.entries(reasons)) bite(reason, count);
  for (const [what, count] of Object.entries({ demoted, spilled, misread })) bite(what, count);
}

function bite(name: string, count: number): void {
  if (bites.has(name)) bites.set(name, bites.get(name)! + count);
}

test("all worlds were tried, or the one that is named", () => {
  expect(worlds).toBe(ONE_WORLD === undefined ? WORLDS : 1);
});

test.runIf(ONE_WORLD === undefined)("nothing is in them that never bites", () => {
  expect([...bites].filter(([, count]) => count === 0)).toEqual([]);
});
