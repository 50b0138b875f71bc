// One run of a short window that can begin where another one branched off. An engine cannot be copied, but it is
// deterministic: to copy it is to repeat it up to that event. Counts the event in question; knows nothing of levels and
// weights.

import { Outcome } from "../../base/outcome.js";
import type { OpenRealm } from "../../custom/code.js";
import { Engine } from "../../engine/engine.js";
import type { TierColumns } from "../../results/ledger/tier-columns.js";
import type { Scenario } from "../../scenario/schema.js";
import { BranchingStreams } from "./branching-streams.js";
import { Crowding } from "./crowding.js";

/** After so many events all chance is that of the branch. */
export interface Branch {
  readonly after: number;
  readonly id: string;
}

/** What trajectories run, and what is counted in them. */
export interface Experiment {
  /** Its warm-up and duration are those of the window. */
  readonly scenario: Scenario;
  /** Index of the path. */
  readonly tier: number;
  readonly outcome: Outcome;
  readonly readTrace?: ((path: string) => Iterable<string>) | undefined;
  /** Opens realms for modules of users' own. Needed where the scenario names one. */
  readonly openRealm?: OpenRealm | undefined;
}

export class Trajectory {
  readonly #engine: Engine;
  readonly #crowding: Crowding;
  readonly #experiment: Experiment;

  /** Repeats what the branches say, in their order, and stands behind the last one. */
  constructor(experiment: Experiment, seed: string, branches: readonly Branch[]) {
    const streams = new BranchingStreams(seed);
    this.#experiment = experiment;
    const { scenario, readTrace, openRealm } = experiment;
    const given = { readTrace, openRealm };
    const engine = new Engine(scenario, { seed: streams, ...given, batches: false, followed: "attempts" });
    this.#engine = engine;
    this.#crowding = new Crowding(engine.service.parts, experiment.tier);
    for (const { after, id } of branches) {
      while (engine.processed < after) engine.step();
      streams.branch(id);
    }
  }

  /** Processes one event; false when the window is over. */
  step(): boolean {
    return this.#engine.step();
  }

  /** Events so far, those that were repeated included. */
  get events(): number {
    return this.#engine.processed;
  }

  get crowding(): number {
    return this.#crowding.level;
  }

  /** Whether the measured window has opened. */
  get isMeasured(): boolean {
    return this.#engine.now >= this.#experiment.scenario.warmup;
  }

  /**
   * Whether it is time to split. What happens early in the window began before it; what happened at the start of the
   * warm-up is over by then. Once the window is over, only what arrived in it is followed to its end.
   */
  get maySplit(): boolean {
    const { now, until } = this.#engine;
    return now >= this.#experiment.scenario.warmup / 2 && now < until;
  }

  /** Attempts of the path that arrived in the window. */
  get attempts(): number {
    return this.#total((columns) => columns.attempts);
  }

  /** Those of them that ended in the way in question. */
  get hits(): number {
    return this.#total((columns) => columns.outcomes[this.#experiment.outcome]!);
  }

  #total(read: (columns: TierColumns) => number): number {
    const cells = this.#engine.ledger.table.cellsOf(this.#experiment.tier);
    return cells.reduce((sum, columns) => sum + read(columns), 0);
  }
}

/** How an attempt can end for want of room, by the name of its rate in results. */
export const RARE_OUTCOMES = {
  overloaded: Outcome.overloaded,
  timed_out: Outcome.timedOut,
} as const;
export type RareEvent = keyof typeof RARE_OUTCOMES;
export const RARE_EVENTS = Object.keys(RARE_OUTCOMES) as readonly RareEvent[];
