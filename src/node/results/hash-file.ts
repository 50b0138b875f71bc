// Size and SHA-256 of a file, in bounded memory.
import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import type { WrittenFile } from "./result-folder.js";

const CHUNK_BYTES = 1024 * 1024;

export function hashFile(path: string): WrittenFile {
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
