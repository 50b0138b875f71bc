// Lets one command at a time give files their names in a folder, so that two with the same output do not mix. The lock
// is a link that leads nowhere: made in one step or not at all, its text is the mark of the process that holds it.
import { lstatSync, readlinkSync, symlinkSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { SurgefleetError } from "../../core/index.js";
import { isGone, MARK, newMark } from "./process-mark.js";
import { codeOf } from "./system-errors.js";

export const LOCK_FILE = ".surgefleet.lock";
/** The right to take away the lock of one process that is gone. */
const breakName = (mark: string) => `.surgefleet-${mark}.break`;

/** Renaming takes milliseconds: a process of another machine that holds a lock longer was killed. */
const LONGEST_HELD_MS = 60_000;
const POLL_MS = 5;
const MOST_DEPTH = 10;

/** File systems without links: what is written there is not guarded. */
const NO_LINKS: readonly (string | undefined)[] = ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"];

/**
 * Runs the action while no other command does so in this folder. Throws USAGE where another one goes on for longer than
 * `patienceMs`, and what the system says where nothing can be written.
 */
export function whileLocked<Value>(folder: string, action: () => Value, patienceMs = 20_000): Value {
  return holding(join(folder, LOCK_FILE), action, {
    folder,
    until: performance.now() + patienceMs,
    depth: 0,
  });
}

interface Attempt {
  readonly folder: string;
  readonly until: number;
  /** How many were killed while they took the lock away from another that was killed. */
  readonly depth: number;
}

function holding<Value>(path: string, action: () => Value, attempt: Attempt): Value {
  const { folder, until, depth } = attempt;
  const mark = newMark();
  for (;;) {
    const code = tryLink(mark, path);
    if (code === undefined) break;
    if (NO_LINKS.includes(code)) return action();
    const holder = holderOf(path);
    // Given back meanwhile.
    if (holder === undefined) continue;
    if (depth < MOST_DEPTH && isHolderGone(holder, path)) {
      // Two that find it may not both take it away: the second would take the lock of whose turn it is by then.
      const right = join(folder, breakName(holder));
      const take = () => holderOf(path) === holder && unlinkSync(path);
      holding(right, take, { ...attempt, depth: depth + 1 });
      continue;
    }
    if (performance.now() > until) throw busy(path, folder);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL_MS);
  }
  try {
    return action();
  } finally {
    if (holderOf(path) === mark) unlinkSync(path);
  }
}

/** The system's code, where it did not succeed. */
function tryLink(mark: string, path: string): string | undefined {
  try {
    symlinkSync(mark, path);
    return undefined;
  } catch (error) {
    const code = codeOf(error);
    if (code === "EEXIST" || NO_LINKS.includes(code)) return code;
    throw error;
  }
}

/** Undefined where there is none. A file of another program under this name is never taken away. */
function holderOf(path: string): string | undefined {
  try {
    const text = readlinkSync(path);
    if (new RegExp(`^${MARK.source}$`).test(text)) return text;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    if (codeOf(error) !== "EINVAL") throw error;
  }
  throw new SurgefleetError("USAGE", `${path} is in the way: surgefleet did not make it, so it stays`);
}

function isHolderGone(mark: string, path: string): boolean {
  const age = () => Date.now() - (lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
  return isGone(mark, age, LONGEST_HELD_MS);
}

function busy(path: string, folder: string): SurgefleetError {
  const why = `another command has been writing there for long; if none is, take ${path} away`;
  return new SurgefleetError("USAGE", `cannot write in ${folder}: ${why}`);
}
