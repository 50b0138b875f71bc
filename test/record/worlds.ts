// The half of the record that is random worlds: of each world of the catalogue the hash of its event log and that of its
// result - with the run's own intervals in the swarm, which take longer than the runs, and without a result where the
// swarm has three hundred of the same kind. They run in macro-steps; that step by step gives the same is LAW-5, which
// tests hold. Elastic fleets came later: of their results only what has been added since is left out.
import { createHash } from "node:crypto";
import { parseScenario } from "../../src/core/engine/experiment/simulate.js";
import { Simulation } from "../../src/core/engine/experiment/simulation.js";
import { openStream } from "../../src/core/random/stream.js";
import type { Scenario } from "../../src/core/scenario/schema.js";
import { MacroReplica } from "../../src/core/server/replica/batching/macro-replica.js";
import { ReplicaRun } from "../conformance/replica-run.js";
import { logOf } from "../support/checker.js";
import { ELASTIC_FAMILIES } from "../support/elastic-families.js";
import { randomReplica } from "../support/random-replica.js";
import { readRandomTrace } from "../support/random-trace.js";
import { FAMILIES, seedsOf, type WorldFamily } from "../support/worlds.js";
import { dataText } from "./canonical.js";
import { ADDED_SINCE_ELASTIC } from "./renames.js";

export interface Entry {
  readonly name: string;
  readonly hash: string;
  /** What was hashed, for eyes. */
  readonly content: () => string;
}

/** Of the 10,000 worlds of a single replica, so many stand together on one row. */
const REPLICAS_OF_A_ROW = 500;
const REPLICAS = 10_000;

const WITH_INTERVALS = "swarm";
const WITHOUT_RESULTS = "law-05-whole-worlds";
export function* worldEntries(only?: string): Generator<Entry> {
  yield* familyEntries(FAMILIES, only);
  const seeds = seedsOf("law-05-macro-steps", REPLICAS);
  for (let from = 0; from < REPLICAS; from += REPLICAS_OF_A_ROW) {
    const name = `replicas ${from}-${from + REPLICAS_OF_A_ROW - 1}`;
    if (only === undefined || only === name) {
      yield replicasEntry(name, seeds.slice(from, from + REPLICAS_OF_A_ROW));
    }
  }
  yield* familyEntries(ELASTIC_FAMILIES, only, ADDED_SINCE_ELASTIC);
}

function* familyEntries(
  families: readonly WorldFamily[],
  only: string | undefined,
  added?: ReadonlySet<unknown>,
): Generator<Entry> {
  for (const family of families) {
    for (const seed of family.seeds) {
      const name = `${family.name} ${seed}`;
      if (only === undefined || only === name) yield worldEntry(name, family, seed, added);
    }
  }
}

function worldEntry(
  name: string,
  { name: family, world }: WorldFamily,
  seed: string,
  added: ReadonlySet<unknown> | undefined,
): Entry {
  const input = world(seed);
  const scenario = parseScenario(input);
  const log = logOf(input, seed);
  const result =
    family === WITHOUT_RESULTS
      ? ""
      : resultText(scenario, seed, { batches: family === WITH_INTERVALS, added });
  const rows = () => Array.from({ length: log.length }, (_, row) => log.describe(row)).join("\n");
  const hash = `${log.hash.toString(16).padStart(8, "0")} ${shortHash(result)}`;
  return { name, hash, content: () => `${rows()}\n${result}` };
}

interface Said {
  readonly batches: boolean;
  readonly added: ReadonlySet<unknown> | undefined;
}

function resultText(scenario: Scenario, seed: string, { batches, added }: Said): string {
  const simulation = new Simulation(scenario, { seed, batches, readTrace: readRandomTrace });
  simulation.run();
  return dataText(simulation.result(), added);
}

/** Everything that each replica tells, and the work that it was. */
function replicasEntry(name: string, seeds: readonly string[]): Entry {
  const content = seeds.map((seed) => {
    const world = randomReplica(seed);
    const options = { ...world.options, chance: openStream(seed, "acceptance") };
    const run = new ReplicaRun((clock, listener) => new MacroReplica(options, clock, listener));
    run.admitsInside = world.admitsInside;
    for (const { at, work } of world.arrivals) run.arrive(at, work);
    for (const { at, id } of world.cancels) run.cancelAt(at, id);
    run.run();
    return dataText([run.log, run.skipped, run.replica.work]);
  });
  const text = content.join("\n");
  return { name, hash: shortHash(text), content: () => text };
}

export function shortHash(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex").slice(0, 16);
}
