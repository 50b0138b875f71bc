// The events of a run, as a list that stays short however many there are: what is alike and happens close together is
// one entry that says how many and until when. How close grows as the list does, and nothing is ever left out.
import { NONE } from "../../base/none.js";
import type { RunEventDetail, RunEventKind } from "../../base/run-event.js";
import type { Instant } from "../../base/units.js";

/** One event, or several of one kind in one pool: at one instant, those that name the same; else whatever they name. */
export interface RunEventEntry {
  readonly kind: RunEventKind;
  /** By its number; NONE where it is of no single one. */
  readonly pool: number;
  /** The first and the last of them. */
  readonly at: Instant;
  readonly until: Instant;
  /** How many: three instances that are lost at once are three. */
  readonly count: number;
  /** Before the first and after the last of them; undefined where nothing is counted. */
  readonly before: number | undefined;
  readonly after: number | undefined;
  /** Undefined where there is none, or several. */
  readonly name: string | undefined;
  readonly zone: number | undefined;
  readonly by: string | undefined;
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
    const { count = 1, before, after, name, zone, by } = detail;
    const entry = { kind, pool: pool ?? NONE, at, until: at, count, before, after, name, zone, by };
    // What an instant brings may come by turns: a node is lost, then what was on it, then the next node of its rack.
    for (let last = this.#entries.length - 1; last >= 0; last--) {
      const known = this.#entries[last]!;
      if (known.until !== at) break;
      if (!areAlike(known, entry)) continue;
      this.#entries[last] = merged(known, entry);
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
  return one.kind === other.kind && one.pool === other.pool && one.name === other.name;
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
    count: one.count + other.count,
    after: other.after,
    name: one.name === other.name ? one.name : undefined,
    zone: one.zone === other.zone ? one.zone : undefined,
    by: one.by === other.by ? one.by : undefined,
  };
}
