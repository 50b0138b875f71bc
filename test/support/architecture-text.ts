// The generated parts of docs/architecture.md: the table of rooms and the table of libraries, from architecture.json,
// which also makes the import rules. So the page cannot promise what the rules do not hold.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./source-files.js";

export interface Room {
  /** The folder, below src/core. */
  readonly room: string;
  readonly holds: string;
  /** Rooms that it may import, as patterns of a path. */
  readonly imports: readonly string[];
}

export interface Library {
  /** The name of a package, or of all packages of a scope. */
  readonly library: string;
  readonly for: string;
  readonly rooms: readonly string[];
}

export interface Architecture {
  readonly rooms: readonly Room[];
  readonly libraries: readonly Library[];
}

export const architecture = JSON.parse(readFileSync(join(ROOT, "architecture.json"), "utf8")) as Architecture;

/** `server/(attempts|profile)` as two rooms, for people. */
function spelled(pattern: string): string[] {
  const [, wing, names] = /^(\w+)\/\((.*)\)$/.exec(pattern) ?? [];
  return names === undefined ? [pattern] : names.split("|").map((name) => `${wing}/${name}`);
}

/** A table of Markdown with one row per room. */
export function roomTable({ rooms }: Architecture): string {
  const rows = rooms.map(
    ({ room, holds, imports }) =>
      `| \`${room}/\` | ${holds} | ${imports.flatMap(spelled).join(", ") || "nothing"} |`,
  );
  return ["| room of src/core | holds | imports only |", "| --- | --- | --- |", ...rows].join("\n");
}

/** A table of Markdown with one row per library. */
export function libraryTable({ libraries }: Architecture): string {
  const rows = libraries.map(
    ({ library, for: use, rooms }) => `| ${library} | ${use} | ${rooms.join(", ")} |`,
  );
  return ["| library | for | imported only in |", "| --- | --- | --- |", ...rows].join("\n");
}

/** The page with the text between `<!-- name -->` and `<!-- end of name -->` replaced. */
export function withPart(page: string, name: string, text: string): string {
  const [opening, closing] = [`<!-- ${name} -->\n`, `\n<!-- end of ${name} -->`];
  const [start, end] = [page.indexOf(opening), page.indexOf(closing)];
  if (start < 0 || end < start) throw new Error(`there is no ${opening.trim()} with its end`);
  return page.slice(0, start + opening.length) + text + page.slice(end);
}
