// What a user's module may hand back, checked where it is handed back: each says what was meant.

/** A value in a message. */
export function shown(value: unknown): string {
  if (typeof value === "string")
    return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}...` : value);
  if (typeof value === "function") return "a function";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) {
    return value instanceof Promise ? "a promise (nothing can be waited for)" : "an object";
  }
  return String(value);
}

/** Throws for anything but true and false. */
export function truth(value: unknown, of: string): number {
  if (value === true) return 1;
  if (value === false) return 0;
  throw new TypeError(`${of} returned ${shown(value)}; it returns true or false`);
}

/** Throws for what is neither a function nor left out. */
export function optionalMethod(made: object, name: string): boolean {
  const method = (made as Readonly<Record<string, unknown>>)[name];
  if (method === undefined) return false;
  if (typeof method === "function") return true;
  throw new TypeError(`${name} is ${shown(method)}; it is a method`);
}
