// What the common system errors mean to somebody who asked for a file to be written.
import { SurgefleetError } from "../../core/index.js";

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "there is no permission to write there",
  EPERM: "there is no permission to write there",
  EROFS: "the disk is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  ENOTDIR: "a part of its path is not a directory",
  EEXIST: "a file is in the way",
  EISDIR: "a directory is in the way",
  ENAMETOOLONG: "the name is too long",
};

/** Runs the action; a system error becomes one that names the file and what to do about it. */
export function writing<Value>(path: string, action: () => Value): Value {
  try {
    return action();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (typeof code !== "string") throw error;
    throw new SurgefleetError("USAGE", `cannot write ${path}: ${REASONS[code] ?? code}`);
  }
}
