// Writes a long text to a file that people named, piece by piece, all of it or nothing. A file that was read, or that
// is no plain file, is not written over; a link is followed, and stays.
import { setImmediate } from "node:timers/promises";
import { FileGroup } from "./file-group.js";
import { assertWritable, realPath } from "./output-path.js";
import type { TemporaryFile } from "./temporary-file.js";

const BUFFER_CHARACTERS = 256 * 1024;
/** Short enough that Ctrl-C feels immediate. */
const SLICE_MS = 50;

/** Throws USAGE for a path that is one of the `inputs` or no plain file, and where writing fails. */
export async function writeLines(
  path: string,
  pieces: Iterable<string>,
  inputs: readonly string[],
): Promise<void> {
  assertWritable([{ path }], inputs);
  const group = new FileGroup();
  try {
    let text = "";
    let file: TemporaryFile | undefined;
    const write = () => {
      // Only now: as long as there is no file a signal ends the process at once, however long the first piece takes.
      file ??= group.open(realPath(path), path);
      file.write(text);
      text = "";
    };
    let sliceEnd = performance.now() + SLICE_MS;
    for (const piece of pieces) {
      text += piece;
      if (text.length > BUFFER_CHARACTERS) write();
      if (performance.now() < sliceEnd) continue;
      // Else a signal would wait until all is written.
      await setImmediate();
      sliceEnd = performance.now() + SLICE_MS;
    }
    write();
    group.commit();
  } finally {
    group.discard();
  }
}
