// Command lines that can be pasted into a POSIX shell.
import { basename, relative } from "node:path";

/** A word as a shell reads it back: quoted only where it must be. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

export function commandLine(words: readonly string[]): string {
  return words.map(quoted).join(" ");
}

/** How a script that Node runs was called: by its name where that is a command, or else the whole way. */
export function calledAs(script: string, flags: readonly string[]): string {
  if (basename(script) === "surgefleet") return "surgefleet";
  return commandLine(["node", ...flags, relative(process.cwd(), script)]);
}
