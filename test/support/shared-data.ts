// Finds the published traces that some tests check against. They are not part of the repository, so a test
// that needs one must skip, by name, where it is absent.
import { existsSync } from "node:fs";
import { join } from "node:path";

const folder = process.env["SURGEFLEET_SHARED"] ?? join(import.meta.dirname, "../../../shared");

/**
 * Path of a file such as "data/traces/x.csv" in the folder SURGEFLEET_SHARED, or undefined where it is
 * absent.
 */
export function sharedFile(path: string): string | undefined {
  const full = join(folder, path);
  return existsSync(full) ? full : undefined;
}
