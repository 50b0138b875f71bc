// Lets one command at a time give files their names in some folders, so that two with the same output do not mix. A
// command that wants to makes a file with its own mark in each of them and then looks around: where it finds another's,
// both step back and try again. No two ever make the same file, so that what a killed one has left is removed safely.
import { randomInt } from "node:crypto";
import { closeSync, constants, lstatSync, openSync, readFileSync, writeSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { SurgefleetError } from "../../core/index.js";
import { writeDurably } from "./durable.js";
import { lockName, type Marked, markedIn } from "./marked-files.js";
import { isGone, newMark } from "./process-mark.js";
import { removeIfPossible, type Unfinished, unfinishedIn } from "./replacement.js";
import { codeOf } from "./system-errors.js";
import { sleep, waitFor } from "./waiting.js";

/** Giving names takes milliseconds. A command of another machine whose lock is older than this was killed. */
const ABANDONED_MS = 30_000;
/** A command that goes on says so this often. */
const RENEWED_MS = 5000;
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
  let all = sorted(folders);
  const look = () => {
    const found = tryLock(all, mark);
    if (found instanceof FolderLocks) return found;
    all = sorted([...all, ...found]);
    return undefined;
  };
  // By chance, so that two which have stepped back do not meet again.
  const locks = waitFor(look, { patienceMs, pause: () => sleep(randomInt(2, 12)) });
  if (locks === undefined) throw busy(all);
  try {
    return action(locks);
  } finally {
    locks.release();
  }
}

/** Whether a command in this folder is half way, so that what lies there does not belong together. */
export function isHalfWay(folder: string): boolean {
  return unfinishedOf(markedIn(folder)).length > 0;
}

/** Whether one that is half way was killed, as far as can be told from here. */
export function isAbandoned(folder: string): boolean {
  return unfinishedOf(markedIn(folder)).some(({ marks }) => isKilled(marks, Date.now()));
}

/** The marks that a command has left in one folder, and what it had begun. */
interface Begun {
  readonly marks: readonly Marked[];
  readonly unfinished: Unfinished;
}

/** The locks, or further folders that have to be locked as well. */
function tryLock(folders: readonly string[], mark: string): FolderLocks | string[] {
  const locks = new FolderLocks(folders, mark);
  try {
    const killed = folders.flatMap((folder) => killedIn(folder, locks));
    if (killed.includes(undefined)) return released(locks, []);
    const marks = killed as Marked[];
    const begun = unfinishedOf(marks);
    const others = begun.flatMap(({ unfinished }) =>
      unfinished.folders.filter((one) => !folders.includes(one)),
    );
    if (others.length > 0) return released(locks, others);
    for (const { unfinished } of begun) takeBack(unfinished);
    // Locks last: they lead to the record.
    const isLock = ({ kind }: Marked) => Number(kind === "lock");
    for (const one of marks.sort((left, right) => isLock(left) - isLock(right))) {
      removeIfPossible(join(one.folder, one.name));
    }
    return locks;
  } catch (error) {
    locks.release();
    throw error;
  }
}

function released(locks: FolderLocks, others: string[]): string[] {
  locks.release();
  return others;
}

/** Everything that killed commands have left in a folder; undefined stands for a command that is at work there. */
function killedIn(folder: string, locks: FolderLocks): (Marked | undefined)[] {
  const now = locks.madeAt(folder);
  return [...byMark(markedIn(folder)).entries()].flatMap(([mark, marks]): (Marked | undefined)[] => {
    if (mark === locks.mark) return [];
    if (isKilled(marks, now)) return marks;
    return marks.some(isHold) ? [undefined] : [];
  });
}

const isHold = ({ kind }: Marked) => kind === "lock" || kind === "record";

/** All of one mark. `now` is by the clock of the file system, which may not be the one of this machine. */
function isKilled(marks: readonly Marked[], now: number): boolean {
  const holds = marks.filter(isHold);
  const newest = Math.max(...(holds.length > 0 ? holds : marks).map(({ modifiedMs }) => modifiedMs));
  return isGone(marks[0]!.mark, () => now - newest, holds.length > 0 ? ABANDONED_MS : undefined);
}

function unfinishedOf(marks: readonly Marked[]): Begun[] {
  return [...byMark(marks).values()].flatMap((own) => {
    const unfinished = own.some(isHold) ? unfinishedFrom(own[0]!) : undefined;
    return unfinished === undefined ? [] : [{ marks: own, unfinished }];
  });
}

/** What the command had begun that has a lock or a record in this folder. */
function unfinishedFrom({ folder, mark }: Marked): Unfinished | undefined {
  const home = homeOf(folder, mark) ?? folder;
  // A record is believed only of folders that lead to it: someone else may have put it there.
  return unfinishedIn(home, mark, (one) => one === home || homeOf(one, mark) === home);
}

/** The folder with the record, as a lock says; undefined where there is no lock. */
function homeOf(folder: string, mark: string): string | undefined {
  try {
    const text = readFileSync(join(folder, lockName(mark)), "utf8").trim();
    return text === "" ? folder : resolve(folder, String(JSON.parse(text)));
  } catch (error) {
    if (codeOf(error) === undefined || codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

function byMark(all: readonly Marked[]): Map<string, Marked[]> {
  const groups = new Map<string, Marked[]>();
  for (const one of all) groups.set(one.mark, [...(groups.get(one.mark) ?? []), one]);
  return groups;
}

function takeBack({ folders, takeBack }: Unfinished): void {
  try {
    takeBack();
  } catch (error) {
    const why = `what a killed command had begun there cannot be taken back: ${(error as Error).message}`;
    throw new SurgefleetError("USAGE", `cannot write in ${folders.join(" and ")}: ${why}`);
  }
}

/** The locks of one command. The first folder is the one with its record, to which the locks in the others lead. */
export class FolderLocks {
  readonly mark: string;
  readonly home: string;
  readonly #paths: string[] = [];
  #renewedAt = performance.now();

  /** Throws what the system says, and leaves none then. */
  constructor(folders: readonly string[], mark: string) {
    this.mark = mark;
    this.home = folders[0]!;
    try {
      for (const folder of folders) this.#make(folder);
    } catch (error) {
      this.release();
      throw error;
    }
  }

  /** By the clock of the file system. */
  madeAt(folder: string): number {
    return lstatSync(this.#pathIn(folder)).mtimeMs;
  }

  /** To be called again and again in what may take long. Throws USAGE where another command took this one for killed. */
  renew(): void {
    if (performance.now() - this.#renewedAt < RENEWED_MS) return;
    this.#renewedAt = performance.now();
    for (const path of this.#paths) touch(path);
  }

  release(): void {
    for (const path of this.#paths) removeIfPossible(path);
  }

  #make(folder: string): void {
    const path = this.#pathIn(folder);
    this.#paths.push(path);
    if (folder === this.home) closeSync(openSync(path, "wx"));
    else writeDurably(path, JSON.stringify(relative(folder, this.home)));
  }

  #pathIn(folder: string): string {
    return join(folder, lockName(this.mark));
  }
}

/** By a newline at the end of a file that is there, so that the file system says when. */
function touch(path: string): void {
  try {
    const descriptor = openSync(path, constants.O_WRONLY | constants.O_APPEND);
    try {
      writeSync(descriptor, "\n");
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
    throw new SurgefleetError("USAGE", `cannot write ${path}: another command took this one for killed`);
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
  const why = `another command has been writing there for long; if none is, take ${names.join(" and ")} away`;
  return new SurgefleetError("USAGE", `cannot write in ${folders.join(" and ")}: ${why}`);
}
