// How messages speak: a value as the reader wrote it, a list of choices.
// Knows nothing about scenarios.
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
