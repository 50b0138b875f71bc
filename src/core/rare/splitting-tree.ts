// One trial: a run from the start, split into equal copies each time a trajectory first reaches the next level, every
// copy with its share of the weight. All of them run to the end of the window. Whatever is measured on a whole
// trajectory and summed by weight has the expectation that it has in plain runs, as a split only replaces one future by
// several of the same law that weigh as much together (fixed splitting; Garvels, "The splitting method in rare event
// simulation", thesis, University of Twente, 2000, chapter 2). That holds for any levels and factors that are fixed
// before the trial.
import { type Branch, type Experiment, Trajectory } from "./trajectory.js";

export interface Level {
  /** Where it lies: a trajectory is split as soon as its crowding is that high. */
  readonly crowding: number;
  /** How many go on from there for each that comes. */
  readonly factor: number;
}

interface Waiting {
  readonly branches: readonly Branch[];
  /** Index of the first level that it has not reached. */
  readonly next: number;
  readonly weight: number;
}

/** Sums over the trajectories of a trial, by weight. */
export interface TrialSums {
  attempts: number;
  hits: number;
  /** Second moments, from which follows how much plain runs of the same window would scatter. */
  hitsSquared: number;
  hitsByAttempts: number;
  attemptsSquared: number;
  /** By level: the weight that reached it. */
  readonly reached: number[];
  /** The first trajectory by itself, which is a plain run. */
  plainHits: number;
  plainEvents: number;
  /** Of those events, the ones in the measured window. */
  plainMeasuredEvents: number;
  trajectories: number;
  /** All events, repeated ones included. */
  events: number;
}

export class SplittingTree {
  readonly sums: TrialSums;
  readonly #experiment: Experiment;
  readonly #levels: readonly Level[];
  readonly #seed: string;
  readonly #waiting: Waiting[] = [{ branches: [], next: 0, weight: 1 }];
  #branches = 0;

  constructor(experiment: Experiment, levels: readonly Level[], seed: string) {
    this.#experiment = experiment;
    this.#levels = levels;
    this.#seed = seed;
    this.sums = {
      attempts: 0,
      hits: 0,
      hitsSquared: 0,
      hitsByAttempts: 0,
      attemptsSquared: 0,
      reached: levels.map(() => 0),
      plainHits: 0,
      plainEvents: 0,
      plainMeasuredEvents: 0,
      trajectories: 0,
      events: 0,
    };
  }

  /** Runs one trajectory to its end; false when there is none left. */
  advance(): boolean {
    const from = this.#waiting.pop();
    if (from === undefined) return false;
    const trajectory = new Trajectory(this.#experiment, this.#seed, from.branches);
    const isPlain = from.branches.length === 0;
    let { next, weight } = from;
    let warmupEvents = 0;
    do {
      const reached = this.#reach(trajectory.crowding, next, weight);
      if (reached > next) weight = this.#split(trajectory, from.branches, { next, reached, weight });
      next = reached;
      if (isPlain && !trajectory.isMeasured) warmupEvents = trajectory.events;
    } while (trajectory.step());
    this.#enter(trajectory, weight);
    if (isPlain) {
      this.sums.plainHits = trajectory.hits;
      this.sums.plainEvents = trajectory.events;
      this.sums.plainMeasuredEvents = trajectory.events - warmupEvents;
    }
    return this.#waiting.length > 0;
  }

  /** The first level above the crowding. One step can reach several levels: a batch of arrivals does. */
  #reach(crowding: number, next: number, weight: number): number {
    let level = next;
    while (level < this.#levels.length && crowding >= this.#levels[level]!.crowding) {
      this.sums.reached[level]! += weight;
      level++;
    }
    return level;
  }

  /** Puts the copies in line and returns the weight of each; the trajectory itself goes on as one of them. */
  #split(
    trajectory: Trajectory,
    branches: readonly Branch[],
    { next, reached, weight }: { next: number; reached: number; weight: number },
  ): number {
    let copies = 1;
    for (let level = next; level < reached; level++) copies *= this.#levels[level]!.factor;
    const share = weight / copies;
    for (let copy = 1; copy < copies; copy++) {
      const branch = { after: trajectory.events, id: String(++this.#branches) };
      this.#waiting.push({ branches: [...branches, branch], next: reached, weight: share });
    }
    return share;
  }

  #enter({ attempts, hits, events }: Trajectory, weight: number): void {
    const { sums } = this;
    sums.attempts += weight * attempts;
    sums.hits += weight * hits;
    sums.hitsSquared += weight * hits * hits;
    sums.hitsByAttempts += weight * hits * attempts;
    sums.attemptsSquared += weight * attempts * attempts;
    sums.trajectories++;
    sums.events += events;
  }
}
