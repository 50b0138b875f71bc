// Writes a long text to a file that people named, piece by piece: under another name first, so that it is there as a
// whole or not at all. A file that was read, or that is no plain file, is not written over.
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, resolve } from "node:path";
import { SurgefleetError } from "../../core/index.js";
import { writing } from "../results/errors.js";

const BUFFER_CHARACTERS = 256 * 1024;

/** Throws USAGE for a path that is one of the `inputs` or no plain file, and what `writing` throws. */
export function writeLines(path: string, pieces: Iterable<string>, inputs: readonly string[]): void {
  if (inputs.map(realPath).includes(realPath(path))) {
    throw new SurgefleetError("USAGE", `${path} is read by this command: write to another file`);
  }
  if (existsSync(path) && !statSync(path).isFile()) {
    throw new SurgefleetError("USAGE", `${path} is not a plain file`);
  }
  const partial = `${path}.partial`;
  try {
    writing(path, () => mkdirSync(dirname(path), { recursive: true }));
    const file = writing(path, () => openSync(partial, "w"));
    try {
      let text = "";
      const flush = () => {
        writing(path, () => writeFileSync(file, text));
        text = "";
      };
      for (const piece of pieces) {
        text += piece;
        if (text.length > BUFFER_CHARACTERS) flush();
      }
      flush();
    } finally {
      closeSync(file);
    }
    writing(path, () => renameSync(partial, path));
  } finally {
    if (existsSync(partial)) rmSync(partial);
  }
}

function realPath(path: string): string {
  return existsSync(path) ? realpathSync(path) : resolve(path);
}
