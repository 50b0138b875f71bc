// JSON that may be damaged, or none at all.

/** Undefined for what is no JSON, which never stands for undefined itself. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
