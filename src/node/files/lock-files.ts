// The files that lock folders for one command, one in each. Knows how they are made, renewed and read, not who else has
// some.
import { closeSync, constants, lstatSync, openSync, readFileSync, writeSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { SurgefleetError } from "../../core/index.js";
import { writeDurably } from "./durable.js";
import { lockName } from "./marked-files.js";
import { removeIfPossible } from "./replacement.js";
import { codeOf } from "./system-errors.js";

/** A command that goes on says so this often. */
const RENEWED_MS = 5000;

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

  /**
   * To be called again and again in what may take long. Throws USAGE where another command took this one for killed.
   */
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

/** The folder with the record, as a lock says; undefined where there is no lock. */
export function homeOf(folder: string, mark: string): string | undefined {
  try {
    const text = readFileSync(join(folder, lockName(mark)), "utf8").trim();
    return text === "" ? folder : resolve(folder, String(JSON.parse(text)));
  } catch (error) {
    if (codeOf(error) === undefined || codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}
