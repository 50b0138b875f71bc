// Reads a text file in chunks, synchronously and in bounded memory, and says plainly why a file cannot be
// read. It does not know what the text means.
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { TextDecoder } from "node:util";
import { SurgefleetError } from "../../core/index.js";
import { GunzipError, gunzipChunks } from "./gunzip-chunks.js";

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
 * Yields the text of a UTF-8 file in chunks of up to 64 KiB, without a byte order mark. A gzip file, known by its
 * first bytes whatever its name, is unpacked on the way. The file is closed when the caller stops, whether at the
 * end or before.
 *
 * Throws NOT_FOUND for a file that cannot be opened or read, INVALID_TRACE for gzip that is cut off or broken, for
 * Parquet and for what is not UTF-8.
 */
export function* readTextChunks(path: string): Generator<string, void, undefined> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let done = 0;
  for (const bytes of readBytes(path)) {
    const text = decode(path, decoder, bytes, done);
    if (text !== "") yield text;
    done += bytes.length;
  }
  decode(path, decoder, new Uint8Array(0), done);
}

/** The bytes of a file, unpacked where it is gzip. The same buffer may come every time. */
function* readBytes(path: string): Generator<Uint8Array, void, undefined> {
  const descriptor = orExplain(path, () => openSync(path, "r"));
  let isGzip = false;
  try {
    const bytes = new Uint8Array(CHUNK_BYTES);
    for (let isFirst = true; !isGzip; isFirst = false) {
      const count = orExplain(path, () => readSync(descriptor, bytes, 0, CHUNK_BYTES, null));
      if (count === 0) return;
      isGzip = isFirst && count >= 2 && bytes[0] === 0x1f && bytes[1] === 0x8b;
      if (isFirst && count >= 4 && String.fromCharCode(...bytes.subarray(0, 4)) === "PAR1")
        throw parquet(path);
      if (isGzip && !fstatSync(descriptor).isFile()) throw pipedGzip(path);
      if (!isGzip) yield bytes.subarray(0, count);
    }
  } finally {
    closeSync(descriptor);
  }
  try {
    yield* gunzipChunks(path);
  } catch (error) {
    if (error instanceof GunzipError) throw badGzip(path, error.code);
    throw error;
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

function badGzip(path: string, code: string): SurgefleetError {
  const isCut = code === "Z_BUF_ERROR";
  const message = isCut ? "the gzip file is cut off" : `the gzip file is broken (${code})`;
  return unreadable(path, message, "copy or download it again");
}

/** A pipe cannot be opened a second time. */
function pipedGzip(path: string): SurgefleetError {
  return unreadable(path, "gzip is unpacked from plain files only, not from pipes", "pipe it through gunzip");
}

function parquet(path: string): SurgefleetError {
  const hint = "convert it to CSV first, for example with DuckDB: see docs/traces.md";
  return unreadable(path, "this is a Parquet file, not text", hint);
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
