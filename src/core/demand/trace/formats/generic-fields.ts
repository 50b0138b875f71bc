// The names of the generic format, shared by its CSV and its JSONL. It does not know how either is written.
import { nearest } from "../../../base/nearest.js";

export const REQUIRED_FIELDS = ["timestamp", "input_tokens", "output_tokens"] as const;
export const NAME_FIELDS = ["account", "session", "model", "tier"] as const;
export const CACHED_FIELD = "cached_tokens";
const FIELDS: readonly string[] = [...REQUIRED_FIELDS, ...NAME_FIELDS, CACHED_FIELD];

/** Of a shorter name every letter could be a slip. */
const SHORTEST_SLIP = 5;

export function isField(name: string): boolean {
  return FIELDS.includes(name);
}

/**
 * Tells a generic trace by two of its three required names, in any case: one misspelt name must end in a
 * message about that name, not in "unknown format".
 */
export function looksGeneric(names: readonly string[]): boolean {
  const plain = names.map((name) => name.trim().toLowerCase());
  return REQUIRED_FIELDS.filter((field) => plain.includes(field)).length >= 2;
}

/**
 * What an unknown name was probably meant to be, where no other name of the file is that; undefined for what is simply
 * more than the format has.
 */
export function meantField(name: string, names: readonly string[]): string | undefined {
  const meant = name.length < SHORTEST_SLIP ? undefined : nearest(name.trim(), FIELDS);
  if (meant === undefined || names.includes(meant)) return undefined;
  return `did you mean "${meant}"? Else leave it out (ignore: [${name.trim()}])`;
}

export function cachedProblem(cachedTokens: number, inputTokens: number): string {
  return `is ${cachedTokens}, more than the ${inputTokens} input tokens that it is a part of`;
}
