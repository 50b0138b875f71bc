// The events of a run, as a list that stays short however many there are: what is alike and happens close together is
// one entry that says how many and until when. How close grows as the list does, and nothing is ever left out.
import { NONE } from "../../base/none.js";
import type { RunEventDetail, RunEventKind } from "../../base/run-event.js";
import type { Instant } from "../../base/units.js";

/** One event, or several of one kind in one pool. */
export interface RunEventEntry {
  readonly kind: RunEventKind;
  /** By its number; NONE where it is of no single one. */
  readonly pool: number;
  /** The first and the last of them. */
  readonly at: Instant;
  readonly until: Instant;
  /** Events, and what they tell of: three instances that are lost at once are one event. */
  readonly events: number;
  readonly count: number;
  /** Before the first and after the last of them; undefined where nothing is counted. */
  readonly before: number | undefined;
  readonly after: number | undefined;
  /** Undefined where there is none, or several. */
  readonly name: string | undefined;
}

const DEFAULT_MOST = 200;

export class RunEvents {
  readonly #most: number;
  #entries: RunEventEntry[] = [];
  /** From how many entries on they are taken together: more than the most where even so there are as many. */
  #limit: number;
  /** Microseconds; alike entries in one cell of a grid of that width are one. */
  #width = 1;

  constructor(most: number = DEFAULT_MOST) {
    this.#most = most;
    this.#limit = most;
  }

  /** Instants may come in any order. */
  add(kind: RunEventKind, pool: number | undefined, at: Instant, detail: RunEventDetail = {}): void {
    const { count = 1, before, after, name } = detail;
    const entry = { kind, pool: pool ?? NONE, at, until: at, events: 1, count, before, after, name };
    const last = this.#entries.at(-1);
    if (last !== undefined && last.until === at && areAlike(last, entry)) {
      const { events } = last;
      this.#entries[this.#entries.length - 1] = { ...merged(last, entry), events };
      return;
    }
    this.#entries.push(entry);
    if (this.#entries.length > this.#limit) this.#fold();
  }

  /** In order of time. */
  list(): RunEventEntry[] {
    return [...this.#entries].sort((one, other) => one.at - other.at);
  }

  #fold(): void {
    const entries = this.list();
    const last = entries.at(-1)!.at;
    while (this.#entries.length > this.#most / 2 && this.#width <= last) {
      this.#width *= 2;
      this.#entries = inCells(entries, this.#width);
    }
    this.#limit = Math.max(this.#most, 2 * this.#entries.length);
  }
}

function areAlike(one: RunEventEntry, other: RunEventEntry): boolean {
  return one.kind === other.kind && one.pool === other.pool;
}

/** Entries in order of time, those that are alike taken together where they begin in one cell. */
function inCells(entries: readonly RunEventEntry[], width: number): RunEventEntry[] {
  const cells = new Map<string, RunEventEntry>();
  for (const entry of entries) {
    const key = `${Math.floor(entry.at / width)} ${entry.kind} ${entry.pool}`;
    const known = cells.get(key);
    cells.set(key, known === undefined ? entry : merged(known, entry));
  }
  return [...cells.values()];
}

function merged(one: RunEventEntry, other: RunEventEntry): RunEventEntry {
  return {
    ...one,
    until: Math.max(one.until, other.until) as Instant,
    events: one.events + other.events,
    count: one.count + other.count,
    after: other.after,
    name: one.name === other.name ? one.name : undefined,
  };
}
