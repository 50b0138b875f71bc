// Where files that a person named can be written, asked before the work is done. Changes nothing.
import { accessSync, constants, lstatSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { SurgefleetError } from "../../core/index.js";
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
  const taken = new Set(inputs.map((path) => reading(path, () => realPath(path))));
  for (const { flag, path } of files) {
    const real = writing(path, () => realPath(path));
    const name = flag === undefined ? path : `${flag} ${path}`;
    const refuse = (why: string) => new SurgefleetError("USAGE", `${name}: this file ${why}`);
    if (taken.has(real)) throw refuse("is read or written by this command already");
    const found = writing(path, () => lstatSync(real, { throwIfNoEntry: false }));
    if (found?.isSymbolicLink() === true) throw refuse("is a link to what is not there");
    if (found !== undefined && !found.isFile()) throw refuse("is not a plain file");
    taken.add(real);
    assertFolderWritable(dirname(real), path);
  }
}

/** Throws USAGE if files could not be written in this folder, which need not be there. `named` is for messages. */
export function assertFolderWritable(path: string, named: string): void {
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    const found = writing(named, () => statSync(folder, { throwIfNoEntry: false }));
    if (found === undefined && folder !== dirname(folder)) continue;
    if (found?.isDirectory() !== true) {
      throw new SurgefleetError("USAGE", `cannot write ${named}: ${folder} is not a directory`);
    }
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
