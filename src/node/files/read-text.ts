// Reads a text file in chunks, synchronously and in bounded memory, and says plainly why a file cannot be
// read. It does not know what the text means.
import { TextDecoder } from "node:util";
import { SurgefleetError } from "../../core/index.js";
import { GunzipError, gunzipChunks } from "./gunzip-chunks.js";
import { Input } from "./input.js";
import { parquetRows } from "./parquet-rows.js";

const CHUNK_BYTES = 64 * 1024;
/** What is read whole and larger was named by mistake; a string could not be much longer. */
const MOST_CHARACTERS = 32 * 1024 * 1024;

/** The whole text, for what is parsed in one piece. Throws as `readTextChunks`, and NOT_FOUND for what is too large. */
export function readText(path: string, mostCharacters = MOST_CHARACTERS): string {
  const chunks: string[] = [];
  let length = 0;
  for (const chunk of readTextChunks(path)) {
    length += chunk.length;
    if (length > mostCharacters) {
      const most = `${mostCharacters / 1024 / 1024} MiB`;
      throw new SurgefleetError("NOT_FOUND", `cannot read ${path}: it is larger than ${most}`);
    }
    chunks.push(chunk);
  }
  return chunks.join("");
}

/**
 * Yields the text of a UTF-8 file in chunks of up to 64 KiB, without a byte order mark. A gzip file, known by its
 * first bytes whatever its name, is unpacked on the way, and a Parquet file read as a table of text. The file is closed
 * when the caller stops, whether at the end or before.
 *
 * Throws NOT_FOUND for a device and for a file that cannot be opened or read, INVALID_TRACE for gzip that is cut off or
 * broken, for Parquet that is, and for what is not UTF-8.
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
  const input = new Input(path);
  let isGzip = false;
  try {
    const bytes = new Uint8Array(CHUNK_BYTES);
    for (let isFirst = true; !isGzip; isFirst = false) {
      const count = input.read(bytes);
      if (count === 0) return;
      isGzip = isFirst && count >= 2 && bytes[0] === 0x1f && bytes[1] === 0x8b;
      if (isFirst && count >= 4 && String.fromCharCode(...bytes.subarray(0, 4)) === "PAR1") {
        if (input.isPipe) throw pipedParquet(path);
        for (const text of parquetRows(path)) yield new TextEncoder().encode(text);
        return;
      }
      if (isGzip && input.isPipe) throw pipedGzip(path);
      if (!isGzip) yield bytes.subarray(0, count);
    }
  } finally {
    input.close();
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

/** Its columns are found from its end. */
function pipedParquet(path: string): SurgefleetError {
  return unreadable(
    path,
    "Parquet is read from plain files only, not from pipes",
    "write it to a file first",
  );
}

function unreadable(path: string, message: string, hint: string): SurgefleetError {
  const issue = { file: path, line: 0, column: 0, path: "", message, hint };
  return new SurgefleetError("INVALID_TRACE", `${path} cannot be read as text`, [issue]);
}
