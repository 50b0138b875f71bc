// Where a text stops being JSON, and what should stand there: engines say that in words of their own, some without a
// place. Takes linear time and no stack, however deep the text goes.

export interface JsonFault {
  readonly line: number;
  readonly column: number;
  /** As in "expected a value". */
  readonly what: string;
}

type Wanted = "value" | "item" | "member" | "key" | "colon" | "more" | "end";

const WANTED: Readonly<Record<Wanted, string>> = {
  value: "a value",
  item: 'a value or "]"',
  member: 'a key in quotes or "}"',
  key: "a key in quotes",
  colon: '":"',
  more: '"," or the end of what is open',
  end: "nothing more",
};
const WORD = /[^\s[\]{},:"]{1,40}/y;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** Of a text that `JSON.parse` refuses. */
export function jsonFault(text: string): JsonFault {
  const open: ("[" | "{")[] = [];
  let wanted: Wanted = "value";
  let at = 0;
  const done = (): Wanted => (open.length === 0 ? "end" : "more");
  for (;;) {
    at = afterBlanks(text, at);
    const sign = text[at];
    if (sign === undefined)
      return faultAt(text, text.trimEnd().length, `expected ${WANTED[wanted]}, and the text ends`);
    const isValue: boolean = wanted === "value" || wanted === "item";
    const last = open.at(-1);
    if (isValue && (sign === "[" || sign === "{")) {
      open.push(sign);
      wanted = sign === "[" ? "item" : "member";
    } else if (closes(sign, last) && wanted !== "colon" && wanted !== "value" && wanted !== "key") {
      open.pop();
      wanted = done();
    } else if (sign === '"' && (isValue || wanted === "key" || wanted === "member")) {
      const end = stringEnd(text, at);
      if (end < 0) return faultAt(text, ~end, "a text in quotes does not end, or holds what it may not");
      at = end - 1;
      wanted = isValue ? done() : "colon";
    } else if (sign === ":" && wanted === "colon") wanted = "value";
    else if (sign === "," && wanted === "more") wanted = last === "[" ? "value" : "key";
    else {
      const word = isValue ? wordAt(text, at) : "";
      if (!isScalar(word)) return faultAt(text, at, `expected ${WANTED[wanted]}`);
      at += word.length - 1;
      wanted = done();
    }
    at += 1;
  }
}

function closes(sign: string, open: string | undefined): boolean {
  return (sign === "]" && open === "[") || (sign === "}" && open === "{");
}

function afterBlanks(text: string, from: number): number {
  let at = from;
  while (" \t\n\r".includes(text[at] ?? "x")) at += 1;
  return at;
}

function wordAt(text: string, at: number): string {
  WORD.lastIndex = at;
  return WORD.exec(text)?.[0] ?? "";
}

function isScalar(word: string): boolean {
  return word === "true" || word === "false" || word === "null" || NUMBER.test(word);
}

const ESCAPED = '"\\/bfnrtu';

/** Behind the closing quote; where there is none, or what may not stand there, its place as `~place`. */
function stringEnd(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at += 1) {
    const sign = text[at]!;
    if (sign === '"') return at + 1;
    if (sign < " ") return ~at;
    if (sign !== "\\") continue;
    at += 1;
    const escaped = text[at] ?? "x";
    if (!ESCAPED.includes(escaped)) return ~(at - 1);
    if (escaped === "u" && !/^[\dA-Fa-f]{4}$/.test(text.slice(at + 1, at + 5))) return ~(at - 1);
  }
  return ~from;
}

function faultAt(text: string, at: number, what: string): JsonFault {
  const before = text.slice(0, at);
  const line = before.split("\n").length;
  return { line, column: at - before.lastIndexOf("\n"), what };
}
