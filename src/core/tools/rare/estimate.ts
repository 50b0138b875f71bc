// The share of a path's attempts that end in an event too rare to wait for, from trials by splitting: a pilot places
// the levels, then trials run until the interval is as narrow as asked. To be driven one trajectory at a time, by a
// command that reacts to Ctrl-C, or at once by `estimateRare`.
import { SurgefleetError } from "../../base/errors.js";
import { suggest } from "../../base/nearest.js";
import type { OpenRealm } from "../../custom/code.js";
import { share } from "../../document/units.js";
import { checkedScenario } from "../../engine/experiment/simulate.js";
import { machinesOf, Simulation } from "../../engine/experiment/simulation.js";
import { lookAtTraces } from "../../engine/readings.js";
import { caveatsOfGrounds } from "../../results/shape/caveats.js";
import type { Reading } from "../../results/shape/reading.js";
import type { Scenario, ScenarioInput } from "../../scenario/schema.js";
import { foresees } from "../../server/fleet/control/autoscalers/registry.js";
import { queueBounds } from "../../server/gateway/policies/registry.js";
import { checkConfidence } from "../../stats/student.js";
import { Pilot } from "./pilot.js";
import { type RareResult, rateOf, resultOf } from "./rare-result.js";
import { SplittingTree, type TrialSums } from "./splitting-tree.js";
import { type Experiment, RARE_OUTCOMES, type RareEvent } from "./trajectory.js";
import { type WindowOptions, windowOf } from "./window.js";

export interface RareOptions extends WindowOptions {
  /** Name of the path whose attempts are counted. */
  readonly tier: string;
  /** How they end (default: overloaded). */
  readonly event?: RareEvent | undefined;
  /** Replaces the scenario's seed. */
  readonly seed?: string | undefined;
  /** So many trials, instead of as many as `until` takes; at least 2. */
  readonly trials?: number | undefined;
  /** Trials go on until half the interval is at most this share of the value, "20%" or 0.2 (default: 10%). */
  readonly until?: string | number | undefined;
  /** Confidence of the interval (default: 0.95). */
  readonly confidence?: number | undefined;
  /** Opens a trace by the path that the scenario gives, as chunks of text. */
  readonly readTrace?: ((path: string) => Iterable<string>) | undefined;
  /** Opens realms for modules of users' own. Needed where the scenario names one. */
  readonly openRealm?: OpenRealm | undefined;
}

const DEFAULT_UNTIL = 0.1;
const PILOT_SIZE = 100;
/** Before an interval is believed so many trials have run, and so many of them have seen the event. */
const FEWEST_TRIALS = 50;
const FEWEST_WITH_EVENT = 30;
/** An event that so many trials have not seen is not one that more of them will find. */
const MOST_WITHOUT_EVENT = 1000;
/** The interval is looked at each time the trials have grown by this factor. */
const LOOK_EVERY = 1.05;

export class RareEstimation {
  readonly #scenario: Scenario;
  readonly #options: RareOptions;
  readonly #event: RareEvent;
  readonly #seed: string;
  readonly #confidence: number;
  readonly #until: number;
  readonly #experiment: Experiment;
  readonly #pilot: Pilot;
  readonly #trials: TrialSums[] = [];
  #isPlaced = false;
  #readings: readonly Reading[] | undefined;
  #tree: SplittingTree | undefined;
  #nextLook = FEWEST_TRIALS;

