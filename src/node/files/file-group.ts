// The one way in which files are written: under temporary names beside where they belong, and then all get their names
// together or none does. Whatever ends the process before that, a signal or an error, takes them away; what SIGKILL
// leaves, the next command in the folder clears. Everything is synchronous, so that it can be done on the way out.
import { lstatSync, mkdirSync, renameSync, rmdirSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { SurgefleetError } from "../../core/index.js";
import { holdSignals } from "../signals.js";
import { change, clearLeftovers, type FolderChange, temporaryName, whileClear } from "./leftovers.js";
import { newMark } from "./process-mark.js";
import { codeOf, writing } from "./system-errors.js";
import { TemporaryFile } from "./temporary-file.js";

/** Those with files under temporary names. */
const open = new Set<FileGroup>();

function discardAll(): void {
  for (const group of open) group.discard();
}

export interface CommitOptions {
  /** Gets its name after all others. */
  readonly last?: string;
  /** Asked when no other command gives names in these folders: files of an earlier result, which go. */
  readonly stale?: () => readonly string[];
}

export class FileGroup {
  readonly #mark = newMark();
  readonly #files: TemporaryFile[] = [];
  readonly #folders = new Set<string>();
  /** Topmost folders that were made for the files, to be taken away again if nothing comes of it. */
  readonly #made: { readonly top: string; readonly bottom: string }[] = [];
  #release = () => {};

  /** Begins a file, and makes its folder if it is not there yet. `named` is for messages. Throws USAGE. */
  open(path: string, named = path): TemporaryFile {
    if (!open.has(this)) this.#begin();
    const folder = dirname(resolve(path));
    const temporary = resolve(folder, temporaryName(this.#mark, this.#files.length));
    // Another command that used the same folder may take it away as its own between the two steps.
    for (let tries = 3; ; tries--) {
      writing(named, () => this.#make(folder));
      try {
        const file = new TemporaryFile(temporary, path, named);
        this.#files.push(file);
        return file;
      } catch (error) {
        if (tries === 0 || isThere(folder)) throw error;
      }
    }
  }

  /** Gives every file its name. Throws USAGE, and then none has it. */
  commit({ last, stale = () => [] }: CommitOptions = {}): void {
    for (const file of this.#files) file.finish();
    const folders = [...this.#folders].sort();
    const rename = () => {
      const gone = stale();
      for (const { target, named } of this.#files) assertReplaceable(target, named);
      for (const path of gone) assertReplaceable(path, path);
      const changes = folders.map((folder) => this.#changeIn(folder, last, gone));
      change(this.#mark, changes);
    };
    const [first] = this.#files;
    if (this.#files.length === 1 && last === undefined && first !== undefined) {
      assertReplaceable(first.target, first.named);
      writing(first.named, () => renameSync(first.path, first.target));
    } else {
      // All in one order, so that no two commands wait for each other.
      const locked = folders.reduceRight((then, folder) => () => whileClear(folder, then), rename);
      writing(last ?? first?.named ?? "nothing", locked);
    }
    this.#end();
  }

  /** Takes away everything that has no name yet. Never throws. */
  discard(): void {
    for (const file of this.#files) file.discard();
    for (const made of this.#made) removeEmpty(made);
    this.#end();
  }

  #changeIn(folder: string, last: string | undefined, stale: readonly string[]): FolderChange {
    const isHere = (path: string) => dirname(resolve(path)) === folder;
    const here = this.#files.filter(({ target }) => isHere(target));
    const ordered = [
      ...here.filter(({ target }) => target !== last),
      ...here.filter(({ target }) => target === last),
    ];
    return {
      folder,
      renames: ordered.map(({ path, target }) => [basename(path), basename(target)] as const),
      stale: stale.filter(isHere).map((path) => basename(path)),
    };
  }

  #make(folder: string): void {
    const top = mkdirSync(folder, { recursive: true });
    if (top !== undefined) this.#made.push({ top, bottom: folder });
    if (!this.#folders.has(folder)) clearLeftovers(folder);
    this.#folders.add(folder);
  }

  #begin(): void {
    if (open.size === 0) process.on("exit", discardAll);
    open.add(this);
    this.#release = holdSignals();
  }

  #end(): void {
    if (!open.delete(this)) return;
    if (open.size === 0) process.off("exit", discardAll);
    this.#files.length = 0;
    this.#made.length = 0;
    this.#release();
  }
}

function assertReplaceable(path: string, named: string): void {
  const found = writing(named, () => lstatSync(path, { throwIfNoEntry: false }));
  if (found === undefined || found.isFile() || found.isSymbolicLink()) return;
  const what = found.isDirectory() ? "a directory is in the way" : "it is not a plain file";
  throw new SurgefleetError("USAGE", `cannot write ${named}: ${what}`);
}

function isThere(folder: string): boolean {
  return lstatSync(folder, { throwIfNoEntry: false }) !== undefined;
}

function removeEmpty({ top, bottom }: { readonly top: string; readonly bottom: string }): void {
  try {
    for (let folder = bottom; folder.length >= top.length; folder = dirname(folder)) rmdirSync(folder);
  } catch (error) {
    // Something has been put there meanwhile, or it is gone already.
    if (codeOf(error) === undefined) throw error;
  }
}
