// What nobody meant to write in place of a value: numbers at and beyond every end, words of other languages, texts that
// a terminal would act on, names that JavaScript has a use for.
import type { Draw } from "../draw.js";

const ODD: readonly string[] = [
  ...["0", "-0", "-1", "1.5", "1e308", "-1e308", "1e309", "5e-324", "NaN", "Infinity", "-Infinity", ".inf"],
  ...[
    "9007199254740993",
    "0x10",
    "0123",
    "1_000",
    "1,5",
    "１２",
    "1e",
    "--1",
    "+1",
    " 7 ",
    "2k",
    "5 parsecs",
  ],
  ...["", " ", "null", "~", "true", "undefined", "[]", "{}", "[object Object]", "2023-02-30 00:00:00"],
  ...["__proto__", "constructor", "toString", "../none/none", "%s%n", "$(id)", "{{7*7}}", "<script>"],
  ...[
    "\u001b[31mred",
    "\u001b]0;title\u0007",
    "\u202eevil",
    "\u200bthin",
    "a\u0000b",
    "\r",
    "\u2028",
    "\ud800",
  ],
  ...["::error::pwned", "##[error]x", "|", "`", "é\u0301", "\u{1f469}\u200d\u{1f680}"],
];
const LONG = ["9", "x", "(", "[", '"', "-", " ", "a,"] as const;

export function oddText(draw: Draw): string {
  if (draw.chance(0.85)) return draw.pick(ODD);
  return draw.pick(LONG).repeat(draw.pick([400, 5000, 150_000]));
}

/** As JSON may hold it: bare, or between quotes. */
export function oddJson(draw: Draw): string {
  if (draw.chance(0.1)) return deep(draw);
  if (draw.chance(0.1)) return `[${new Array<string>(draw.pick([1000, 100_000])).fill("1").join(",")}]`;
  const text = oddText(draw);
  return draw.chance(0.5) ? text : JSON.stringify(text);
}

export function deep(draw: Draw): string {
  const depth = draw.pick([50, 1000, 20_000]);
  return draw.chance(0.5)
    ? "[".repeat(depth) + "]".repeat(depth)
    : `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
}
