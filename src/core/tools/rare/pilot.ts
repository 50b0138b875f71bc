// Places the levels of a splitting, in a small experiment of its own: from each level it looks how far copies get, and
// puts the next one where about a quarter of them arrive. It draws from seeds of its own, because levels must not
// depend on the trials that they are used for. A bad pilot costs time, never truth.
import ln from "@stdlib/math-base-special-ln";
import type { Splitting } from "./splitting-tree.js";
import { type Branch, type Experiment, Trajectory } from "./trajectory.js";

/** About the share that splits cheapest: e^-1.6 in theory, where a copy costs as much from every level. */
const WANTED = 0.25;
/** Where so many get to the event itself there is no need for another level. */
const ENOUGH_HITS = 0.2;
/** Of those that go on from a level, so many must have got there: fewer would all be copies of one story. */
const FEWEST = 8;
/** Where too few get on, more are sent from the level: up to so many times as many as from others. */
const MOST_PATIENCE = 16;
const MOST_LEVELS = 64;
/** Where the floor lies, from what is usual (0) to the first level (1). */
const FLOOR = 0.5;

/** A new highest crowding, and after how many events it was there. */
interface Peak {
  readonly crowding: number;
  readonly after: number;
}

interface Climb {
  readonly seed: string;
  readonly branches: readonly Branch[];
  readonly records: readonly Peak[];
  readonly hits: number;
}

export class Pilot {
  readonly #levels: { readonly crowding: number; readonly share: number }[] = [];
  /** Of those that went on from the last level, the share that got to the event. */
  #shareWithHits = 0;
  readonly #experiment: Experiment;
  readonly #seed: string;
  /** Trajectories from each level, and from this one. */
  readonly #size: number;
  #wanted: number;
  #from: readonly Climb[] = [];
  #climbs: Climb[] = [];
  #events = 0;
  #isOver = false;
  /** Of the plain runs, where trajectories may be split: event by event. */
  #crowdingSum = 0;
  #crowdingCount = 0;
  #floor = 0;

  constructor(experiment: Experiment, seed: string, size: number) {
    this.#experiment = experiment;
    this.#seed = seed;
    this.#size = size;
    this.#wanted = size;
  }

  get events(): number {
    return this.#events;
  }

  get splitting(): Splitting {
    const shares = [...this.#levels.map(({ share }) => share), this.#shareWithHits];
    const factors = factorsFor(shares);
    return {
      levels: this.#levels.map(({ crowding }, level) => ({ crowding, factor: factors[level]! })),
      floor: this.#floor,
    };
  }

  /** Runs one trajectory; false when the levels are placed. */
  advance(): boolean {
    if (this.#isOver) return false;
    this.#climbs.push(this.#climb(this.#climbs.length));
    if (this.#climbs.length === this.#wanted) this.#placeLevel();
    return !this.#isOver;
  }

  #climb(index: number): Climb {
    const { length } = this.#from;
    const parent = length === 0 ? undefined : this.#from[index % length]!;
    const seed = parent?.seed ?? `${this.#seed}/${index + 1}`;
    const branches = parent === undefined ? [] : this.#branchesFrom(parent, index);
    const trajectory = new Trajectory(this.#experiment, seed, branches);
    const records: Peak[] = [];
    let highest = -1;
    do {
      if (!trajectory.maySplit) continue;
      const { crowding } = trajectory;
      if (parent === undefined) {
        this.#crowdingSum += crowding;
        this.#crowdingCount++;
      } else if (crowding < this.#floor) break;
      if (crowding <= highest) continue;
      highest = crowding;
      records.push({ crowding, after: trajectory.events });
    } while (trajectory.step());
    this.#events += trajectory.events;
    return { seed, branches, records, hits: trajectory.hits };
  }

  #branchesFrom(parent: Climb, index: number): readonly Branch[] {
    const level = this.#levels.length;
    const { after } = firstAt(parent, this.#levels[level - 1]!.crowding)!;
    return [...parent.branches, { after, id: `${level}-${index + 1}` }];
  }

  #placeLevel(): void {
    const climbs = this.#climbs;
    const withHits = climbs.filter((climb) => climb.hits > 0).length;
    const share = withHits / climbs.length;
    const next = share >= ENOUGH_HITS ? undefined : nextLevel(climbs, this.#levels.at(-1)?.crowding ?? 0);
    if (next === undefined && withHits < FEWEST && this.#wanted < this.#size * MOST_PATIENCE) {
      this.#wanted *= 2;
      return;
    }
    if (next === undefined || next.share <= share || this.#levels.length === MOST_LEVELS) {
      this.#isOver = true;
      this.#shareWithHits = share;
      return;
    }
    if (this.#levels.length === 0) this.#floor = this.#floorBelow(next.crowding);
    this.#levels.push(next);
    this.#from = climbs.filter((climb) => firstAt(climb, next.crowding) !== undefined);
    this.#climbs = [];
    this.#wanted = this.#size;
  }

  /** Halfway from what is usual to the first level: from there it is not far to forget how crowded it has been. */
  #floorBelow(level: number): number {
    const usual = this.#crowdingSum / this.#crowdingCount;
    return Math.min(level, Math.ceil(usual + (level - usual) * FLOOR));
  }
}

function firstAt(climb: Climb, crowding: number): Peak | undefined {
  return climb.records.find((record) => record.crowding >= crowding);
}

/** The crowding above `current` that a share nearest to the wanted one has reached; undefined where too few got on. */
function nextLevel(
  climbs: readonly Climb[],
  current: number,
): { crowding: number; share: number } | undefined {
  const highest = climbs.map(({ records }) => records.at(-1)?.crowding ?? 0);
  const candidates = [...new Set(highest)].filter((crowding) => crowding > current);
  let best: { crowding: number; share: number } | undefined;
  for (const crowding of candidates) {
    const count = highest.filter((one) => one >= crowding).length;
    const share = count / climbs.length;
    // A level that all trajectories reach divides nothing.
    if (count < FEWEST || share === 1) continue;
    if (best === undefined || distance(share) < distance(best.share)) best = { crowding, share };
  }
  return best;
}

function distance(share: number): number {
  return Math.abs(ln(share / WANTED));
}

/**
 * How many go on from each level for one that comes, when `shares[i]` of those that left level i - 1 reach level i and
 * the last share reaches the event. A trial sends n from a level, where n is in proportion to sqrt((1 - p) / p) of what
 * lies ahead of them: that is the least variance for the work, as a trajectory costs about the same from everywhere.
 */
function factorsFor(shares: readonly number[]): number[] {
  const difficulty = (share: number) => Math.sqrt((1 - share) / share);
  const first = difficulty(shares[0]!);
  let sent = 1;
  return shares.slice(0, -1).map((share, level) => {
    const ahead = shares[level + 1]!;
    const wanted = ahead > 0 && ahead < 1 ? difficulty(ahead) / first : 1;
    const factor = Math.max(2, Math.round(wanted / (sent * share)));
    sent *= share * factor;
    return factor;
  });
}
