// Changes that no reader may tell: order of keys and columns, blanks, ends of lines, a byte order mark, columns and
// keys that the format does not know, packing.
import { gzipSync } from "node:zlib";
import type { Draw } from "../draw.js";
import type { Change } from "./breaking.js";
import type { Kind } from "./content.js";
import { membersOf, parseTree, printTree, shuffled, type Tree } from "./json-tree.js";

const text = (bytes: Buffer) => bytes.toString("utf8");
const TEXT: readonly Kind[] = ["table", "document", "lines", "yaml", "text"];

const ANY: readonly Change[] = [
  { name: "CRLF", fits: TEXT, of: (bytes) => Buffer.from(text(bytes).replaceAll(/\r?\n/g, "\r\n")) },
  { name: "a byte order mark", fits: TEXT, of: (bytes) => Buffer.from(`\ufeff${text(bytes)}`) },
  { name: "no last end of line", fits: TEXT, of: (bytes) => Buffer.from(text(bytes).trimEnd()) },
  {
    name: "empty lines at the end",
    fits: TEXT,
    of: (bytes) => Buffer.from(`${text(bytes).trimEnd()}\n\n\n`),
  },
  { name: "packed", of: (bytes) => gzipSync(bytes) },
];

const onTrees = (
  name: string,
  change: (tree: Tree, draw: Draw) => void,
  blank: (draw: Draw) => string,
): Change => ({
  name,
  fits: ["document", "lines"],
  of(bytes, kind, draw) {
    const documents = kind === "document" ? [text(bytes)] : text(bytes).trimEnd().split("\n");
    const changed = documents.map((document) => {
      const tree = parseTree(document);
      change(tree, draw);
      return printTree(tree, () => blank(draw));
    });
    return Buffer.from(`${changed.join("\n")}\n`);
  },
});
const nothing = () => undefined;
const one = () => " ";
const TREES: readonly Change[] = [
  onTrees(
    "keys in another order",
    (tree, draw) => {
      for (const part of membersOf(tree)) part.members = shuffled(part.members, draw);
    },
    one,
  ),
  onTrees("blanks", nothing, (draw) => draw.pick(["", " ", "  ", "\t"])),
  {
    ...onTrees("ends of lines for blanks", nothing, (draw) => draw.pick(["", "\n", "\n  "])),
    fits: ["document"],
  },
];
/** Where the format lets writers add what they like. */
const UNKNOWN_KEY: Change = onTrees(
  "a key that nothing knows",
  (tree, draw) => {
    if (!("members" in tree)) return;
    tree.members.splice(draw.whole(1, tree.members.length), 0, [
      '"zz_unknown"',
      { raw: draw.pick(["1", '"x"', "{}"]) },
    ]);
  },
  one,
);

/** Cells of a table without commas in quotes. */
const onTable = (name: string, change: (rows: string[][], draw: Draw) => string[][]): Change => ({
  name,
  fits: ["table"],
  of(bytes, _, draw) {
    const rows = text(bytes).trimEnd().split(/\r?\n/).map(cellsOf);
    return Buffer.from(
      `${change(rows, draw)
        .map((cells) => cells.join(","))
        .join("\n")}\n`,
    );
  },
});
const cellsOf = (line: string) => line.match(/(?<=^|,)(?:"(?:[^"]|"")*"|[^",]*)(?=,|$)/g) ?? [];
const moved = (rows: string[][], draw: Draw) => {
  const order = shuffled(
    rows[0]!.map((_, index) => index),
    draw,
  );
  return rows.map((cells) => order.map((index) => cells[index] ?? ""));
};
const TABLES: readonly Change[] = [
  onTable("columns in another order", moved),
  onTable("quotes", (rows) =>
    rows.map((cells) => cells.map((cell) => (/^"/.test(cell) ? cell : `"${cell}"`))),
  ),
];
const UNKNOWN_COLUMN: Change = onTable("a column that nothing knows", (rows) =>
  rows.map((cells, row) => [...cells, row === 0 ? "zz_unknown" : "x"]),
);

/** Line comments and blanks at the ends of lines. */
const YAML: Change = {
  name: "comments and blanks",
  fits: ["yaml"],
  of: (bytes, _, draw) =>
    Buffer.from(text(bytes).replaceAll("\n", () => draw.pick(["\n", "  \n", " # a comment\n", "\n\n"]))),
};

export interface Allowance {
  readonly ordered: boolean;
  /** Whether columns and keys may be there that the format does not know. */
  readonly unknown: boolean;
  readonly packed: boolean;
}

export function keeping(kind: Kind, { unknown, packed, ordered }: Allowance): readonly Change[] {
  const all = [...ANY, ...TREES, ...TABLES, YAML, ...(unknown ? [UNKNOWN_KEY, UNKNOWN_COLUMN] : [])];
  return all.filter(
    ({ name, fits = [kind] }) =>
      fits.includes(kind) && (packed || name !== "packed") && !(ordered && name.endsWith("another order")),
  );
}
