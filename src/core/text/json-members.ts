// The members of a JSON object by their places in its text, for what a parsed value has lost: digits beyond those of a
// double, and where a value stands. For text that is known to be JSON. It does not know what a member means.

const QUOTE = 34;
const COMMA = 44;
const BACKSLASH = 92;

export interface Member {
  readonly key: string;
  /** The value as it stands, without the blanks around it. */
  readonly value: string;
}

/** The members of an object, of the parts of which nothing is told, in their order. */
export function membersOf(object: string): Member[] {
  const members: Member[] = [];
  const inner = object.trim();
  for (const part of partsOf(inner)) {
    const colon = endOfString(part, 0);
    const key = JSON.parse(part.slice(0, colon)) as string;
    members.push({ key, value: part.slice(part.indexOf(":", colon) + 1).trim() });
  }
  return members;
}

/** The value of a key as it stands, "" where it is missing; of a key that comes twice the last, as parsers have it. */
export function valueIn(members: readonly Member[], key: string): string {
  for (let index = members.length - 1; index >= 0; index--) {
    if (members[index]!.key === key) return members[index]!.value;
  }
  return "";
}

/** The entries of a list as they stand. */
export function entriesOf(list: string): string[] {
  return partsOf(list.trim());
}

/** What stands between the outer brackets of a text, cut at the commas between them. */
function partsOf(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 1;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) at = endOfString(text, at) - 1;
    else if (unit === 123 || unit === 91) depth++;
    else if (unit === 125 || unit === 93) depth--;
    else if (unit === COMMA && depth === 1) {
      parts.push(text.slice(from, at).trim());
      from = at + 1;
    }
  }
  const last = text.slice(from, -1).trim();
  return last === "" ? parts : [...parts, last];
}

/** Behind the string that begins at `from`. */
function endOfString(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === BACKSLASH) at++;
    else if (unit === QUOTE) return at + 1;
  }
  return text.length;
}
