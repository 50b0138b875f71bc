// A folder that gets all files of a run or none, the manifest last. Knows names, not what the files say.
import { existsSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { SurgefleetError } from "../../core/index.js";
import { FileGroup } from "../files/file-group.js";
import { whileAlone } from "../files/folder-lock.js";
import { kindOf } from "../files/look.js";
import { assertFolderWritable, assertNotRead, assertReplaceable } from "../files/output-path.js";
import { writing } from "../files/system-errors.js";
import type { TemporaryFile, WrittenFile } from "../files/temporary-file.js";

export class ResultFolder {
  readonly path: string;
  readonly #group = new FileGroup();
  readonly #files = new Map<string, TemporaryFile>();

  constructor(path: string) {
    this.path = path;
  }

  /** Throws USAGE if one of these files is there and is not among those of an earlier run. */
  assertOurs(names: readonly string[], earlier: readonly string[]): void {
    const found = names.find((name) => existsSync(join(this.path, name)) && !earlier.includes(name));
    if (found === undefined) return;
    const why = `${join(this.path, found)} is there, and no manifest.json says that it is an earlier result`;
    throw new SurgefleetError("USAGE", `cannot write ${this.path}: ${why}; choose another --out`);
  }

  /** Throws USAGE if these files could not be written here later, or are `inputs` of the command. Changes nothing. */
  assertWritable(names: readonly string[], inputs: readonly string[]): void {
    assertFolderWritable(this.path, this.path);
    const paths = names.map((name) => join(this.path, name));
    assertNotRead(paths, inputs);
    for (const path of paths) assertReplaceable(path, path);
  }

  /** Runs the action while no other run commits to this folder, and after what a killed one had begun is taken back. */
  whileSettled(action: () => void): void {
    if (kindOf(this.path) === undefined) action();
    else writing(this.path, () => whileAlone([realpathSync(this.path)], action));
  }

  /** Opens a file for writing, and makes the folder if it is not there yet. */
  open(name: string): TemporaryFile {
    const file = this.#group.open(join(this.path, name));
    this.#files.set(name, file);
    return file;
  }

  /** Writes a whole file. */
  add(name: string, text: string): void {
    this.open(name).write(text);
  }

  /** Closes the files written so far and says what is in them, in the order of their names. */
  finishFiles(): Record<string, WrittenFile> {
    const names = [...this.#files.keys()].sort();
    return Object.fromEntries(names.map((name) => [name, this.#files.get(name)!.finish()]));
  }

  /**
   * Gives every file its name, `last` after all others: it tells by hash what the others are. `stale` is asked when no
   * other run commits to this folder: which files of an earlier run go if this one did not write them.
   */
  commit(last: string, stale: () => readonly string[]): void {
    this.#group.commit({
      last: join(this.path, last),
      stale: () =>
        stale()
          .filter((name) => !this.#files.has(name))
          .map((name) => join(this.path, name)),
    });
  }

  /** Takes away everything that was not committed. Never throws. */
  discard(): void {
    this.#group.discard();
  }
}
