// Writes a few files that people named, all of them or none: under other names first. A file that was read, or that is
// no plain file, is not written over.
import { existsSync, mkdirSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { SurgefleetError } from "../../core/index.js";
import { writing } from "../results/errors.js";

export interface NamedText {
  /** As the flag that names it is written, for messages. */
  readonly flag: string;
  readonly path: string;
  readonly text: string;
}

/** Throws USAGE for names that contradict each other or the `inputs`: best asked before the work is done. */
export function assertWritable(
  files: readonly Pick<NamedText, "flag" | "path">[],
  inputs: readonly string[],
): void {
  const taken = new Set(inputs.map(realPath));
  for (const { flag, path } of files) {
    const real = realPath(path);
    if (taken.has(real)) throw refused(flag, path, "is read or written by this command already");
    if (existsSync(real) && !statSync(real).isFile()) throw refused(flag, path, "is not a plain file");
    taken.add(real);
  }
}

/** Throws as `assertWritable`, and what `writing` throws where writing fails. */
export function writeWhole(files: readonly NamedText[], inputs: readonly string[]): void {
  assertWritable(files, inputs);
  const partials = files.map(({ path }) => `${path}.partial`);
  try {
    for (const [index, { path, text }] of files.entries()) {
      writing(path, () => {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(partials[index]!, text);
      });
    }
    for (const [index, { path }] of files.entries()) writing(path, () => renameSync(partials[index]!, path));
  } finally {
    for (const partial of partials) if (existsSync(partial)) rmSync(partial);
  }
}

function realPath(path: string): string {
  return existsSync(path) ? realpathSync(path) : resolve(path);
}

function refused(flag: string, path: string, why: string): SurgefleetError {
  return new SurgefleetError("USAGE", `${flag} ${path}: this file ${why}`);
}
