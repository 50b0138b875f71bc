// Reads a text file in chunks, synchronously and in bounded memory, and says plainly why a file cannot be
// read. It does not know what the text means.
import { closeSync, openSync, readSync } from "node:fs";
import { TextDecoder } from "node:util";
import { SurgefleetError } from "../../core/index.js";

const CHUNK_BYTES = 64 * 1024;

/** What the common system errors mean to somebody who named a file. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  ENOTDIR: "a part of its path is not a directory",
  EISDIR: "it is a directory, not a file",
  EACCES: "there is no permission to read it",
  EPERM: "there is no permission to read it",
};

/**
 * Yields the text of a UTF-8 file in chunks of up to 64 KiB, without a byte order mark. The file is closed
 * when the caller stops, whether at the end or before.
 *
 * Throws NOT_FOUND for a file that cannot be opened or read, INVALID_TRACE for gzip and for what is not
 * UTF-8.
 */
export function* readTextChunks(path: string): Generator<string, void, undefined> {
  const descriptor = orExplain(path, () => openSync(path, "r"));
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true });
    const bytes = new Uint8Array(CHUNK_BYTES);
    for (let done = 0; ; ) {
      const count = orExplain(path, () => readSync(descriptor, bytes, 0, CHUNK_BYTES, null));
      if (done === 0 && count >= 2 && bytes[0] === 0x1f && bytes[1] === 0x8b) throw compressed(path);
      const text = decode(path, decoder, bytes.subarray(0, count), done);
      if (text !== "") yield text;
      if (count === 0) return;
      done += count;
    }
  } finally {
    closeSync(descriptor);
  }
}

/** Decodes the next bytes; no bytes mean the end of the file, where a character must not be left half. */
function decode(path: string, decoder: TextDecoder, bytes: Uint8Array, done: number): string {
  try {
    return decoder.decode(bytes, { stream: bytes.length > 0 });
  } catch {
    const message = `not UTF-8 text (between byte ${done} and byte ${done + bytes.length})`;
    throw unreadable(path, message, "save the file as UTF-8");
  }
}

function compressed(path: string): SurgefleetError {
  return unreadable(path, "the file is compressed with gzip", "gunzip it first");
}

function unreadable(path: string, message: string, hint: string): SurgefleetError {
  const issue = { file: path, line: 0, column: 0, path: "", message, hint };
  return new SurgefleetError("INVALID_TRACE", `${path} cannot be read as text`, [issue]);
}

function orExplain<Value>(path: string, action: () => Value): Value {
  try {
    return action();
  } catch (error) {
    const code = String((error as NodeJS.ErrnoException).code);
    throw new SurgefleetError("NOT_FOUND", `cannot read ${path}: ${REASONS[code] ?? code}`);
  }
}
