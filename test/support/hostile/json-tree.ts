// JSON text as a tree whose scalars are kept as they are written, so that what is changed is changed and nothing else:
// numbers of any size, NaN and repeated keys go through.
import type { Draw } from "../draw.js";

export type Tree = Scalar | List | Members;
export interface Scalar {
  raw: string;
}
interface List {
  items: Tree[];
}
interface Members {
  members: [key: string, value: Tree][];
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/** Of text that is valid; keys with their quotes. */
export function parseTree(text: string): Tree {
  const tokens = text.match(TOKEN) ?? [];
  let at = 0;
  const value = (): Tree => {
    const token = tokens[at++] ?? "null";
    if (token !== "[" && token !== "{") return { raw: token };
    const items: Tree[] = [];
    const members: [string, Tree][] = [];
    while (tokens[at] !== "]" && tokens[at] !== "}") {
      if (tokens[at] === ",") at += 1;
      if (token === "[") items.push(value());
      else {
        const key = tokens[at]!;
        at += 2;
        members.push([key, value()]);
      }
    }
    at += 1;
    return token === "[" ? { items } : { members };
  };
  return value();
}

/** `blank` is asked wherever JSON lets blanks stand. */
export function printTree(tree: Tree, blank: () => string): string {
  if ("raw" in tree) return tree.raw;
  const parts =
    "items" in tree
      ? tree.items.map((item) => blank() + printTree(item, blank) + blank())
      : tree.members.map(([key, value]) => `${blank()}${key}${blank()}:${blank()}${printTree(value, blank)}`);
  const [open, close] = "items" in tree ? "[]" : "{}";
  return `${open}${parts.join(",")}${blank()}${close}`;
}

/** Every part of the tree, the tree itself first. */
export function partsOf(tree: Tree): Tree[] {
  if ("raw" in tree) return [tree];
  const below = "items" in tree ? tree.items : tree.members.map(([, value]) => value);
  return [tree, ...below.flatMap(partsOf)];
}

export const scalarsOf = (tree: Tree): Scalar[] => partsOf(tree).filter((part) => "raw" in part);
export const membersOf = (tree: Tree): Members[] =>
  partsOf(tree).filter((part): part is Members => "members" in part && part.members.length > 0);

export function shuffled<Value>(values: readonly Value[], draw: Draw): Value[] {
  const rest = [...values];
  return values.map(() => rest.splice(draw.whole(0, rest.length - 1), 1)[0]!);
}
