// How a message shows a value that a file holds. It does not know what the value is.

import { visible } from "./visible.js";

/** A value of the file as a message shows it: quoted, what cannot be seen as its escape, and never long. */
export function shown(value: string): string {
  return visible(JSON.stringify(value.length > MOST ? `${value.slice(0, 117)}...` : value));
}

const MOST = 120;

/** The same of any part of a JSON document. */
export function shownJson(value: unknown): string {
  return shown(briefJson(value));
}

/** JSON of what a file holds, cut where it is deep or long: the language has a writer that overruns the stack there. */
export function briefJson(value: unknown): string {
  return JSON.stringify(cut(value, 0)) ?? "";
}

function cut(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (depth === MOST) return "";
  if (Array.isArray(value)) return value.slice(0, MOST).map((part) => cut(part, depth + 1));
  const entries = Object.entries(value).slice(0, MOST);
  return Object.fromEntries(entries.map(([key, part]) => [key, cut(part, depth + 1)]));
}
