// One record of a JSON trace: its values by key, and the strict readers of a value. It does not know which keys a
// format has.

import { shown } from "../../../text/shown.js";
import {
  readSeconds,
  type Timestamp,
  takeMillis,
  takeSeconds,
  timestampProblem,
} from "../../../text/timestamp.js";
import type { Complain } from "../format.js";
import { countProblem, MOST_TOKENS, outputProblem } from "./counts.js";

const QUOTE = 34;
const BACKSLASH = 92;

type JsonObject = Readonly<Record<string, unknown>>;

/** The object that a text is; undefined for other JSON and for what is none. */
export function parseObject(text: string): JsonObject | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  return (parsed(text) ?? (hasPythonNumber(text) ? parsed(withoutPythonNumbers(text)) : undefined)) as
    | JsonObject
    | undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function hasPythonNumber(text: string): boolean {
  return text.includes("NaN") || text.includes("Infinity");
}

/** Without the numbers that Python writes and JSON does not have: NaN is null, infinity a number beyond all. */
function withoutPythonNumbers(text: string): string {
  let made = "";
  let from = 0;
  for (let quote = text.indexOf('"'); quote >= 0; quote = text.indexOf('"', from)) {
    const end = stringEnd(text, quote);
    made += text.slice(from, quote).replaceAll("NaN", "null").replaceAll("Infinity", "1e999");
    made += text.slice(quote, end);
    from = end;
  }
  return made + text.slice(from).replaceAll("NaN", "null").replaceAll("Infinity", "1e999");
}

/** Where the string that opens at a quote ends: behind its closing quote, or with the text. */
function stringEnd(text: string, quote: number): number {
  for (let index = quote + 1; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit === BACKSLASH) index++;
    else if (unit === QUOTE) return index + 1;
  }
  return text.length;
}

/** Column, from 1, at which a key stands; 1 where it is missing or written with escapes. */
export function keyColumn(text: string, key: string): number {
  const quoted = JSON.stringify(key);
  for (let at = text.indexOf(quoted); at >= 0; at = text.indexOf(quoted, at + 1)) {
    let behind = at + quoted.length;
    while (text.charCodeAt(behind) <= 32) behind++;
    if (text[behind] === ":") return at + 1;
  }
  return 1;
}

/** Reads one object after the other. One of these serves a whole file. */
export class JsonLine {
  readonly #complain: Complain;
  #text = "";
  #object: JsonObject = {};
  #good = true;

  constructor(complain: Complain) {
    this.#complain = complain;
  }

  /** False once a value of the record at hand was refused. */
  get good(): boolean {
    return this.#good;
  }

  get keys(): readonly string[] {
    return Object.keys(this.#object);
  }

  /** Parses a record; complains and returns false when it is no JSON object. */
  open(text: string): boolean {
    const object = parseObject(text);
    this.#text = text;
    this.#good = object !== undefined;
    this.#object = object ?? {};
    if (object === undefined) this.#complain(1, "", `${shown(text)} is not a JSON object`);
    return this.#good;
  }

  has(key: string): boolean {
    return key in this.#object;
  }

  value(key: string): unknown {
    return this.#object[key];
  }

  /** True where the key is absent or null. */
  isUnsaid(key: string): boolean {
    return this.#object[key] === undefined || this.#object[key] === null;
  }

  /** A token count of at least `least`, or -1 after a complaint. */
  count(key: string, least: 0 | 1): number {
    return this.#count(key, least, countProblem);
  }

  /** A count of output tokens of at least `least`, or -1 after a complaint. */
  outputCount(key: string, least: 0 | 1): number {
    return this.#count(key, least, outputProblem);
  }

  /** Text; "" where it is absent or null. Complains of anything else. */
  name(key: string): string {
    const value = this.#object[key] ?? "";
    if (typeof value === "string") return value;
    this.reject(key, "must be text in quotes");
    return "";
  }

  /** A name that some writers give as text and some as a number; "" where it is absent or null. */
  id(key: string): string {
    const value = this.#object[key] ?? "";
    if (typeof value === "string") return value;
    if (typeof value === "number") return String(value);
    this.reject(key, "must be text or a number");
    return "";
  }

  /** A number from 0 up, or -1: silently where it is absent or null, else after a complaint. */
  amount(key: string): number {
    const value = this.#object[key];
    if (value === undefined || value === null) return -1;
    if (typeof value === "number" && value >= 0) return value;
    this.reject(
      key,
      typeof value === "number" ? `is ${value}, but must not be negative` : "must be a number",
    );
    return -1;
  }

  /** A timestamp written as a number of milliseconds. */
  millis(key: string, into: Timestamp): boolean {
    const value = this.#object[key];
    if (typeof value === "number" && takeMillis(value, into)) return true;
    if (value === undefined) this.reject(key, "is missing");
    else if (typeof value !== "number") this.reject(key, "must be a number of milliseconds, without quotes");
    else this.reject(key, `is ${value}, but must be milliseconds from 0 to 9e12`);
    return false;
  }

  /** A timestamp written as a number of seconds, or as text where `quoted` is true. */
  seconds(key: string, into: Timestamp, quoted: boolean): boolean {
    const value = this.#object[key];
    if (typeof value === "number" && takeSeconds(value, into)) return true;
    if (quoted && typeof value === "string" && readSeconds(value, into)) return true;
    if (value === undefined) this.reject(key, "is missing");
    else if (typeof value === "number") this.reject(key, timestampProblem(String(value), true));
    else if (quoted && typeof value === "string") this.reject(key, timestampProblem(value, true));
    else this.reject(key, "must be a number of seconds, without quotes");
    return false;
  }

  /** Block ids; undefined where the key is absent or null, and where an entry is no whole number. */
  blocks(key: string): readonly number[] | undefined {
    const value = this.#object[key];
    return isBlockList(value) ? value : undefined;
  }

  reject(key: string, message: string, hint?: string): void {
    this.#good = false;
    this.#complain(keyColumn(this.#text, key), key, message, hint);
  }

  #count(key: string, least: number, problemOf: (value: string) => string): number {
    const value = this.#object[key];
    const isCount = typeof value === "number" && Number.isInteger(value);
    if (isCount && value >= least && value <= MOST_TOKENS) return value;
    if (value === undefined) this.reject(key, "is missing");
    else if (typeof value !== "number") this.reject(key, "must be a number, without quotes");
    else this.reject(key, problemOf(String(value)));
    return -1;
  }
}

export function isBlockList(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((id) => Number.isSafeInteger(id));
}
