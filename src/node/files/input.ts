// Opens a file that is to be read and reads on from it, but never without end where nothing comes: plain files, and
// pipes that are written to. Devices are refused. It does not know what the bytes mean.
import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from "node:fs";
import { SurgefleetError } from "../../core/index.js";
import { codeOf, reading } from "./system-errors.js";
import { sleep, waitFor } from "./waiting.js";

/** How long a pipe may have no writer, and how long its writer may be silent. */
const WRITERLESS_MS = 5000;
const SILENT_MS = 120_000;
const POLL_MS = 10;
const WRITERLESS = "nothing writes to this pipe; what is read twice must be a plain file";
const SILENT = `nothing has come through this pipe for ${SILENT_MS / 1000} s`;

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
    const started = performance.now();
    const look = () => {
      const count = this.#tryRead(bytes);
      // A pipe that never had a writer ends at once, as one does whose writer is done.
      this.#hasBegun ||= !this.isPipe || count !== 0;
      if (this.#hasBegun) return count;
      if (performance.now() - started > WRITERLESS_MS) throw this.#idle(WRITERLESS);
      return undefined;
    };
    const count = waitFor(look, { patienceMs: SILENT_MS, pause: () => sleep(POLL_MS) });
    if (count === undefined) throw this.#idle(SILENT);
    return count;
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

  #idle(why: string): SurgefleetError {
    return new SurgefleetError("NOT_FOUND", `cannot read ${this.#path}: ${why}`);
  }
}

function assertReadable(path: string, found: Stats): void {
  if (found.isFile() || found.isFIFO()) return;
  const what = found.isDirectory() ? "a directory" : found.isSocket() ? "a socket" : "a device";
  throw new SurgefleetError("NOT_FOUND", `cannot read ${path}: it is ${what}, not a file`);
}
