// A folder that gets all files of a run or none: they are written under temporary names and renamed together,
// the manifest last. Knows names and bytes, not what the files say. Everything is synchronous, so that an
// interrupted process can tidy up before it ends.
import { createHash, type Hash } from "node:crypto";
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { SurgefleetError } from "../../core/index.js";
import { writing } from "./errors.js";

export interface WrittenFile {
  readonly bytes: number;
  readonly sha256: string;
}

/** A file under its temporary name. */
export class PendingFile {
  readonly path: string;
  readonly #descriptor: number;
  readonly #hash: Hash = createHash("sha256");
  #bytes = 0;
  #open = true;

  constructor(path: string) {
    this.path = path;
    this.#descriptor = openSync(path, "wx");
  }

  write(text: string): void {
    const bytes = Buffer.from(text, "utf8");
    writing(this.path, () => {
      for (let done = 0; done < bytes.length; ) done += writeSync(this.#descriptor, bytes, done);
    });
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
  }

  close(): void {
    if (this.#open) closeSync(this.#descriptor);
    this.#open = false;
  }

  /** Call once, after the last write. */
  finish(): WrittenFile {
    this.close();
    return { bytes: this.#bytes, sha256: this.#hash.digest("hex") };
  }
}

export class ResultFolder {
  readonly path: string;
  readonly #pending = new Map<string, PendingFile>();
  /** The topmost folder that we made, to be taken away again if nothing comes of it. */
  #made: string | undefined;

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

  /** Throws USAGE if files could not be written here later. Changes nothing. */
  assertWritable(): void {
    for (let folder = resolve(this.path); ; folder = dirname(folder)) {
      const found = writing(this.path, () => statSync(folder, { throwIfNoEntry: false }));
      if (found === undefined && folder !== dirname(folder)) continue;
      if (found?.isDirectory() !== true) {
        throw new SurgefleetError("USAGE", `cannot write ${this.path}: ${folder} is not a directory`);
      }
      writing(this.path, () => accessSync(folder, constants.W_OK | constants.X_OK));
      return;
    }
  }

  /** Opens a file for writing, and makes the folder if it is not there yet. */
  open(name: string): PendingFile {
    const temporary = join(this.path, `.${name}.${process.pid}.tmp`);
    const file = writing(join(this.path, name), () => {
      const made = mkdirSync(this.path, { recursive: true });
      this.#made ??= made;
      rmSync(temporary, { force: true });
      return new PendingFile(temporary);
    });
    this.#pending.set(name, file);
    return file;
  }

  /** Writes a whole file. */
  add(name: string, text: string): void {
    this.open(name).write(text);
  }

  /** Closes the files written so far and says what is in them, in the order of their names. */
  finishFiles(): Record<string, WrittenFile> {
    const names = [...this.#pending.keys()].sort();
    return Object.fromEntries(names.map((name) => [name, this.#pending.get(name)!.finish()]));
  }

  /**
   * Gives every file its name, `last` after all others: it tells by hash what the others are, so that a folder in which
   * this was cut short can be told from a whole one. `stale` files, which an earlier run left and this one did not
   * write, are taken away.
   */
  commit(last: string, stale: readonly string[]): void {
    const names = [...this.#pending.keys()].filter((name) => name !== last);
    for (const name of [...names, ...stale, last]) this.#assertReplaceable(name);
    for (const file of this.#pending.values()) file.close();
    writing(this.path, () => {
      for (const name of stale) if (!this.#pending.has(name)) rmSync(join(this.path, name), { force: true });
      for (const name of [...names, last]) {
        renameSync(this.#pending.get(name)!.path, join(this.path, name));
        this.#pending.delete(name);
      }
    });
  }

  /** Takes away everything that was not committed. Never throws. */
  discard(): void {
    for (const file of this.#pending.values()) {
      file.close();
      rmSync(file.path, { force: true });
    }
    this.#pending.clear();
    if (this.#made === undefined) return;
    try {
      for (let folder = resolve(this.path); folder.length >= this.#made.length; folder = dirname(folder))
        rmdirSync(folder);
    } catch {
      // Somebody else has put something there meanwhile: it stays.
    }
  }

  #assertReplaceable(name: string): void {
    const path = join(this.path, name);
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) {
      throw new SurgefleetError("USAGE", `cannot write ${path}: a directory is in the way`);
    }
  }
}
