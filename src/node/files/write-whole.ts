// Writes a few files that people named, all of them or none. A file that was read, or that is no plain file, is not
// written over; a link is followed, and stays.
import { FileGroup } from "./file-group.js";
import { assertWritable, type NamedOutput, realPath } from "./output-path.js";

export interface NamedText extends NamedOutput {
  readonly text: string | Uint8Array;
}

/** Throws as `assertWritable`, and USAGE where writing fails. */
export function writeWhole(files: readonly NamedText[], inputs: readonly string[]): void {
  assertWritable(files, inputs);
  const group = new FileGroup();
  try {
    for (const { path, text } of files) group.open(realPath(path), path).write(text);
    group.commit();
  } finally {
    group.discard();
  }
}
