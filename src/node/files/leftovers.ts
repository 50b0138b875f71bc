// What a killed command leaves in a folder, and how the next one clears it away: temporary files go, and a set of files
// that had begun to get their names is finished, since all of it was written. Nothing that carries another name than
// those given here, and nothing of a process that is still there, is touched.
import { lstatSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { SurgefleetError } from "../../core/index.js";
import { LOCK_FILE, whileLocked } from "./folder-lock.js";
import { isGone, MARK } from "./process-mark.js";
import { readText } from "./read-text.js";
import { codeOf, reading } from "./system-errors.js";

const OURS = new RegExp(`^\\.surgefleet-(${MARK.source})\\.(\\d+\\.tmp|commit|break)$`);

export const temporaryName = (mark: string, index: number) => `.surgefleet-${mark}.${index}.tmp`;
/** Set on folders in which all users may make files, and only remove their own. */
const STICKY = 0o1000;

const journalName = (mark: string) => `.surgefleet-${mark}.commit`;

/** How the files of one folder change: temporary names become names, and stale files go. Names without folders. */
export interface FolderChange {
  readonly folder: string;
  readonly renames: readonly (readonly [from: string, to: string])[];
  readonly stale: readonly string[];
}

/**
 * Makes the changes. They are written down before the first, so that the next command in a folder completes what this
 * process was killed in. To be called while the folders are locked.
 */
export function change(mark: string, changes: readonly FolderChange[]): void {
  const journal = (folder: string) => join(folder, journalName(mark));
  try {
    // A journal that was cut off is no JSON: nothing has begun then.
    for (const { folder, ...steps } of changes) {
      writeFileSync(journal(folder), JSON.stringify(steps), { flag: "wx" });
    }
    for (const { folder, stale, renames } of changes) {
      for (const name of stale) rmSync(join(folder, name), { force: true });
      for (const [from, to] of renames) renameSync(join(folder, from), join(folder, to));
    }
  } finally {
    for (const { folder } of changes) rmSync(journal(folder), { force: true });
  }
}

/** Runs the action while no other command gives files their names here, once what killed ones left is cleared. */
export function whileClear<Value>(folder: string, action: () => Value, patienceMs?: number): Value {
  const cleared = () => {
    clear(folder);
    return action();
  };
  return whileLocked(folder, cleared, patienceMs);
}

/** Clears away what killed commands have left. Does nothing where a running one is at work: it does so itself. */
export function clearLeftovers(folder: string): void {
  try {
    const isLocked = readdirSync(folder).includes(LOCK_FILE);
    if (isLocked || leftIn(folder).length > 0) whileClear(folder, () => {}, 0);
  } catch {
    // No reason not to write: it stays until a command may read this folder and take files out of it.
  }
}

/**
 * Waits until no command gives files their names here, and finishes what a killed one had begun: what is read then
 * belongs together. Throws NOT_FOUND where it does not.
 */
export function settle(folder: string): void {
  if (!isUnderWay(folder)) return;
  try {
    whileClear(folder, () => {});
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
  }
  if (!leftIn(folder).some(({ kind }) => kind === "commit")) return;
  const why = "a command that wrote there was killed half way, and nothing can be written there to finish it";
  throw new SurgefleetError("NOT_FOUND", `cannot read ${folder}: ${why}`);
}

function isUnderWay(folder: string): boolean {
  return reading(folder, () => readdirSync(folder)).some((name) => OURS.exec(name)?.[2] === "commit");
}

interface Leftover {
  readonly mark: string;
  readonly name: string;
  readonly kind: string;
}

function leftIn(folder: string): Leftover[] {
  // In a folder such as /tmp other users have no say in what becomes of this one's files.
  const isEveryones = (statSync(folder).mode & STICKY) !== 0;
  return readdirSync(folder).flatMap((name) => {
    const [, mark, kind] = OURS.exec(name) ?? [];
    if (mark === undefined || kind === undefined) return [];
    const found = lstatSync(join(folder, name), { throwIfNoEntry: false });
    if (found === undefined || (isEveryones && found.uid !== process.getuid?.())) return [];
    return isGone(mark, () => Date.now() - found.mtimeMs) ? [{ mark, name, kind }] : [];
  });
}

/** Journals first: they need the temporary files. */
function clear(folder: string): void {
  const left = leftIn(folder);
  for (const { kind, name, mark } of left) if (kind === "commit") finish(folder, name, mark);
  for (const { name } of left) attempt(() => rmSync(join(folder, name), { force: true }));
}

/** Each step may have been done already. */
function finish(folder: string, journal: string, mark: string): void {
  const change = changeIn(join(folder, journal));
  if (change === undefined) return;
  for (const name of change.stale) {
    if (isBare(name)) attempt(() => rmSync(join(folder, name), { force: true }));
  }
  for (const [from, to] of change.renames) {
    const isTheirs = OURS.exec(from)?.[1] === mark && isBare(to);
    if (isTheirs && statSync(join(folder, from), { throwIfNoEntry: false }) !== undefined) {
      attempt(() => renameSync(join(folder, from), join(folder, to)));
    }
  }
}

/** One that another user has left, or a folder in the way, must not keep the others from being cleared away. */
function attempt(step: () => void): void {
  try {
    step();
  } catch {
    // It stays, and the next command tries again.
  }
}

/** Undefined where it was not written to its end. */
function changeIn(path: string): Omit<FolderChange, "folder"> | undefined {
  try {
    return JSON.parse(readText(path)) as FolderChange;
  } catch {
    return undefined;
  }
}

function isBare(name: string): boolean {
  return basename(name) === name && name !== "." && name !== "..";
}
