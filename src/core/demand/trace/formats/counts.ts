// Reads token counts: digits and nothing else, so that "1e3", "12.5" or " 7" is a mistake and not a number.
// It does not know the formats.
import { shown } from "../../../text/shown.js";

/** Far above any context window; a count beyond it is a broken row. */
export const MOST_TOKENS = 100_000_000;

/**
 * Reads text[from, to) as a token count. Returns -1 for anything but digits, and for more than MOST_TOKENS.
 */
export function readCount(text: string, from: number, to: number): number {
  if (from >= to) return -1;
  let value = 0;
  for (let index = from; index < to; index++) {
    const digit = text.charCodeAt(index) - 48;
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
    if (value > MOST_TOKENS) return -1;
  }
  return value;
}

/** Says why a value is no count of input or cached tokens, given that it is none. */
export function countProblem(value: string): string {
  if (value === "") return "is empty, but must be a whole number of tokens";
  if (/^-\d+$/.test(value)) return `is ${shown(value)}, but must not be negative`;
  if (/^0+$/.test(value)) return "is 0, but a request has at least 1 token";
  if (/^\d+$/.test(value)) return `is ${shown(value)}, but at most ${MOST_TOKENS} tokens are possible`;
  return `is ${shown(value)}, but must be a whole number written in digits`;
}

/**
 * Says why a value is no count of output tokens. Zero is the mark of a failed request in published traces.
 */
export function outputProblem(value: string): string {
  if (!/^0+$/.test(value)) return countProblem(value);
  return "is 0: rows without output are failed requests; remove them from the file to go on";
}
