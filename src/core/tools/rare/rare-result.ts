// What an estimate of a rare event says, from the sums of its trials: the rate with its interval, the levels, the work,
// and how much a plain simulation would have to do for the same interval. Simulates nothing.
import { MICROS_PER_SECOND } from "../../base/units.js";
import type { Caveat } from "../../results/shape/caveat-kinds.js";
import type { Scenario } from "../../scenario/schema.js";
import { ruleOfThree } from "../../stats/interval.js";
import { evenRisks, intervalAround, ratioEstimate } from "../../stats/ratio.js";
import type { Level, TrialSums } from "./splitting-tree.js";
import type { RareEvent } from "./trajectory.js";

export interface RareLevel {
  /** Sequences inside the pool and in its queue, at which a trajectory is split. */
  readonly crowding: number;
  readonly factor: number;
  /** Share of plain runs of the window that would get there, as estimated. */
  readonly reached: number;
  /** The same of those that got to the level before. */
  readonly given: number;
}

/** The share of a path's attempts that end in a rare event, estimated by splitting. Rates are shares of one. */
export interface RareResult {
  readonly schemaVersion: 1;
  readonly scenario: string;
  readonly seed: string;
  readonly tier: string;
  readonly event: RareEvent;
  readonly metric: string;
  /** Stopped before it was done. */
  readonly partial: boolean;
  /** What is to be known besides. */
  readonly caveats: readonly Caveat[];
  readonly value: number | null;
  /** Student's t over the trials, null with fewer than 10 that saw the event; with none the rule of three. */
  readonly low: number | null;
  readonly high: number | null;
  readonly confidence: number;
  readonly method: "splitting" | "zero-events" | "none";
  /** Seconds. */
  readonly window: { readonly warmup: number; readonly length: number };
  readonly levels: readonly RareLevel[];
  readonly trials: number;
  /** Trials in which some trajectory saw the event. */
  readonly trialsWithEvent: number;
  readonly trajectories: number;
  /** Events of simulation, those that copies repeat included. */
  readonly events: number;
  /** Of those, what placing the levels took. */
  readonly pilotEvents: number;
  /** An estimate of what a plain simulation needs; null without events. */
  readonly plain: {
    /** Runs of the window, of those that the trials began with, that saw the event. */
    readonly runsWithEvent: number;
    /** Events of simulation to reach the same interval, with no warm-up but the first. */
    readonly events: number;
    /** Those over the events that splitting took, pilot included. */
    readonly gain: number;
  } | null;
}

export interface RareOutcome {
  readonly scenario: Scenario;
  readonly seed: string;
  readonly tier: string;
  readonly event: RareEvent;
  readonly partial: boolean;
  readonly confidence: number;
  readonly levels: readonly Level[];
  readonly pilotEvents: number;
  readonly trials: readonly TrialSums[];
  readonly caveats: readonly Caveat[];
}

export function resultOf(outcome: RareOutcome): RareResult {
  const { scenario, seed, tier, event, partial, confidence, levels, pilotEvents, trials, caveats } = outcome;
  const total = (of: (sums: TrialSums) => number) => trials.reduce((sum, one) => sum + of(one), 0);
  const { warmup, duration = warmup } = scenario;
  const events = pilotEvents + total((one) => one.events);
  return {
    schemaVersion: 1,
    scenario: scenario.name,
    seed,
    tier,
    event,
    metric: `${event}_rate{tier:${tier},per:attempt}`,
    partial,
    caveats,
    ...rateOf(trials, confidence),
    confidence,
    window: { warmup: warmup / MICROS_PER_SECOND, length: (duration - warmup) / MICROS_PER_SECOND },
    levels: levelsOf(levels, trials),
    trials: trials.length,
    trialsWithEvent: trials.filter((one) => one.hits > 0).length,
    trajectories: total((one) => one.trajectories),
    events,
    pilotEvents,
    plain: plainOf(trials, events),
  };
}

/** An interval around fewer trials with the event would promise more than it keeps. */
const FEWEST_WITH_EVENT = 10;

/** The rate over the trials; low and high are null where too few of them have seen the event. */
export function rateOf(
  trials: readonly TrialSums[],
  confidence: number,
): Pick<RareResult, "value" | "low" | "high" | "method"> {
  const samples = trials
    .filter(({ attempts }) => attempts > 0)
    .map(({ hits, attempts }) => ({ value: hits / attempts, weight: attempts }));
  if (samples.length === 0) return { value: null, low: null, high: null, method: "none" };
  if (trials.every(({ hits }) => hits === 0)) {
    return { value: 0, low: 0, high: ruleOfThree(samples.length, confidence), method: "zero-events" };
  }
  const estimate = ratioEstimate(samples);
  const { value } = estimate;
  const { low, high } = intervalAround(estimate, "share", evenRisks(confidence));
  const withEvent = trials.filter(({ hits }) => hits > 0).length;
  if (withEvent < FEWEST_WITH_EVENT) return { value, low: null, high: null, method: "none" };
  return { value, low: Math.max(0, low), high, method: "splitting" };
}

function levelsOf(levels: readonly Level[], trials: readonly TrialSums[]): RareLevel[] {
  let before = 1;
  return levels.map(({ crowding, factor }, level) => {
    const reached = trials.reduce((sum, one) => sum + one.reached[level]!, 0) / Math.max(1, trials.length);
    const given = before > 0 ? reached / before : 0;
    before = reached;
    return { crowding, factor, reached, given };
  });
}

/**
 * What plain runs of the window would do, by the second moments that the trials estimate without bias: events that come
 * in clusters scatter more than their number says, and that is in them. A plain simulation is one long run of such
 * windows, so that only the events inside the window are its work, and windows are taken as independent, which is in
 * its favour.
 */
function plainOf(trials: readonly TrialSums[], events: number): RareResult["plain"] {
  const n = trials.length;
  const total = (of: (sums: TrialSums) => number) => trials.reduce((sum, one) => sum + of(one), 0);
  const hits = total((one) => one.hits);
  if (hits === 0 || n < 2) return null;
  const rate = hits / total((one) => one.attempts);
  const ofSplitting = total((one) => (one.hits - rate * one.attempts) ** 2) / (n - 1);
  const ofPlain =
    total((one) => one.hitsSquared - 2 * rate * one.hitsByAttempts + rate ** 2 * one.attemptsSquared) / n;
  const eventsPerWindow = total((one) => one.plainMeasuredEvents) / n;
  const needed = (n * ofPlain * eventsPerWindow) / ofSplitting;
  return {
    runsWithEvent: trials.filter(({ plainHits }) => plainHits > 0).length,
    events: needed,
    gain: needed / events,
  };
}
