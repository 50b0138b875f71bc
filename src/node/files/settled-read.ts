// Reads files that belong together as one command has left them, while others may write there. A reader needs no right
// to write: it looks before and after whether the files are still the same.
import { realpathSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { SurgefleetError } from "../../core/index.js";
import { clearLeftovers } from "./folder-lock.js";
import { isAbandoned, isHalfWay } from "./leftovers.js";
import { kindOf } from "./look.js";
import { reading } from "./system-errors.js";
import { sleep, waitFor } from "./waiting.js";

const PATIENCE_MS = 60_000;
const POLL_MS = 10;

/**
 * What `read` makes of these files, which need not be there. It may be called several times. Throws as it does, and
 * NOT_FOUND where a command was killed half way and nothing can be written there, or where others write without end.
 */
export function readTogether<Value>(paths: readonly string[], read: () => Value): Value {
  const folders = foldersOf(paths);
  const look = () => {
    const before = versionsOf(paths);
    if (folders.some(isHalfWay)) {
      settle(folders);
      return undefined;
    }
    const done = attempted(read);
    return versionsOf(paths) === before ? done : undefined;
  };
  const done = waitFor(look, { patienceMs: PATIENCE_MS, pause: () => sleep(POLL_MS) });
  if (done === undefined) throw unreadable(folders, "another command has been writing there for long");
  if ("error" in done) throw done.error;
  return done.value;
}

/** Takes back what a killed command had begun. */
function settle(folders: readonly string[]): void {
  try {
    clearLeftovers(folders);
  } catch {
    // This one may not write there, or what is there cannot be taken back.
    if (!folders.some(isAbandoned)) return;
    const why = "a command that wrote there was killed half way, and that cannot be taken back from here";
    throw unreadable(folders, why);
  }
}

function attempted<Value>(read: () => Value): { readonly value: Value } | { readonly error: unknown } {
  try {
    return { value: read() };
  } catch (error) {
    return { error };
  }
}

function foldersOf(paths: readonly string[]): string[] {
  const folders = paths.map((path) => dirname(resolve(path)));
  const there = folders.filter((folder) => kindOf(folder) === "folder");
  return [...new Set(there.map((folder) => realpathSync(folder)))];
}

/** Changes whenever one of the plain files among them is another one. */
function versionsOf(paths: readonly string[]): string {
  const versions = paths.map((path) => {
    const found = reading(path, () => statSync(path, { throwIfNoEntry: false, bigint: true }));
    return found?.isFile() === true ? [found.dev, found.ino, found.size, found.mtimeNs].join(" ") : "";
  });
  return versions.join("\n");
}

function unreadable(folders: readonly string[], why: string): SurgefleetError {
  return new SurgefleetError("NOT_FOUND", `cannot read ${folders.join(" and ")}: ${why}`);
}
