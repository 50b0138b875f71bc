// How cross-checks look at a raw document: what is not a map counts as an empty one, what cannot be read is
// skipped, because the schema reports it. Knows no key of a scenario.
import type * as z from "zod";
import { suggest } from "../base/nearest.js";
import type { Path } from "./tree.js";
import { quote } from "./words.js";

/**
 * Tells of one problem. The place is the value at the path, its key, or if it is missing the key above it.
 */
export type Report = (
  path: Path,
  message: string,
  options?: { hint?: string | undefined; at?: "key" },
) => void;

export type Raw = Readonly<Record<string, unknown>>;

export const isMap = (value: unknown): value is Raw =>
  typeof value === "object" && value !== null && !Array.isArray(value);
export const asMap = (value: unknown): Raw => (isMap(value) ? value : {});
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
export const maps = (value: unknown): [string, Raw][] =>
  Object.entries(asMap(value)).filter((entry): entry is [string, Raw] => isMap(entry[1]));

export function read<Value>(schema: z.ZodType<Value>, value: unknown): Value | undefined {
  const parsed = schema.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}

/** Reports a name that the map does not have. Without a usable map there is nothing to compare with. */
export function checkName(
  name: unknown,
  known: unknown,
  kind: string,
  path: Path,
  report: Report,
  at?: "key",
): boolean {
  if (typeof name !== "string" || !isMap(known) || Object.keys(known).length === 0) return false;
  if (Object.hasOwn(known, name)) return true;
  const hint = suggest(name, Object.keys(known));
  report(path, `there is no ${kind} ${quote(name)}`, { hint, ...(at && { at }) });
  return false;
}
