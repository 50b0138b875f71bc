// The half of the record that is random worlds: of each world of the catalogue the hash of its event log and that of its
// result - with the run's own intervals in the swarm, which take longer than the runs, and without a result where the
// swarm has three hundred of the same kind. They run in macro-steps; that step by step gives the same is LAW-5, which
// tests hold.
import { createHash } from "node:crypto";
import { parseScenario } from "../../src/core/engine/experiment/simulate.js";
import { Simulation } from "../../src/core/engine/experiment/simulation.js";
import { openStream } from "../../src/core/random/stream.js";
import type { Scenario, ScenarioInput } from "../../src/core/scenario/schema.js";
import { MacroReplica } from "../../src/core/server/replica/batching/macro-replica.js";
import { ReplicaRun } from "../conformance/replica-run.js";
import { logOf } from "../support/checker.js";
import { randomReplica } from "../support/random-replica.js";
import { readRandomTrace } from "../support/random-trace.js";
import { FAMILIES, seedsOf } from "../support/worlds.js";
import { dataText } from "./canonical.js";

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
  for (const { name, seeds, world } of FAMILIES) {
    for (const seed of seeds) {
      const full = `${name} ${seed}`;
      if (only === undefined || only === full) yield worldEntry(full, name, world(seed), seed);
    }
  }
  const seeds = seedsOf("law-05-macro-steps", REPLICAS);
  for (let from = 0; from < REPLICAS; from += REPLICAS_OF_A_ROW) {
    const name = `replicas ${from}-${from + REPLICAS_OF_A_ROW - 1}`;
    if (only === undefined || only === name) {
      yield replicasEntry(name, seeds.slice(from, from + REPLICAS_OF_A_ROW));
    }
  }
}

function worldEntry(name: string, family: string, input: ScenarioInput, seed: string): Entry {
  const scenario = parseScenario(input);
  const log = logOf(input, seed);
  const result = family === WITHOUT_RESULTS ? "" : resultText(scenario, seed, family === WITH_INTERVALS);
  const rows = () => Array.from({ length: log.length }, (_, row) => log.describe(row)).join("\n");
  const hash = `${log.hash.toString(16).padStart(8, "0")} ${shortHash(result)}`;
  return { name, hash, content: () => `${rows()}\n${result}` };
}

function resultText(scenario: Scenario, seed: string, batches: boolean): string {
  const simulation = new Simulation(scenario, { seed, batches, readTrace: readRandomTrace });
  simulation.run();
  return dataText(simulation.result());
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
