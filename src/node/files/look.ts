// What lies under a name that was given, without opening it.
import { lstatSync, statSync } from "node:fs";
import { reading } from "./system-errors.js";

/** Links are followed; undefined where there is nothing. Throws NOT_FOUND for a name that leads nowhere. */
export function kindOf(path: string): "file" | "folder" | "other" | undefined {
  const found = reading(path, () => statSync(path, { throwIfNoEntry: false }));
  if (found === undefined) return undefined;
  return found.isFile() ? "file" : found.isDirectory() ? "folder" : "other";
}

/** Whether anything has the name, be it a link that leads nowhere. Throws what the system says. */
export function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
