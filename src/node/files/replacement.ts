// Gives files their names, all or none. What had a name before is set aside first, and a record says how to take
// everything back: in this process where a step fails, and by the next command where this one is killed. As soon as the
// record is gone, all have their names. To be called while no other command does so in the same folders.
import { linkSync, lstatSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { synchronizeFolder, writeDurably } from "./durable.js";
import { isThere } from "./look.js";
import { oldName, recordName } from "./marked-files.js";
import { recordText, type Step, stepsIn } from "./replacement-record.js";
import { codeOf, writing } from "./system-errors.js";

/** A file that gets a name, or a name that goes. */
export interface Replacement {
  readonly folder: string;
  readonly name: string;
  /** Of the file that gets the name, in the same folder; undefined where the name goes. */
  readonly temporary: string | undefined;
  /** For messages. */
  readonly named: string;
}

/**
 * The record lies in `home`, which is one of the folders. `renew` is called before every step. Throws USAGE for the
 * file that cannot get its name, and then all is as it was.
 */
export function replaceAll(
  home: string,
  mark: string,
  replacements: readonly Replacement[],
  renew: () => void,
): void {
  const [first] = replacements;
  if (first === undefined) return;
  if (replacements.length === 1 && first.temporary !== undefined) {
    const { folder, name, temporary, named } = first;
    // Happens or does not, all by itself.
    writing(named, () => renameSync(join(folder, temporary), join(folder, name)));
    return;
  }
  const steps = replacements.map(({ folder, name, temporary = null }, index): Step => {
    const aside = join(folder, oldName(mark, index));
    return { folder, name, temporary, wasThere: isThere(join(folder, name)), aside };
  });
  const record = join(home, recordName(mark));
  try {
    writing(first.named, () => writeDurably(record, recordText(home, steps)));
    for (const [index, step] of steps.entries()) {
      renew();
      writing(replacements[index]!.named, () => takeStep(step));
    }
    for (const folder of new Set(steps.map((step) => step.folder))) synchronizeFolder(folder);
    writing(first.named, () => rmSync(record));
  } catch (error) {
    takeBackIfPossible(record, steps);
    throw error;
  }
  // What is set aside must not be gone from the disk while the record is there.
  synchronizeFolder(home);
  for (const { aside } of steps) removeIfPossible(aside);
}

function takeStep({ folder, name, temporary, wasThere, aside }: Step): void {
  const target = join(folder, name);
  if (wasThere && temporary === null) renameSync(target, aside);
  else if (wasThere) setAside(target, aside);
  if (temporary !== null) renameSync(join(folder, temporary), target);
}

/** By a second link, so that the name is never without a file, where the system makes one. */
function setAside(target: string, aside: string): void {
  if (!isLinked(target, aside)) renameSync(target, aside);
}

function isLinked(target: string, aside: string): boolean {
  try {
    // Some systems would link to what a link leads to.
    if (!lstatSync(target).isFile()) return false;
    linkSync(target, aside);
    return true;
  } catch {
    // A file system without them, or the file of another user.
    return false;
  }
}

/** Throws what the system says. Where it was done before, wholly or in part, the rest is done. */
function takeBack(steps: readonly Step[]): void {
  for (const { folder, name, temporary, wasThere, aside } of [...steps].reverse()) {
    const target = join(folder, name);
    if (wasThere && isThere(aside)) renameSync(aside, target);
    const isNew = !wasThere && temporary !== null && !isThere(join(folder, temporary));
    if (isNew) rmSync(target, { force: true });
  }
  for (const folder of new Set(steps.map((step) => step.folder))) synchronizeFolder(folder);
}

function takeBackIfPossible(record: string, steps: readonly Step[]): void {
  try {
    // Nothing has begun, or another command took this one for killed and has taken it back.
    if (!isThere(record)) return;
    takeBack(steps);
    rmSync(record, { force: true });
    for (const { aside } of steps) removeIfPossible(aside);
  } catch {
    // The record stays, and the next command takes it back.
  }
}

/** What a killed command was about to do, as its record says. */
export interface Unfinished {
  /** All folders in which it gives names, the one with the record among them. */
  readonly folders: readonly string[];
  /** Throws what the system says. */
  readonly takeBack: () => void;
}

/**
 * Undefined where there is no record or it was not written to its end: nothing has begun then. What it says of folders
 * that are not `believed` does not count.
 */
export function unfinishedIn(
  home: string,
  mark: string,
  believed: (folder: string) => boolean,
): Unfinished | undefined {
  const path = join(home, recordName(mark));
  const text = textOf(path);
  const steps = text && stepsIn(text, home, mark)?.filter(({ folder }) => believed(folder));
  if (!steps) return undefined;
  return {
    folders: [...new Set([home, ...steps.map(({ folder }) => folder)])],
    takeBack: () => {
      takeBack(steps);
      rmSync(path, { force: true });
    },
  };
}

/** Undefined where there is none, or none any more. Throws what the system says. */
function textOf(path: string): string | undefined {
  try {
    return statSync(path).isFile() ? readFileSync(path, "utf8") : undefined;
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return undefined;
    throw error;
  }
}

export function removeIfPossible(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It stays, and the next command tries again.
  }
}
