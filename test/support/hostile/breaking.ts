// Changes that may make an input invalid: to its bytes, its lines, its cells, its keys and values, or to what the name
// stands for. Any may leave it valid, too.
import { gzipSync } from "node:zlib";
import type { Draw } from "../draw.js";
import type { Content, Kind } from "./content.js";
import { membersOf, parseTree, printTree, scalarsOf, type Tree } from "./json-tree.js";
import { deep, oddJson, oddText } from "./odd.js";

export interface Change {
  readonly name: string;
  readonly fits?: readonly Kind[];
  of(bytes: Buffer, kind: Kind, draw: Draw): Content;
}

const place = (bytes: Buffer, draw: Draw) => draw.whole(0, Math.max(0, bytes.length - 1));
const spliced = (bytes: Buffer, at: number, remove: number, insert: Buffer) =>
  Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at + remove)]);

const BYTES: readonly Change[] = [
  { name: "cut off", of: (bytes, _, draw) => bytes.subarray(0, place(bytes, draw)) },
  {
    name: "a byte changed",
    of: (bytes, _, draw) => spliced(bytes, place(bytes, draw), 1, Buffer.of(draw.whole(0, 255))),
  },
  {
    name: "bits flipped",
    of(bytes, _, draw) {
      const changed = Buffer.from(bytes);
      for (let count = draw.whole(1, 8); count > 0; count -= 1) {
        const at = place(bytes, draw);
        changed[at] = (changed[at] ?? 0) ^ (1 << draw.whole(0, 7));
      }
      return changed;
    },
  },
  {
    name: "null bytes",
    of: (bytes, _, draw) => spliced(bytes, place(bytes, draw), 0, Buffer.alloc(draw.pick([1, 9]))),
  },
  {
    name: "no UTF-8",
    of: (bytes, _, draw) =>
      spliced(
        bytes,
        place(bytes, draw),
        0,
        Buffer.from(draw.pick(["ff", "c0af", "eda080", "f5808080"]), "hex"),
      ),
  },
  { name: "UTF-16", of: (bytes) => Buffer.from(`\ufeff${bytes.toString("utf8")}`, "utf16le") },
  { name: "odd text inside", of: (bytes, _, draw) => spliced(bytes, place(bytes, draw), 0, odd(draw)) },
  {
    name: "nested deeply",
    of: (bytes, _, draw) => spliced(bytes, place(bytes, draw), 0, Buffer.from(deep(draw))),
  },
  { name: "a gzip cut off", of: (bytes, _, draw) => cut(gzipSync(bytes), draw) },
  { name: "twice in a row", of: (bytes) => Buffer.concat([bytes, bytes]) },
  { name: "a bomb", of: () => BOMB },
  { name: "empty", of: () => Buffer.alloc(0) },
  { name: "a folder", of: () => "a folder" },
  { name: "missing", of: () => "missing" },
  { name: "a link to itself", of: () => "a link to itself" },
];
const odd = (draw: Draw) => Buffer.from(oddText(draw));
const cut = (bytes: Buffer, draw: Draw) => bytes.subarray(0, draw.whole(2, bytes.length - 1));
/** 80 MiB of one line, which is more than any input but a trace may have. */
const BOMB = gzipSync(Buffer.alloc(80 * 1024 * 1024, " "));

const TEXT: readonly Kind[] = ["table", "document", "lines", "yaml", "text"];
/** Changes to lines, with whatever ends them. */
const onLines = (name: string, change: (lines: string[], at: number, draw: Draw) => void): Change => ({
  name,
  fits: TEXT,
  of(bytes, _, draw) {
    const lines = bytes.toString("utf8").split(/(?<=\n)/);
    change(lines, draw.whole(0, lines.length - 1), draw);
    return Buffer.from(lines.join(""));
  },
});
const LINES: readonly Change[] = [
  onLines("a line left out", (lines, at) => lines.splice(at, 1)),
  onLines("a line twice", (lines, at) => lines.splice(at, 0, lines[at]!)),
  onLines("lines swapped", (lines, at, draw) => {
    const other = draw.whole(0, lines.length - 1);
    [lines[at], lines[other]] = [lines[other]!, lines[at]!];
  }),
  onLines("a line of something else", (lines, at, draw) => lines.splice(at, 0, `${oddText(draw)}\n`)),
  onLines("a value of something else", (lines, at, draw) => {
    lines[at] = lines[at]!.replace(/(?<=[:,=] *)[^\s:,={}[\]]+/, () => oddText(draw));
  }),
];

