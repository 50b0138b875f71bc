// The one way in which files are written: under temporary names beside where they belong, and then all get their names
// together or none does. Whatever ends the process before that, a signal or an error, takes them away; what SIGKILL
// leaves, the next command in the folder clears. Everything is synchronous, so that it can be done on the way out.
import { realpathSync, rmdirSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { holdSignals } from "../signals.js";
import { clearLeftovers, whileAlone } from "./folder-lock.js";
import { isThere } from "./look.js";
import { makeFolders } from "./make-folders.js";
import { markedIn, temporaryName } from "./marked-files.js";
import { assertReplaceable } from "./output-path.js";
import { newMark } from "./process-mark.js";
import { type Replacement, replaceAll } from "./replacement.js";
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
    const asked = dirname(resolve(path));
    // Another command that used the same folder may take it away as its own between the two steps.
    for (let tries = 3; ; tries--) {
      const folder = writing(named, () => this.#make(asked));
      try {
        const temporary = join(folder, temporaryName(this.#mark, this.#files.length));
        const file = new TemporaryFile(temporary, join(folder, basename(path)), named);
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
    const [first] = this.#files;
    if (first !== undefined) {
      const lastName = last === undefined ? undefined : basename(last);
      writing(first.named, () =>
        whileAlone(
          [...this.#folders],
          (locks) =>
            replaceAll(locks.home, this.#mark, this.#replacements(lastName, stale()), () => locks.renew()),
          { mark: this.#mark },
        ),
      );
    }
    this.#end();
  }

  /** Takes away everything that has no name yet. Never throws. */
  discard(): void {
    for (const file of this.#files) file.discard();
    for (const made of this.#made) removeEmpty(made);
    this.#end();
  }

  /** Throws USAGE for what cannot be replaced. */
  #replacements(last: string | undefined, stale: readonly string[]): Replacement[] {
    const gone = stale.map((path): Replacement => {
      return { folder: realpathSync(dirname(path)), name: basename(path), temporary: undefined, named: path };
    });
    const given = this.#files.map(({ path, target, named }): Replacement => {
      return { folder: dirname(target), name: basename(target), temporary: basename(path), named };
    });
    const isLast = ({ name }: Replacement) => Number(name === last);
    const all = [...gone, ...given.sort((left, right) => isLast(left) - isLast(right))];
    for (const { folder, name, named } of all) assertReplaceable(join(folder, name), named);
    return all;
  }

  /** Its real path. */
  #make(asked: string): string {
    const top = makeFolders(asked);
    if (top !== undefined) this.#made.push({ top, bottom: asked });
    const folder = realpathSync(asked);
    if (!this.#folders.has(folder)) clearEarly(folder);
    this.#folders.add(folder);
    return folder;
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

/** Now, since leftovers may fill the disk. Where another command is at work it has done so itself. */
function clearEarly(folder: string): void {
  try {
    if (markedIn(folder).length > 0) clearLeftovers([folder]);
  } catch {
    // What has to be taken back before anything gets a name there is an error then.
  }
}

function removeEmpty({ top, bottom }: { readonly top: string; readonly bottom: string }): void {
  try {
    for (let folder = bottom; folder.length >= top.length; folder = dirname(folder)) rmdirSync(folder);
  } catch (error) {
    // Something has been put there meanwhile, or it is gone already.
    if (codeOf(error) === undefined) throw error;
  }
}
