// The files that a command has in a folder only while it writes there. Their names carry the mark of its process, so
// that no two commands ever use the same one, and what a killed command has left can be taken away without a race.
import { lstatSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { MARK } from "./process-mark.js";
import { codeOf } from "./system-errors.js";

/**
 * `tmp` is what is being written, `old` what had a name before, `lock` says that a command gives files their names
 * here, and `record` that it is half way.
 */
type MarkedKind = "tmp" | "old" | "lock" | "record";

export interface Marked {
  readonly folder: string;
  readonly name: string;
  readonly mark: string;
  readonly kind: MarkedKind;
  /** When it was last written to, by the clock of the file system. */
  readonly modifiedMs: number;
}

export const temporaryName = (mark: string, index: number) => `.surgefleet-${mark}.${index}.tmp`;
export const oldName = (mark: string, index: number) => `.surgefleet-${mark}.${index}.old`;
export const lockName = (mark: string) => `.surgefleet-${mark}.lock`;
export const recordName = (mark: string) => `.surgefleet-${mark}.record`;

const MARKED = new RegExp(
  `^\\.surgefleet-(${MARK.source})\\.(?:\\d+\\.(?=tmp$|old$))?(tmp|old|lock|record)$`,
);

/** Set on folders in which all users may make files, and only remove their own. */
const STICKY = 0o1000;

export function isSticky(folder: string): boolean {
  return (statSync(folder).mode & STICKY) !== 0;
}

export function isMarked(name: string): boolean {
  return MARKED.test(name);
}

/** None where the folder may be written to and not read. */
export function markedIn(folder: string): Marked[] {
  const names = namesIn(folder).filter(isMarked);
  // In a folder such as /tmp no user can replace what another one has there, and has no say in what becomes of this
  // one's files.
  const isEveryones = names.length > 0 && isSticky(folder);
  return names.flatMap((name) => {
    const [, mark, kind] = MARKED.exec(name) as unknown as [string, string, MarkedKind];
    const found = lstatSync(join(folder, name), { throwIfNoEntry: false });
    if (found?.isFile() !== true || (isEveryones && found.uid !== process.getuid?.())) return [];
    return [{ folder, name, mark, kind, modifiedMs: found.mtimeMs }];
  });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (codeOf(error) === "EACCES") return [];
    throw error;
  }
}
