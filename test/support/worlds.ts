// The catalogue of worlds: every random world that a law is tried on, by family and seed. A world is its family's change
// and its seed and nothing else, so that laws, the swarm and the record run the very same ones. It does not know what is
// asked of them.
import fc from "fast-check";
import type { ScenarioInput } from "../../src/core/scenario/schema.js";
import { CANARY_WORLD } from "./canary-world.js";
import {
  CLOSED_LOOP_WORLDS,
  type ClosedLoopWorld,
  closedLoopScenario,
  RELAXED,
  withoutSubAgents,
} from "./closed-loop-worlds.js";
import { TEST_SEED } from "./mode.js";
import { randomScenario } from "./random-scenario.js";
import { RESERVED } from "./reserved-world.js";
import {
  admittingAll,
  admittingFew,
  type Change,
  cutAndDrained,
  limitedByArrivals,
  withAnswers,
  withLiveSignals,
  withOutages,
  withReplicas,
  withShortMemory,
  withShortQueues,
  withSources,
  withStaleSignals,
} from "./world-changes.js";

export interface WorldFamily {
  readonly name: string;
  readonly seeds: readonly string[];
  /** The scenario of a seed, to be run with that seed. */
  readonly world: (seed: string) => ScenarioInput;
}

export const WORLDS_OF_A_LAW = 20;
const SWARM_WORLDS = 300;
const MACRO_WORLDS = 300;
const CLOSED_LOOP_SEEDS = 3;

/** Whole numbers as fast-check draws them: small, large and the same again more often than even chance would. */
function drawnNumbers(count: number): readonly number[] {
  const drawn: number[] = [];
  const take = (number: number) => void drawn.push(number);
  fc.assert(fc.property(fc.noShrink(fc.nat()), take), { seed: TEST_SEED, numRuns: count });
  return drawn;
}

export const seedsOf = (name: string, count: number = WORLDS_OF_A_LAW): readonly string[] =>
  drawnNumbers(count).map((number) => `${name}-${number}`);

/** A law's own random worlds, named by its file and by what is changed about them. */
function ofLaw(law: string, what = "", ...changes: readonly Change[]): WorldFamily {
  const change = (seed: string) => changes.reduce((world, next) => next(world), randomScenario(seed));
  return { name: what === "" ? law : `${law}/${what}`, seeds: seedsOf(law), world: change };
}

function closedLoop(name: string, seeds: readonly string[], world: ClosedLoopWorld): WorldFamily {
  return { name: `law-13-closed-loop/${name}`, seeds, world: () => closedLoopScenario(world) };
}

const fleets = Object.entries({ relaxed: RELAXED, ...CLOSED_LOOP_WORLDS });
const closedLoopSeeds = seedsOf("closed-loop", CLOSED_LOOP_SEEDS);

export function swarmOf(count: number, from = 0): WorldFamily {
  const seeds = Array.from({ length: count }, (_, index) => `swarm-${from + index}`);
  return { name: "swarm", seeds, world: randomScenario };
}

/** Worlds as they are drawn, and those that differ from others in this catalogue by their seeds alone. */
const AS_DRAWN: readonly WorldFamily[] = [
  swarmOf(SWARM_WORLDS),
  ofLaw("law-01-conservation"),
  ofLaw("law-02-clock"),
  ofLaw("law-03-causality"),
  ofLaw("law-04-determinism"),
  {
    name: "law-04-determinism/others",
    seeds: seedsOf("law-04-determinism").map((seed) => `${seed}-other`),
    world: randomScenario,
  },
  { name: "law-04-determinism/two-seeds", seeds: ["a", "b"], world: () => randomScenario("world-1") },
  {
    name: "law-05-whole-worlds",
    seeds: seedsOf("law-05-whole-worlds", MACRO_WORLDS),
    world: randomScenario,
  },
  ofLaw("law-06-oracle-boundary"),
  ofLaw("law-10-settlement"),
  ofLaw("law-12-capacity"),
  ofLaw("littles-law"),
  ofLaw("law-08-work-conservation", "live", withLiveSignals),
  ofLaw("law-09-shed-order", "live", withLiveSignals),
  ofLaw("law-11-account-limits", "tiny-forgiving", limitedByArrivals(false), withReplicas(1)),
  ofLaw("law-11-account-limits", "huge-forgiving", limitedByArrivals(false), withReplicas(60)),
];

/** Worlds that are changed to where some law matters most, a kind each. */
export const CHANGED: readonly WorldFamily[] = [
  ofLaw("law-01-conservation", "cut-and-drained", cutAndDrained),
  ofLaw("law-03-causality", "outages", withOutages),
  ofLaw("law-06-oracle-boundary", "short-answers", withAnswers(30)),
  ofLaw("law-06-oracle-boundary", "long-answers", withAnswers(90)),
  {
    name: "law-06-oracle-boundary/reserved-short",
    seeds: ["1"],
    world: () => withSources(RESERVED, { output: 100 }),
  },
  {
    name: "law-06-oracle-boundary/reserved-long",
    seeds: ["1"],
    world: () => withSources(RESERVED, { output: 1000 }),
  },
  ofLaw("law-07-dated-signals", "live", withLiveSignals),
  ofLaw("law-07-dated-signals", "stale", withStaleSignals),
  ofLaw("law-09-shed-order", "short-queues", withShortQueues),
  ofLaw("law-11-account-limits", "tiny", limitedByArrivals(true), withReplicas(1)),
  ofLaw("law-11-account-limits", "huge", limitedByArrivals(true), withReplicas(60)),
  ofLaw("law-12-capacity", "short-memory", withShortMemory),
  ofLaw("law-13-open-loop", "generous", admittingAll),
  ofLaw("law-13-open-loop", "harsh", admittingFew),
  { name: "canary", seeds: ["canary"], world: () => CANARY_WORLD },
];

/** Callers who go on from answers, on replicas that know no steps. */
const CLOSED_LOOP: readonly WorldFamily[] = [
  ...fleets.map(([name, fleet]) => closedLoop(name, closedLoopSeeds, fleet)),
  ...fleets.map(([name, fleet]) => closedLoop(`starts-${name}`, ["starts"], withoutSubAgents(fleet))),
  closedLoop("two-seeds", ["1", "2"], { client: "openai-node-6" }),
  closedLoop("twenty-minutes", ["1"], { ...RELAXED, more: { duration: "20m" } }),
];

export const FAMILIES: readonly WorldFamily[] = [...AS_DRAWN, ...CHANGED, ...CLOSED_LOOP];
