// Which sessions that began before the start may be in progress at it: the longer ago, the more turns they must have.
// An account's earlier starts are thinned by that, so that those of a week are drawn at the price of those that matter.
// Knows turns and times, not what a session does in them.
import { assert } from "../../../base/assert.js";
import type { RateTerm } from "../rate/term.js";
import type { Lifetimes, SessionTurns } from "../sessions/lifetimes.js";

/** Share of all session time in sessions of so many turns that they are left out: a tenth of a thousandth. */
const NEGLIGIBLE = 1e-4;
/** An assumption: whatever lasts longer is no session. It bounds what a strange specification costs. */
const LONGEST = 90 * 24 * 3600;
/** From one number of turns to the next that is looked at. */
const GROWTH = 1.2;

/** By how long ago, in seconds: the least turns of what may still go on, and the share of sessions that has them. */
export interface LivingTable {
  readonly until: readonly number[];
  readonly least: readonly number[];
  readonly share: readonly number[];
}

export function livingTable(lifetimes: Omit<Lifetimes<SessionTurns>, "longestOf">): LivingTable {
  const until: number[] = [];
  const least: number[] = [];
  const share: number[] = [];
  for (let turns = 1, from = 0; from < LONGEST && lifetimes.shareOf(turns) > NEGLIGIBLE; ) {
    const next = Math.max(turns + 1, Math.floor(turns * GROWTH));
    from = Math.min(LONGEST, lifetimes.longest(next - 1));
    until.push(from);
    least.push(turns);
    share.push(lifetimes.atLeast(turns));
    turns = next;
  }
  return { until, least, share };
}

/** The share that may still go on, as a factor of the rate of starts; its times are how long ago. */
export class LivingTerm implements RateTerm {
  readonly slope = 0;
  from = 0;
  readonly #table: LivingTable;
  #piece = 0;

  constructor(table: LivingTable) {
    assert(table.until.length > 0, "some session lasts some time");
    this.#table = table;
  }

  get value(): number {
    return this.#table.share[this.#piece] ?? 0;
  }

  get until(): number {
    return this.#table.until[this.#piece] ?? Number.POSITIVE_INFINITY;
  }

  /** Turns, at least, of a session that began within the piece at hand. */
  get least(): number {
    return this.#table.least[this.#piece]!;
  }

  /** Beyond this nothing goes on. */
  get end(): number {
    return this.#table.until.at(-1)!;
  }

  next(): void {
    this.from = this.until;
    this.#piece++;
  }
}
