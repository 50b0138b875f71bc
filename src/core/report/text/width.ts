// How many columns of a terminal a text takes, and texts padded to a number of them. Names come from users: a Chinese
// character takes two columns, a combining accent none. Knows nothing of what the texts say.
import stringWidth from "string-width";

export function textWidth(text: string): number {
  return stringWidth(text);
}

/** Columns of the widest text. */
export function widest(texts: readonly string[]): number {
  return Math.max(...texts.map(textWidth));
}

/** Text to the left of its `width` columns. */
export function leftAligned(text: string, width: number): string {
  return text + padding(text, width);
}

/** Text to the right of its `width` columns. */
export function rightAligned(text: string, width: number): string {
  return padding(text, width) + text;
}

function padding(text: string, width: number): string {
  return " ".repeat(Math.max(0, width - textWidth(text)));
}
