// What a result holds of an event in its run: when, of what kind, in which pool, and in words. Of several events that
// were taken together it says how many.
import { RUN_EVENTS, type RunEventFamily, type RunEventKind } from "../../base/run-event.js";
import { toSeconds } from "../../base/units.js";
import type { RunEventEntry } from "../ledger/run-events.js";

export interface RunEvent {
  /** Seconds from the start of the run: of the first and of the last. */
  readonly at: number;
  readonly until: number;
  readonly kind: RunEventKind;
  /** Null where it is of no single one. */
  readonly pool: string | null;
  /** How many events this is. */
  readonly count: number;
  /** Replicas that were wanted before and that are wanted since; left out of what changes neither. */
  readonly before?: number;
  readonly after?: number;
  readonly text: string;
}

type Words = (entry: RunEventEntry) => string;

const named = ({ name }: RunEventEntry) => (name === undefined ? "" : ` ${name}`);
const several = (count: number, what: string) => `${count} ${what}${count === 1 ? "" : "s"}`;
const things =
  (what: string, happens: string): Words =>
  (entry) =>
    `${several(entry.count, what)}${named(entry)} ${happens}`;
const scaled =
  (direction: string): Words =>
  ({ before, after, events }) =>
    `${direction} from ${before ?? "?"} to ${after ?? "?"} wanted replicas${events > 1 ? `, in ${events} steps` : ""}`;
const told =
  (what: string, happens: string): Words =>
  (entry) =>
    entry.events > 1
      ? `${entry.events} ${what}s${named(entry)} ${happens.slice(0, -1)}`
      : `${what}${named(entry)} ${happens}`;

const WORDS: Readonly<Record<RunEventKind, Words>> = {
  "scale-up": scaled("up"),
  "scale-down": scaled("down"),
  "no-gpus": ({ count }) => `no GPUs for ${several(count, "instance")}`,
  "instance-lost": things("instance", "lost"),
  "instance-back": things("instance", "back"),
  "node-leaving": things("node", "about to go"),
  "node-lost": things("node", "lost"),
  "node-back": things("node", "back"),
  "fault-begins": told("fault", "begins"),
  "fault-ends": told("fault", "ends"),
  "outage-begins": told("outage", "begins"),
  "outage-ends": told("outage", "ends"),
  launch: (entry) => `launch of ${entry.name ?? several(entry.events, "model")}`,
  retirement: (entry) => `retirement of ${entry.name ?? several(entry.events, "model")}`,
};

/** `pools` are their names, by number. */
export function runEventOf(entry: RunEventEntry, pools: readonly string[]): RunEvent {
  const { at, until, kind, pool, events, before, after } = entry;
  return {
    at: toSeconds(at),
    until: toSeconds(until),
    kind,
    pool: pools[pool] ?? null,
    count: events,
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
    text: WORDS[kind](entry),
  };
}

/** To which kind of line it belongs. */
export function familyOf({ kind }: RunEvent): RunEventFamily {
  return RUN_EVENTS[kind];
}
