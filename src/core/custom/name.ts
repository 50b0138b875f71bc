// How a scenario names a module instead of a definition of the program: a path, or a package. Knows no files.

const PATH = /^(?:\.{1,2}\/|\/).+/s;
const PACKAGE = /^pkg:.+/s;

/** Before the name of a package, so that it is never one of the program's own names. */
export const PACKAGE_PREFIX = "pkg:";

/** Whether a name is that of a module: ./mine.ts, ../mine.ts, /a/mine.ts, or pkg:NAME for a package. */
export function isModuleName(name: unknown): name is string {
  return typeof name === "string" && (PATH.test(name) || PACKAGE.test(name));
}
