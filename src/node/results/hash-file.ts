// Size and SHA-256 of a file, in bounded memory.
import { createHash } from "node:crypto";
import { closeSync, openSync, readSync, statSync } from "node:fs";
import type { WrittenFile } from "./result-folder.js";

const CHUNK_BYTES = 1024 * 1024;

/** Null for what is not there or is no regular file: reading a pipe here would leave nothing for others. */
export function hashFile(path: string): WrittenFile | null {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return null;
  const descriptor = openSync(path, "r");
  try {
    const hash = createHash("sha256");
    const chunk = new Uint8Array(CHUNK_BYTES);
    let bytes = 0;
    for (;;) {
      const count = readSync(descriptor, chunk, 0, CHUNK_BYTES, null);
      if (count === 0) return { bytes, sha256: hash.digest("hex") };
      hash.update(chunk.subarray(0, count));
      bytes += count;
    }
  } finally {
    closeSync(descriptor);
  }
}
