// Opens a file that is to be read and reads on from it, but never without end where nothing comes: plain files, and
// pipes that are written to. Devices are refused. It does not know what the bytes mean.
import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from "node:fs";
import { SurgefleetError } from "../../core/index.js";
import { codeOf, reading } from "./system-errors.js";

/** How long a pipe may have no writer, and how long its writer may be silent. */
const WRITERLESS_MS = 5000;
const SILENT_MS = 120_000;
const POLL_MS = 10;

/** Windows has no such flag, and no pipes among its files. */
const { O_RDONLY, O_NONBLOCK = 0 } = constants;

export class Input {
  readonly #path: string;
  readonly #descriptor: number;
  readonly isPipe: boolean;
  #hasBegun = false;

  /** Throws NOT_FOUND for what cannot be opened and for what is neither a plain file nor a pipe. */
  constructor(path: string) {
    this.#path = path;
    // Before it is opened, since opening alone makes some devices do something.
    assertReadable(
      path,
      reading(path, () => statSync(path)),
    );
    this.#descriptor = reading(path, () => openSync(path, O_RDONLY | O_NONBLOCK));
    try {
      const found = reading(path, () => fstatSync(this.#descriptor));
      assertReadable(path, found);
      this.isPipe = found.isFIFO();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** How many bytes were read; 0 at the end. Throws NOT_FOUND. */
  read(bytes: Uint8Array): number {
    for (let waited = 0; ; waited += POLL_MS) {
      const count = this.#tryRead(bytes);
      if (typeof count === "number" && (count > 0 || this.#hasBegun || !this.isPipe)) {
        this.#hasBegun = true;
        return count;
      }
      // A pipe that never had a writer ends at once, as one does whose writer is done.
      const isSilent = count === undefined;
      this.#hasBegun ||= isSilent;
      if (waited > (isSilent ? SILENT_MS : WRITERLESS_MS)) throw this.#idle(isSilent);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL_MS);
    }
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  /** Undefined where nothing has come yet. */
  #tryRead(bytes: Uint8Array): number | undefined {
    return reading(this.#path, () => {
      try {
        return readSync(this.#descriptor, bytes, 0, bytes.length, null);
      } catch (error) {
        if (codeOf(error) === "EAGAIN") return undefined;
        throw error;
      }
    });
  }

  #idle(isSilent: boolean): SurgefleetError {
    const why = isSilent
      ? `nothing has come through this pipe for ${SILENT_MS / 1000} s`
      : "nothing writes to this pipe; what is read twice must be a plain file";
    return new SurgefleetError("NOT_FOUND", `cannot read ${this.#path}: ${why}`);
  }
}

function assertReadable(path: string, found: Stats): void {
  if (found.isFile() || found.isFIFO()) return;
  const what = found.isDirectory() ? "a directory" : found.isSocket() ? "a socket" : "a device";
  throw new SurgefleetError("NOT_FOUND", `cannot read ${path}: it is ${what}, not a file`);
}
