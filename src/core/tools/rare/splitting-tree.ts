// One trial: a plain run of the window, and copies of it wherever it comes near the event. Each time a trajectory
// reaches the next level it is split into copies that share its weight equally; once it has fallen below the floor
// its copies end there, and the run itself goes on with the whole weight again.
//
// Why sums by weight have the expectation that they have in plain runs. The run itself is never steered: until it is
// first split, and from the floor on, it is a plain run of weight 1. In between, each split replaces one future by
// several of the same law that weigh as much together, so that what the copies sum up until they fall below the floor
// has the expectation of what the one would have. That holds for any floor, levels and factors that are fixed before
// the trial. It is RESTART with retrials that are prolonged down to one common threshold (Villen-Altamirano and
// Villen-Altamirano, "RESTART: a method for accelerating rare event simulations", ITC-13, 1991; Garvels, "The
// splitting method in rare event simulation", thesis, University of Twente, 2000).
import { type Branch, type Experiment, Trajectory } from "./trajectory.js";

export interface Level {
  /** Where it lies: a trajectory is split as soon as its crowding is that high. */
  readonly crowding: number;
  /** How many go on from there for each that comes. */
  readonly factor: number;
}

/** Where trajectories are split, fixed before any trial. */
export interface Splitting {
  /** From the lowest to the highest. */
  readonly levels: readonly Level[];
  /** A trajectory below it is as far from the event as any plain run. */
  readonly floor: number;
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
  /** By level: the weight that reached it, each time. */
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
  readonly #splitting: Splitting;
  readonly #seed: string;
  readonly #waiting: Waiting[] = [{ branches: [], next: 0, weight: 1 }];
  #branches = 0;
  /** What the trajectory had counted when its weight last changed. */
  #hitsEntered = 0;
  #attemptsEntered = 0;

  constructor(experiment: Experiment, splitting: Splitting, seed: string) {
    this.#experiment = experiment;
    this.#splitting = splitting;
    this.#seed = seed;
    this.sums = noSums(splitting.levels.length);
  }

  /** Runs one trajectory to its end; false when there is none left. */
  advance(): boolean {
    const from = this.#waiting.pop();
    if (from === undefined) return false;
    const trajectory = new Trajectory(this.#experiment, this.#seed, from.branches);
    this.#hitsEntered = trajectory.hits;
    this.#attemptsEntered = trajectory.attempts;
    if (from.branches.length === 0) this.#runPlain(trajectory, from);
    else this.#runCopy(trajectory, from);
    this.sums.trajectories++;
    this.sums.events += trajectory.events;
    return this.#waiting.length > 0;
  }

  #runPlain(trajectory: Trajectory, from: Waiting): void {
    const { sums } = this;
    let here = from;
    let unmeasured = 0;
    do {
      if (this.#hasFallen(trajectory, here)) {
        this.#enter(trajectory, here.weight);
        here = from;
      }
      here = this.#afterSplit(trajectory, here);
      if (!trajectory.isMeasured) unmeasured = trajectory.events;
    } while (trajectory.step());
    this.#enter(trajectory, here.weight);
    sums.plainHits = trajectory.hits;
    sums.plainEvents = trajectory.events;
    sums.plainMeasuredEvents = trajectory.events - unmeasured;
  }

  #runCopy(trajectory: Trajectory, from: Waiting): void {
    let here = from;
    do here = this.#afterSplit(trajectory, here);
    while (trajectory.step() && !this.#hasFallen(trajectory, here));
    this.#enter(trajectory, here.weight);
  }

  #hasFallen(trajectory: Trajectory, here: Waiting): boolean {
    return here.next > 0 && trajectory.crowding < this.#splitting.floor;
  }

  /** Queues copies if a level is reached. One step can reach several levels: a batch of arrivals does. */
  #afterSplit(trajectory: Trajectory, here: Waiting): Waiting {
    const { levels } = this.#splitting;
    let { next } = here;
    if (next === levels.length || trajectory.crowding < levels[next]!.crowding || !trajectory.maySplit) {
      return here;
    }
    this.#enter(trajectory, here.weight);
    let copies = 1;
    while (next < levels.length && trajectory.crowding >= levels[next]!.crowding) {
      this.sums.reached[next]! += here.weight;
      copies *= levels[next]!.factor;
      next++;
    }
    const weight = here.weight / copies;
    for (let copy = 1; copy < copies; copy++) {
      const branch = { after: trajectory.events, id: String(++this.#branches) };
      this.#waiting.push({ branches: [...here.branches, branch], next, weight });
    }
    return { ...here, next, weight };
  }

  /** Enters what has happened since the last change of weight. */
  #enter({ hits, attempts }: Trajectory, weight: number): void {
    const { sums } = this;
    const hitsBefore = this.#hitsEntered;
    const attemptsBefore = this.#attemptsEntered;
    sums.hits += weight * (hits - hitsBefore);
    sums.attempts += weight * (attempts - attemptsBefore);
    sums.hitsSquared += weight * (hits ** 2 - hitsBefore ** 2);
    sums.hitsByAttempts += weight * (hits * attempts - hitsBefore * attemptsBefore);
    sums.attemptsSquared += weight * (attempts ** 2 - attemptsBefore ** 2);
    this.#hitsEntered = hits;
    this.#attemptsEntered = attempts;
  }
}

function noSums(levels: number): TrialSums {
  return {
    attempts: 0,
    hits: 0,
    hitsSquared: 0,
    hitsByAttempts: 0,
    attemptsSquared: 0,
    reached: new Array<number>(levels).fill(0),
    plainHits: 0,
    plainEvents: 0,
    plainMeasuredEvents: 0,
    trajectories: 0,
    events: 0,
  };
}
