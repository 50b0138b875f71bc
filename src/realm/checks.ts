// What a user's module may hand back, checked where it is handed back: each says what was meant.
import { Has } from "../core/custom/code.js";

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

/** 1 or 0. Throws for anything but true and false. */
export function truth(value: unknown, of: string): number {
  if (value === true) return 1;
  if (value === false) return 0;
  throw new TypeError(`${of} returned ${shown(value)}; it returns true or false`);
}

/** Throws for anything but a number that is one. */
export function number(value: unknown, of: string): number {
  if (typeof value === "number" && !Number.isNaN(value)) return value;
  throw new TypeError(`${of} returned ${shown(value)}; it returns a number`);
}

/** Throws for anything but a finite number from 0 up. */
export function amount(value: unknown, of: string): number {
  if (typeof value === "number" && value >= 0 && value < Number.POSITIVE_INFINITY) return value;
  throw new TypeError(`${of} returned ${shown(value)}; it returns a number from 0, or nothing`);
}

interface Expected {
  /** As messages say it: "a policy". */
  readonly what: string;
  readonly methods: readonly (keyof typeof Has)[];
  /** Those that have to be there. */
  readonly needed?: readonly (keyof typeof Has)[];
}

/** Bits of the methods that a thing has which `create` returned. Throws where it is none of what was expected. */
export function methodsOf(made: unknown, { what, methods, needed = [] }: Expected): number {
  if (typeof made !== "object" || made === null)
    throw new TypeError(`create returned ${shown(made)}; it returns ${what}, an object with its methods`);
  const given = made as Readonly<Record<string, unknown>>;
  const known: readonly string[] = methods;
  for (const name in given) {
    if (typeof given[name] === "function" && !known.includes(name))
      throw new TypeError(`${what} has no method ${name}; it has ${methods.join(", ")}`);
  }
  let has = 0;
  for (const name of methods) {
    const method = given[name];
    if (method === undefined) {
      if (needed.includes(name)) throw new TypeError(`${what} has to have a method ${name}`);
    } else if (typeof method === "function") has |= Has[name];
    else throw new TypeError(`${name} is ${shown(method)}; it is a method`);
  }
  return has;
}
