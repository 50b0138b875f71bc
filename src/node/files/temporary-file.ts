// A file under a temporary name of its own, opened exclusively: written piece by piece, hashed on the way. Knows
// bytes, not what they say or what the file will be called.
import { createHash, type Hash } from "node:crypto";
import { closeSync, fchmodSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { synchronize } from "./durable.js";
import { writing } from "./system-errors.js";

export interface WrittenFile {
  readonly bytes: number;
  readonly sha256: string;
}

const PERMISSIONS = 0o777;

export class TemporaryFile {
  readonly path: string;
  /** The file that it will take the place of, and what messages call it. */
  readonly target: string;
  readonly named: string;
  readonly #descriptor: number;
  readonly #hash: Hash = createHash("sha256");
  #bytes = 0;
  #isOpen = true;
  #written: WrittenFile | undefined;

  /** Throws USAGE where it cannot be made, also where something has its name. */
  constructor(path: string, target: string, named: string) {
    this.path = path;
    this.target = target;
    this.named = named;
    this.#descriptor = writing(named, () => openSync(path, "wx"));
  }

  write(piece: string | Uint8Array): void {
    const bytes = typeof piece === "string" ? Buffer.from(piece, "utf8") : piece;
    writing(this.named, () => {
      for (let done = 0; done < bytes.length; ) done += writeSync(this.#descriptor, bytes, done);
    });
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
  }

  /** Puts everything on the disk. No write may follow; a second call only says the same. */
  finish(): WrittenFile {
    this.#written ??= writing(this.named, () => {
      const earlier = statSync(this.target, { throwIfNoEntry: false });
      if (earlier?.isFile() === true) fchmodSync(this.#descriptor, earlier.mode & PERMISSIONS);
      synchronize(this.#descriptor);
      this.#isOpen = false;
      closeSync(this.#descriptor);
      return { bytes: this.#bytes, sha256: this.#hash.digest("hex") };
    });
    return this.#written;
  }

  /** Takes it away. Never throws. */
  discard(): void {
    try {
      if (this.#isOpen) closeSync(this.#descriptor);
      this.#isOpen = false;
      rmSync(this.path, { force: true });
    } catch {
      // Out of reach meanwhile: the next command in this folder takes it away.
    }
  }
}
