// One record of a JSON file whose values stand in objects within objects: found by their path, read strictly. It does
// not know which keys a format has.
import { shownJson } from "../../../text/shown.js";
import { type Complain, type ReadContext, UNSAID } from "../format.js";
import { MOST_TOKENS } from "./counts.js";
import { keyColumn } from "./json-line.js";

export type JsonObject = Readonly<Record<string, unknown>>;

/** A value by the keys that lead to it, with dots between them; undefined where one of them is missing. */
export function valueAt(object: JsonObject, path: string): unknown {
  let value: unknown = object;
  for (const key of path.split(".")) {
    if (!isObject(value)) return undefined;
    value = value[key];
  }
  return value;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reads one object after the other, of a text that they stand in. One of these serves a whole file. */
export class JsonRecord {
  readonly #complain: Complain;
  /** Paths that the format has asked for in the object at hand: of several spellings those up to the one it took. */
  readonly #asked = new Set<string>();
  /** Paths of every spelling that the format knows. */
  readonly #spelled = new Set<string>();
  #text = "";
  #object: JsonObject = {};
  #within = "";
  #good = true;

  constructor(complain: Complain) {
    this.#complain = complain;
  }

  /** False once a value of the object at hand was refused. */
  get good(): boolean {
    return this.#good;
  }

  /** Goes on to an object in a text; `within` is where it stands there, for messages. */
  open(object: JsonObject, text: string, within = ""): void {
    this.#text = text;
    this.#object = object;
    this.#within = within;
    this.#good = true;
    this.#asked.clear();
  }

  value(path: string): unknown {
    this.#asked.add(path);
    return valueAt(this.#object, path);
  }

  /** The first of these paths at which something stands other than null; undefined where none does. */
  said(...paths: readonly string[]): string | undefined {
    for (const path of paths) this.#spelled.add(path);
    return paths.find((path) => (this.value(path) ?? null) !== null);
  }

  /** A number from 0 up; UNSAID, with a complaint, where there is none. */
  amount(path: string): number {
    const value = this.value(path);
    if (typeof value === "number" && value >= 0 && Number.isFinite(value)) return value;
    return this.reject(path, `${told(value)}, but must be a number from 0 up`);
  }

  /** The number at the first of these paths that says one; UNSAID, silently, where none does. */
  amountOf(...paths: readonly string[]): number {
    const path = this.said(...paths);
    return path === undefined ? UNSAID : this.amount(path);
  }

  /** A token count; UNSAID, with a complaint, where there is none. Some tools write whole numbers with a point. */
  count(path: string): number {
    const value = this.value(path);
    if (isCount(value)) return value;
    return this.reject(path, `${told(value)}, but must be a whole number from 0 to ${MOST_TOKENS}`);
  }

  /** The count at the first of these paths that says one; UNSAID, silently, where none does. */
  countOf(...paths: readonly string[]): number {
    const path = this.said(...paths);
    return path === undefined ? UNSAID : this.count(path);
  }

  /** Text or a number; "" where it is absent or null. */
  name(path: string): string {
    const value = this.value(path) ?? "";
    if (typeof value === "string") return value;
    if (typeof value === "number") return String(value);
    this.reject(path, "must be text or a number");
    return "";
  }

  /**
   * Counts what the object says and nobody has asked for: a part as a whole where nothing of it was asked for. To be
   * called once it was read; `named` is what stands before its paths where they are told.
   */
  tellUnread(ignored: ReadContext["ignored"], named = ""): void {
    this.#tellPart(ignored, named, this.#object, "");
  }

  #tellPart(ignored: ReadContext["ignored"], named: string, part: JsonObject, within: string): void {
    for (const [key, value] of Object.entries(part)) {
      if (value === undefined || value === null || value === "") continue;
      const path = within + key;
      if (isObject(value) && this.#isReadBelow(path)) this.#tellPart(ignored, named, value, `${path}.`);
      else if (!this.#asked.has(path)) ignored(named + path);
    }
  }

  /** Whether the format knows of a value within this part. */
  #isReadBelow(path: string): boolean {
    const within = `${path}.`;
    for (const asked of this.#asked) if (asked.startsWith(within)) return true;
    for (const spelled of this.#spelled) if (spelled.startsWith(within)) return true;
    return false;
  }

  /** Tells a problem of one value; returns UNSAID. */
  reject(path: string, message: string, hint?: string): number {
    this.#good = false;
    const key = path.slice(path.lastIndexOf(".") + 1);
    this.#complain(keyColumn(this.#text, key), this.#within + path, message, hint);
    return UNSAID;
  }
}

export function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= MOST_TOKENS;
}

export function told(value: unknown): string {
  return value === undefined ? "is missing" : `is ${shownJson(value)}`;
}
