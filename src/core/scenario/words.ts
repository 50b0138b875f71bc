// How messages speak: a value as the reader wrote it, a list of choices, the name that was probably meant.
// Knows nothing about scenarios.
import { distance } from "fastest-levenshtein";

const LONGEST_QUOTE = 40;

/** A value in a message: text and numbers as written, collections by kind. */
export function quote(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  if (typeof value !== "string") return String(value);
  const shown = value.length > LONGEST_QUOTE ? `${value.slice(0, LONGEST_QUOTE)}...` : value;
  return JSON.stringify(shown);
}

/** The error of a value that is none of what a key may hold. */
export const expected =
  (what: string) =>
  (issue: { readonly input?: unknown }): string =>
    `expected ${what}, got ${quote(issue.input)}`;

/** `a, b or c` */
export function choices(names: readonly string[]): string {
  if (names.length < 2) return names.join("");
  return `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}

/** Hints list the known names only if they are few. */
const MOST_LISTED = 20;

/** Letters that an unfinished name needs to be recognised. */
const SHORTEST_STUB = 3;

/** The name that was probably meant: near enough to be a slip of the finger, case aside, or its beginning. */
export function nearest(unknown: string, known: readonly string[]): string | undefined {
  const word = unknown.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const apart = distance(word, candidate.toLowerCase());
    // Of a short name, every letter could be a slip: then there is no likeness left.
    if (apart < bestDistance && apart < candidate.length) {
      best = candidate;
      bestDistance = apart;
    }
  }
  if (best !== undefined || word.length < SHORTEST_STUB) return best;
  return known.find((candidate) => candidate.toLowerCase().startsWith(word));
}

/**
 * The hint for an unknown name: what was probably meant, else what is known; undefined if that is too much.
 */
export function suggest(unknown: string, known: readonly string[]): string | undefined {
  const meant = nearest(unknown, known);
  if (meant !== undefined) return `did you mean "${meant}"?`;
  return known.length > 0 && known.length <= MOST_LISTED ? `known: ${known.join(", ")}` : undefined;
}
