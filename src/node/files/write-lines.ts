// Writes a long text to a file that people named, piece by piece, all of it or nothing. A file that was read, or that
// is no plain file, is not written over; a link is followed, and stays.
import { setImmediate } from "node:timers/promises";
import { FileGroup } from "./file-group.js";
import { assertWritable, realPath } from "./output-path.js";

const BUFFER_CHARACTERS = 256 * 1024;

/** Throws USAGE for a path that is one of the `inputs` or no plain file, and where writing fails. */
export async function writeLines(
  path: string,
  pieces: Iterable<string>,
  inputs: readonly string[],
): Promise<void> {
  assertWritable([{ path }], inputs);
  const group = new FileGroup();
  try {
    const file = group.open(realPath(path), path);
    let text = "";
    for (const piece of pieces) {
      text += piece;
      if (text.length <= BUFFER_CHARACTERS) continue;
      file.write(text);
      text = "";
      // Else a signal would wait until all is written.
      await setImmediate();
    }
    file.write(text);
    group.commit();
  } finally {
    group.discard();
  }
}
