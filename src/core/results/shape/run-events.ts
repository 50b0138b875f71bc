// What a result holds of an event in its run: when, of what kind, in which pool, and in words. Of several events that
// were taken together it says how many.
import { RUN_EVENTS, type RunEventFamily, type RunEventKind } from "../../base/run-event.js";
import { several } from "../../base/several.js";
import { toSeconds } from "../../base/units.js";
import type { RunEventEntry } from "../ledger/run-events.js";

export interface RunEvent {
  /** Seconds from the start of the run: of the first and of the last. */
  readonly at: number;
  readonly until: number;
  readonly kind: RunEventKind;
  /** Null where it is of no single one. */
  readonly pool: string | null;
  /** How many instances or nodes, or else events. */
  readonly count: number;
  /** Replicas that were wanted before and that are wanted since; left out of what changes neither. */
  readonly before?: number;
  readonly after?: number;
  /** The kind of fault, the model or the type of nodes; left out where there is none, or several. */
  readonly name?: string;
  /** Of those nodes, counted from 1; left out where their type has one. */
  readonly zone?: number;
  /** Where the scenario names the fault that did it. */
  readonly by?: string;
  readonly text: string;
}

type Words = (entry: RunEventEntry) => string;

const named = ({ name }: RunEventEntry) => (name === undefined ? "" : ` ${name}`);
const instances =
  (happens: string): Words =>
  ({ count }) =>
    `${several(count, "instance")} ${happens}`;
const nodes =
  (happens: string): Words =>
  ({ count, name, zone }) => {
    const type = name === undefined ? "" : ` of ${name}`;
    const place = zone === undefined ? "" : ` in zone ${zone}`;
    return `${several(count, "node")}${type}${place} ${happens}`;
  };
const scaled =
  (direction: string): Words =>
  ({ before, after, count }) =>
    `${direction} from ${before ?? "?"} to ${after ?? "?"} wanted replicas${count > 1 ? `, in ${count} steps` : ""}`;
const told =
  (what: string, happens: string): Words =>
  (entry) =>
    entry.count > 1
      ? `${entry.count} ${what}s${named(entry)} ${happens.slice(0, -1)}`
      : `${what}${named(entry)} ${happens}`;

const WORDS: Readonly<Record<RunEventKind, Words>> = {
  "scale-up": scaled("up"),
  "scale-down": scaled("down"),
  "no-gpus": ({ count }) => `no GPUs for ${several(count, "instance")}`,
  "instance-lost": instances("lost"),
  "instance-back": instances("back"),
  "instance-slow": ({ count }) =>
    `${several(count, "instance")} ${count === 1 ? "works" : "work"} at less than full speed`,
  "instance-hung": ({ count }) => `${several(count, "instance")} ${count === 1 ? "hangs" : "hang"}`,
  "node-leaving": nodes("about to go"),
  "node-lost": nodes("lost"),
  "node-back": nodes("back"),
  "fault-begins": told("fault", "begins"),
  "fault-ends": told("fault", "ends"),
  "outage-begins": told("outage", "begins"),
  "outage-ends": told("outage", "ends"),
  launch: (entry) => `launch of ${entry.name ?? several(entry.count, "model")}`,
  retirement: (entry) => `retirement of ${entry.name ?? several(entry.count, "model")}`,
};

/** `pools` are their names, by number. */
export function runEventOf(entry: RunEventEntry, pools: readonly string[]): RunEvent {
  const { at, until, kind, pool, count, before, after, name, zone, by } = entry;
  const words = WORDS[kind](entry);
  return {
    at: toSeconds(at),
    until: toSeconds(until),
    kind,
    pool: pools[pool] ?? null,
    count,
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
    ...(name !== undefined && { name }),
    ...(zone !== undefined && { zone }),
    ...(by !== undefined && { by }),
    text: by === undefined ? words : `${words} (${by})`,
  };
}

/** To which kind of line it belongs. */
export function familyOf({ kind }: RunEvent): RunEventFamily {
  return RUN_EVENTS[kind];
}
