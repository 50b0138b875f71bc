// Text as it may be printed: whatever a file or a name brought into it is shown, and never acted on by a terminal or by
// a server that reads the log for commands. Everything that is printed passes here. Colours of our own carry a mark
// that nothing from outside can know, and it is the mark that lets them through.
import { randomInt } from "node:crypto";
import { visibleLines } from "../core/internal.js";

const MARK = `${randomInt(100_000_000, 1_000_000_000)}`;
/** With the mark as one more number: a width of text does not count what has the form of a colour. */
const ESCAPE = "\u001b[";
const OURS = new RegExp(`\\u001b\\[(\\d+);${MARK}m`);

/** A colour's codes, marked as ours. */
export function ownColor(paint: (text: string) => string): (text: string) => string {
  const [before = "", after = ""] = paint("\n").split("\n").map(marked);
  return (text) => before + text + after;
}

function marked(code: string): string {
  return code.startsWith(ESCAPE) ? `${code.slice(0, -1)};${MARK}m` : code;
}

/** Every text between two colours of ours by itself. `hasCommands`: what reads the log takes lines for commands. */
export function safeText(text: string, hasCommands: boolean): string {
  return text
    .split(OURS)
    .map((part, index) => (index % 2 === 1 ? `${ESCAPE}${part}m` : shownOnly(part, hasCommands)))
    .join("");
}

/** `::name::` at the start of a line and `##[name]` anywhere are commands to GitHub's runner. */
function shownOnly(text: string, hasCommands: boolean): string {
  const lines = visibleLines(text);
  if (!hasCommands) return lines;
  return lines.replaceAll(/^([ \t]*):(?=:)/gm, "$1\\u003a").replaceAll("##[", "#\\u0023[");
}
