// What an input is made of, and what may stand in its place.
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Tables have a header; documents are JSON; lines are JSON, one document on each; bytes are no text. */
export type Kind = "table" | "document" | "lines" | "yaml" | "text" | "bytes";

/** Bytes, or what has the name of the file and is none. */
export type Content = Uint8Array | "a folder" | "missing" | "a link to itself";

export function place(folder: string, name: string, content: Content): void {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  rmSync(path, { recursive: true, force: true });
  if (content === "a folder") mkdirSync(path);
  else if (content === "a link to itself") symlinkSync(path, path);
  else if (content !== "missing") writeFileSync(path, content);
}
