// Where files that a person named can be written, asked before the work is done. Changes nothing.
import { accessSync, constants, lstatSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { SurgefleetError } from "../../core/index.js";
import { isThere, kindOf } from "./look.js";
import { isSticky } from "./marked-files.js";
import { reading, writing } from "./system-errors.js";

export interface NamedOutput {
  /** As the flag that names it is written, for messages. */
  readonly flag?: string | undefined;
  readonly path: string;
}

/**
 * Throws USAGE for a file that the command reads, for one that is named twice, for what is there and no plain file (a
 * directory, a pipe, a device), and where nothing can be written.
 */
export function assertWritable(files: readonly NamedOutput[], inputs: readonly string[]): void {
  const taken = realPaths(inputs);
  for (const { flag, path } of files) {
    const real = writing(path, () => realPath(path));
    const name = flag === undefined ? path : `${flag} ${path}`;
    if (taken.has(real)) throw isTaken(name);
    const found = writing(path, () => lstatSync(real, { throwIfNoEntry: false }));
    if (found?.isSymbolicLink() === true) throw refused(name, "is a link to what is not there");
    if (found !== undefined && !found.isFile()) throw refused(name, "is not a plain file");
    assertFolderWritable(dirname(real), path);
    assertReplaceable(real, path);
    taken.add(real);
  }
}

/** Throws USAGE for a file that the command reads. */
export function assertNotRead(paths: readonly string[], inputs: readonly string[]): void {
  const taken = realPaths(inputs);
  const found = paths.find((path) => taken.has(writing(path, () => realPath(path))));
  if (found !== undefined) throw isTaken(found);
}

function isTaken(name: string): SurgefleetError {
  return refused(name, "is read or written by this command already");
}

function refused(name: string, why: string): SurgefleetError {
  return new SurgefleetError("USAGE", `${name}: this file ${why}`);
}

/** What is there and no plain file, such as a pipe, is where it is named: some have no other place. */
function realPaths(inputs: readonly string[]): Set<string> {
  return new Set(
    inputs.map((path) => (kindOf(path) === "other" ? resolve(path) : reading(path, () => realPath(path)))),
  );
}

/** Throws USAGE for what no file can take the place of. `named` is for messages. */
export function assertReplaceable(path: string, named: string): void {
  const found = writing(named, () => lstatSync(path, { throwIfNoEntry: false }));
  if (found === undefined) return;
  const refuse = (why: string) => new SurgefleetError("USAGE", `cannot write ${named}: ${why}`);
  if (found.isDirectory()) throw refuse("a directory is in the way");
  if (!found.isFile() && !found.isSymbolicLink()) throw refuse("it is not a plain file");
  const user = process.getuid?.() ?? 0;
  const folder = dirname(path);
  if (user === 0 || found.uid === user || statSync(folder).uid === user || !isSticky(folder)) return;
  throw refuse("it belongs to another user, and in this folder only they can replace it");
}

/** Throws USAGE if files could not be written in this folder, which need not be there. `named` is for messages. */
export function assertFolderWritable(path: string, named: string): void {
  const refuse = (why: string) => new SurgefleetError("USAGE", `cannot write ${named}: ${why}`);
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    const found = writing(named, () => statSync(folder, { throwIfNoEntry: false }));
    if (found === undefined && isThere(folder)) throw refuse(`${folder} is a link to what is not there`);
    if (found === undefined && folder !== dirname(folder)) continue;
    if (found?.isDirectory() !== true) throw refuse(`${folder} is not a directory`);
    writing(named, () => accessSync(folder, constants.W_OK | constants.X_OK));
    return;
  }
}

/** Links are followed as far as there is something; what is not there yet is where it would be. */
export function realPath(path: string): string {
  const whole = resolve(path);
  if (statSync(whole, { throwIfNoEntry: false }) !== undefined) return realpathSync(whole);
  const folder = dirname(whole);
  return folder === whole ? whole : join(realPath(folder), basename(whole));
}