/** Cells by plain commas: what quotes held together falls apart, which is one more change. */
const onCells = (
  name: string,
  change: (rows: string[][], row: number, column: number, draw: Draw) => void,
): Change => ({
  name,
  fits: ["table"],
  of(bytes, _, draw) {
    const rows = bytes
      .toString("utf8")
      .trimEnd()
      .split(/\r?\n/)
      .map((line) => line.split(","));
    const row = draw.whole(0, rows.length - 1);
    change(rows, row, draw.whole(0, rows[row]!.length - 1), draw);
    return Buffer.from(`${rows.map((cells) => cells.join(",")).join("\n")}\n`);
  },
});
const CELLS: readonly Change[] = [
  onCells("another cell", (rows, row, column, draw) => (rows[row]![column] = oddText(draw))),
  onCells("another cell, in quotes", (rows, row, column, draw) => {
    rows[row]![column] = `"${oddText(draw)}"`;
  }),
  onCells("a column left out", (rows, _, column) => {
    for (const cells of rows) cells.splice(column, 1);
  }),
  onCells("a column twice", (rows, _, column) => {
    for (const cells of rows) cells.push(cells[column] ?? "");
  }),
  onCells("a cell too many", (rows, row, column) => rows[row]!.splice(column, 0, "1")),
  onCells("a header misspelt", (rows, _, column) => (rows[0]![column] += "x")),
];

const onTree = (name: string, change: (tree: Tree, draw: Draw) => void): Change => ({
  name,
  fits: ["document", "lines"],
  of(bytes, kind, draw) {
    const text = bytes.toString("utf8");
    if (kind === "document") return Buffer.from(printed(text, change, draw));
    const lines = text.trimEnd().split("\n");
    const at = draw.whole(0, lines.length - 1);
    lines[at] = printed(lines[at]!, change, draw);
    return Buffer.from(`${lines.join("\n")}\n`);
  },
});
function printed(text: string, change: (tree: Tree, draw: Draw) => void, draw: Draw): string {
  const tree = parseTree(text);
  change(tree, draw);
  return printTree(tree, () => " ");
}
const someMembers = (tree: Tree, draw: Draw) => {
  const all = membersOf(tree);
  return all.length === 0 ? [] : draw.pick(all).members;
};
const anyOf = (members: readonly unknown[], draw: Draw) => draw.whole(0, Math.max(0, members.length - 1));
const TREES: readonly Change[] = [
  onTree("another value", (tree, draw) => {
    const scalars = scalarsOf(tree);
    if (scalars.length > 0) draw.pick(scalars).raw = oddJson(draw);
  }),
  onTree("another value of a key", (tree, draw) => {
    const members = someMembers(tree, draw);
    const member = members[anyOf(members, draw)];
    if (member !== undefined) member[1] = { raw: oddJson(draw) };
  }),
  onTree("a key left out", (tree, draw) => {
    const members = someMembers(tree, draw);
    members.splice(anyOf(members, draw), 1);
  }),
  onTree("a key twice", (tree, draw) => {
    const members = someMembers(tree, draw);
    const member = members[anyOf(members, draw)];
    if (member !== undefined) members.push([member[0], { raw: draw.pick(["1", '"x"', "[]", "null"]) }]);
  }),
  onTree("another key", (tree, draw) => {
    const members = someMembers(tree, draw);
    const member = members[anyOf(members, draw)];
    if (member !== undefined) member[0] = JSON.stringify(draw.chance(0.5) ? oddText(draw) : `${member[0]}x`);
  }),
];

const ALL = [...BYTES, ...LINES, ...CELLS, ...TREES];

export function breaking(kind: Kind): readonly Change[] {
  return ALL.filter(({ fits }) => fits === undefined || fits.includes(kind));
}
