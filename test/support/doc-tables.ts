// Tables of docs/validation.md that tests write: each stands below a comment that names it and says how it is written.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";

const PAGE = join(import.meta.dirname, "../../docs/validation.md");

/** The table below the comment that names it, to the next empty line, is this one; UPDATE_BASELINE=1 writes it. */
export function expectOnPage(name: string, command: string, rows: readonly (readonly string[])[]): void {
  const page = readFileSync(PAGE, "utf8");
  const mark = `<!-- ${name}, written by: ${command} -->\n`;
  const [before, after] = page.split(mark);
  expect(after, `docs/validation.md has ${mark}`).toBeDefined();
  const end = after!.indexOf("\n\n");
  const [head, ...body] = rows.map((cells) => `| ${cells.join(" | ")} |`);
  const table = [head, `|${" --- |".repeat(rows[0]!.length)}`, ...body].join("\n");
  if (process.env["UPDATE_BASELINE"] === "1")
    writeFileSync(PAGE, `${before}${mark}${table}${after!.slice(end)}`);
  else expect(after!.slice(0, end), `if it is meant: ${command}`).toBe(table);
}
