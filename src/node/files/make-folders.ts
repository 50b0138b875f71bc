// A folder and all above it that are missing, one after the other. Node's own `recursive` tries for ever where a file
// system says of everything that is to be made in it that there is no such folder, as /proc does.
import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { codeOf } from "./system-errors.js";

/** So often another command may take away, as it tidies up, what has just been made. */
const TRIES = 5;

/** The topmost folder that was missing; undefined where none was. Throws what the system says. */
export function makeFolders(path: string): string | undefined {
  let top: string | undefined;
  for (let left = TRIES; ; left--) {
    const missing = missingOf(path);
    top ??= missing[0];
    try {
      for (const folder of missing) makeFolder(folder);
      return top;
    } catch (error) {
      if (codeOf(error) !== "ENOENT" || left === 0) throw error;
    }
  }
}

/** From the top down. */
function missingOf(path: string): readonly string[] {
  const missing: string[] = [];
  for (let folder = path; !existsSync(folder) && folder !== dirname(folder); folder = dirname(folder)) {
    missing.unshift(folder);
  }
  return missing;
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    // Another command may have been quicker.
    if (codeOf(error) !== "EEXIST") throw error;
  }
}