  /** Throws USAGE for a path, a window or a number that makes no sense. */
  constructor(scenario: Scenario, options: RareOptions) {
    checkTrials(options);
    this.#options = options;
    this.#until = shareOf(options.until ?? DEFAULT_UNTIL);
    this.#event = checkedEvent(options.event ?? "overloaded");
    this.#confidence = options.confidence ?? 0.95;
    checkConfidence(this.#confidence);
    this.#seed = options.seed ?? scenario.seed;
    const tier = tierIndex(scenario, options.tier);
    if (this.#event === "overloaded") checkCanShed(scenario, options.tier);
    checkCanBranch(scenario);
    this.#scenario = windowOf(scenario, options);
    this.#experiment = {
      scenario: this.#scenario,
      tier,
      outcome: RARE_OUTCOMES[this.#event],
      readTrace: options.readTrace,
      openRealm: options.openRealm,
    };
    this.#pilot = new Pilot(this.#experiment, `${this.#seed}/pilot`, PILOT_SIZE);
  }

  /** Runs one trajectory; false when it is done. */
  advance(): boolean {
    if (!this.#isPlaced) {
      this.#isPlaced = !this.#pilot.advance();
      return true;
    }
    const { trials } = this;
    this.#tree ??= new SplittingTree(this.#experiment, this.#pilot.splitting, `${this.#seed}/${trials + 1}`);
    if (this.#tree.advance()) return true;
    this.#trials.push(this.#tree.sums);
    this.#tree = undefined;
    return !this.#isDone();
  }

  /** Trials that are over; 0 while the levels are being placed. */
  get trials(): number {
    return this.#trials.length;
  }

  /** Levels placed so far. */
  get levels(): number {
    return this.#pilot.splitting.levels.length;
  }

  /** Half the interval over the value; null while there is none. */
  get precision(): number | null {
    return relativeHalfWidth(rateOf(this.#trials, this.#confidence));
  }

  /** What the trials that are over say. A trial that has begun does not count: its first trajectories are not all. */
  result({ partial = false }: { readonly partial?: boolean } = {}): RareResult {
    const { readTrace, openRealm } = this.#options;
    const given = { seed: this.#seed, readTrace, openRealm };
    const { parts } = new Simulation(this.#scenario, given).engine.service;
    this.#readings ??= lookAtTraces(this.#scenario, { seed: this.#seed, readTrace });
    const names = Object.keys(this.#scenario.pools);
    const machines = machinesOf(this.#scenario, parts.profiles);
    const pools = names.map((pool, index) => ({ pool, ...machines[index]! }));
    return resultOf({
      scenario: this.#scenario,
      seed: this.#seed,
      tier: this.#options.tier,
      event: this.#event,
      partial,
      caveats: caveatsOfGrounds(partial, pools, this.#readings),
      confidence: this.#confidence,
      levels: this.#pilot.splitting.levels,
      pilotEvents: this.#pilot.events,
      trials: this.#trials,
    });
  }

  #isDone(): boolean {
    const { trials } = this;
    const { trials: wanted } = this.#options;
    if (wanted !== undefined) return trials >= wanted;
    if (trials < this.#nextLook) return false;
    this.#nextLook = Math.ceil(trials * LOOK_EVERY);
    const withEvent = this.#trials.filter(({ hits }) => hits > 0).length;
    if (withEvent === 0) return trials >= MOST_WITHOUT_EVENT;
    const { precision } = this;
    return withEvent >= FEWEST_WITH_EVENT && precision !== null && precision <= this.#until;
  }
}

/**
 * Estimates how large a share of a path's attempts is overloaded, or times out, where that is too rare for a plain run
 * to see: `estimateRare(scenario, { tier: "priority" }).value`. Unbiased whatever the levels, with a confidence
 * interval. Throws SurgefleetError INVALID_SCENARIO, INVALID_TRACE or USAGE.
 */
export function estimateRare(scenario: ScenarioInput | Scenario, options: RareOptions): RareResult {
  const estimation = new RareEstimation(checkedScenario(scenario), options);
  while (estimation.advance()) {
    // One trajectory after the other.
  }
  return estimation.result();
}

function relativeHalfWidth({ value, low, high }: ReturnType<typeof rateOf>): number | null {
  return value === null || value === 0 || low === null || high === null ? null : (high - value) / value;
}

function checkTrials({ trials, until }: RareOptions): void {
  if (trials !== undefined && !(Number.isSafeInteger(trials) && trials >= 2)) {
    throw usage(`trials is a whole number from 2 up, got ${trials}`);
  }
  if (trials !== undefined && until !== undefined) {
    throw usage("trials and until contradict each other: give one of the two");
  }
}

function shareOf(until: string | number): number {
  const parsed = share({ from: 0.001, below: 1 }).safeParse(until);
  if (parsed.success) return parsed.data;
  throw usage(`until: ${parsed.error.issues[0]?.message ?? "not a share"}`);
}

function checkedEvent(event: string): RareEvent {
  if (Object.hasOwn(RARE_OUTCOMES, event)) return event as RareEvent;
  throw usage(`unknown event "${event}"; it is one of ${Object.keys(RARE_OUTCOMES).join(", ")}`);
}

function tierIndex(scenario: Scenario, tier: string): number {
  const names = Object.keys(scenario.paths);
  const index = names.indexOf(tier);
  if (index >= 0) return index;
  const hint = suggest(tier, names);
  throw usage(`the scenario has no path "${tier}"${hint === undefined ? "" : `; ${hint}`}`);
}

/** Where the queue has no limit and no deadline there is no event to estimate. */
function checkCanShed(scenario: Scenario, tier: string): void {
  const pool = scenario.paths[tier]!.pool;
  const { maxQueue, queueTimeout } = queueBounds(scenario.pools[pool]!.admission);
  if (maxQueue !== Number.POSITIVE_INFINITY || queueTimeout !== undefined) return;
  throw usage(
    `the queue of pool "${pool}" has no limit and no deadline: no request is ever shed there; set maxQueue`,
  );
}

/** What will be is open where chance branches on the way. */
function checkCanBranch({ pools }: Scenario): void {
  for (const [pool, { autoscaler }] of Object.entries(pools)) {
    if (autoscaler === undefined || !foresees(autoscaler)) continue;
    throw usage(
      `the autoscaler of pool "${pool}", ${autoscaler.algorithm}, foresees the run: rare events need runs that branch`,
    );
  }
}

function usage(message: string): SurgefleetError {
  return new SurgefleetError("USAGE", message);
}
