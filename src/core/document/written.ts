// A value of a document as a scenario would write it, on one line.

/** As a scenario has it. */
export function written(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map(written).join(", ")}]`;
  const parts = Object.entries(value).map(([key, part]) => `${key}: ${written(part)}`);
  return `{${parts.join(", ")}}`;
}
