// Lets one command at a time give files their names in some folders, so that two with the same output do not mix. To
// lock a folder, a command makes a file with its own mark there and then looks around: where two find each other, both
// step back and try again. No two ever make the same file, so that what a killed one has left is removed without a
// race.
import { randomInt } from "node:crypto";
import { join } from "node:path";
import { SurgefleetError } from "../../core/index.js";
import { clear, isHold, othersIn, unfinishedOf } from "./leftovers.js";
import { FolderLocks } from "./lock-files.js";
import { markedIn } from "./marked-files.js";
import { newMark } from "./process-mark.js";
import { sleep, waitFor } from "./waiting.js";

/** Longer than it takes to tell that a command of another machine was killed. */
const PATIENCE_MS = 60_000;

export interface LockOptions {
  readonly mark?: string;
  readonly patienceMs?: number;
}

/**
 * Runs the action while no other command does so in one of these folders, given by their real paths, and after what a
 * killed one had begun there was taken back. Throws USAGE where another one goes on for longer than the patience or
 * cannot be taken back, and what the system says where nothing can be written.
 */
export function whileAlone<Value>(
  folders: readonly string[],
  action: (locks: FolderLocks) => Value,
  { mark = newMark(), patienceMs = PATIENCE_MS }: LockOptions = {},
): Value {
  const all = sorted(folders);
  // By chance, so that two which have stepped back do not meet again.
  const pause = () => sleep(randomInt(2, 12));
  const locks = waitFor(() => tryLockAll(all, mark), { patienceMs, pause });
  if (locks === undefined) throw busy(all);
  try {
    return action(locks);
  } finally {
    locks.release();
  }
}

/**
 * Takes back what a killed command had begun in these folders and takes away what it has left; false where another
 * command is at work. Throws USAGE where that is not possible, and what the system says where nothing can be written.
 */
export function clearLeftovers(folders: readonly string[]): boolean {
  const locks = tryLockAll(sorted(folders), newMark());
  locks?.release();
  return locks !== undefined;
}

/**
 * Those of further folders as well, where what had been begun goes beyond these; undefined where another is at work.
 */
function tryLockAll(folders: readonly string[], mark: string): FolderLocks | undefined {
  const found = tryLock(folders, mark);
  if (found instanceof FolderLocks) return found;
  return found.length === 0 ? undefined : tryLockAll(sorted([...folders, ...found]), mark);
}

/** The locks, or further folders that have to be locked as well; none of these where another command is at work. */
function tryLock(folders: readonly string[], mark: string): FolderLocks | readonly string[] {
  const locks = new FolderLocks(folders, mark);
  let isMine = false;
  try {
    const others = folders.map((folder) => othersIn(folder, mark, locks.madeAt(folder)));
    if (others.some(({ isBusy }) => isBusy)) return [];
    const killed = others.flatMap((one) => one.killed);
    const unfinished = unfinishedOf(killed);
    const further = unfinished.flatMap((one) => one.folders).filter((one) => !folders.includes(one));
    if (further.length > 0) return further;
    clear(killed, unfinished);
    isMine = true;
    return locks;
  } finally {
    if (!isMine) locks.release();
  }
}

function sorted(folders: readonly string[]): string[] {
  return [...new Set(folders)].sort();
}

function busy(folders: readonly string[]): SurgefleetError {
  const names = folders.flatMap((folder) =>
    markedIn(folder)
      .filter(isHold)
      .map(({ name }) => join(folder, name)),
  );
  const remedy = names.length === 0 ? "" : `; if none is, take ${names.join(" and ")} away`;
  const why = `another command has been writing there for long${remedy}`;
  return new SurgefleetError("USAGE", `cannot write in ${folders.join(" and ")}: ${why}`);
}
