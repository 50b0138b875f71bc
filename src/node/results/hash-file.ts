// Size and SHA-256 of a file, in bounded memory.
import { createHash } from "node:crypto";
import { Input } from "../files/input.js";
import { kindOf } from "../files/look.js";
import type { WrittenFile } from "../files/temporary-file.js";

const CHUNK_BYTES = 1024 * 1024;

/** Null for what is not there or is no regular file: reading a pipe here would leave nothing for others. */
export function hashFile(path: string): WrittenFile | null {
  if (kindOf(path) !== "file") return null;
  const input = new Input(path);
  try {
    const hash = createHash("sha256");
    const chunk = new Uint8Array(CHUNK_BYTES);
    let bytes = 0;
    for (;;) {
      const count = input.read(chunk);
      if (count === 0) return { bytes, sha256: hash.digest("hex") };
      hash.update(chunk.subarray(0, count));
      bytes += count;
    }
  } finally {
    input.close();
  }
}
